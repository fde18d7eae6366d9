package kernel.boot;

import allocator.api.MisuseException;
import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.Machine;
import hardware.api.PageFlags;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import kernel.api.Task;
import kernel.backing.FrameMeter;
import kernel.slot.AddressSlot;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** A task: an address space, an arena for its user half, and single frames behind its pages. */
final class SimTask implements Task {
  private static final long LOWEST = 0x1_0000; // as Linux's mmap_min_addr: null pointers fault
  private static final long HIGHEST = 0x7FFF_FFFF_F000L; // the end of a 47-bit user half
  private static final int CPU = 0; // mappings are made on behalf of the task by the kernel

  private final String name;
  private final int pageBytes;
  private final AddressSpace space;
  private final AddressArena arena;
  private final FrameMeter frames;
  private final LongSupplier reclaim; // sends home what waits for a flush: how many frames
  private final Consumer<SimTask> ended;
  private final Map<Long, Long> mappings = new HashMap<>();
  private long mapped;
  private boolean closed;

  SimTask(
      String name,
      Machine machine,
      FrameMeter frames,
      AddressSlot addresses,
      LongSupplier reclaim,
      Consumer<SimTask> ended) {
    this.name = name;
    this.pageBytes = machine.memory().pageBytes();
    this.frames = frames;
    this.reclaim = reclaim;
    this.ended = ended;
    this.arena = addresses.createArena(ArenaSpec.of("task " + name, pageBytes));
    try {
      arena.addSpan(LOWEST, HIGHEST - LOWEST);
      this.space = machine.createAddressSpace(new Tables(frames));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private record Tables(FrameMeter frames) implements FrameSource {
    @Override
    public long take() {
      return frames.takeTable();
    }

    @Override
    public void give(long frame) {
      frames.giveTable(frame);
    }
  }

  /** Frames that were unmapped and wait for the flush. */
  private static final class FrameBatch {
    private long[] frames = new long[64];
    private int count;

    void add(long frame, long more) {
      if (count + more > frames.length) {
        frames = Arrays.copyOf(frames, Math.toIntExact(2 * (count + more)));
      }
      for (long i = 0; i < more; i++) {
        frames[count++] = frame + i;
      }
    }

    int count() {
      return count;
    }

    void forEach(LongConsumer action) {
      Arrays.stream(frames, 0, count).forEach(action);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public AddressSpace space() {
    return space;
  }

  @Override
  public synchronized long mappedPages() {
    return mapped;
  }

  @Override
  public synchronized long map(long bytes) {
    if (closed || bytes <= 0) {
      throw new IllegalArgumentException(
          "task %s: cannot map %d bytes%s".formatted(name, bytes, closed ? ", it has ended" : ""));
    }
    long size = (bytes + pageBytes - 1) & -pageBytes;
    long address = arena.allocate(CPU, size, FitPolicy.INSTANT);
    if (address == AddressArena.NONE) {
      return 0;
    }
    boolean complete = false;
    try {
      complete = mapAll(address, size) || (reclaim.getAsLong() > 0 && mapAll(address, size));
    } finally {
      if (!complete) {
        arena.free(CPU, address, size);
      }
    }
    if (complete) {
      mappings.put(address, size);
    }
    return complete ? address : 0;
  }

  private boolean mapAll(long address, long size) {
    boolean complete = false;
    try {
      complete = mapPages(address, size);
      return complete;
    } finally {
      if (!complete) {
        unmapPages(address, size); // those that were not mapped are passed over
      }
    }
  }

  private boolean mapPages(long address, long size) {
    for (long done = 0; done < size; done += pageBytes) {
      if (!mapPage(address + done)) {
        return false;
      }
    }
    return true;
  }

  private boolean mapPage(long address) {
    long frame = frames.takeBacking(0, FrameFlags.MOVABLE);
    if (frame == FrameEngine.NONE) {
      return false;
    }
    boolean done = false;
    try {
      done = space.map(address, frame, 1, PageFlags.USER_DATA);
      mapped += done ? 1 : 0;
      return done;
    } finally {
      if (!done) {
        frames.giveBacking(frame, 0);
      }
    }
  }

  // Entries first, then the flush, then the frames: nobody reaches a frame that has gone home.
  private void unmapPages(long address, long size) {
    FrameBatch batch = new FrameBatch();
    space.unmap(address, size / pageBytes, (va, frame, count, entry) -> batch.add(frame, count));
    if (batch.count() > 0) {
      space.invalidate(address, size / pageBytes);
      batch.forEach(frame -> frames.giveBacking(frame, 0));
      mapped -= batch.count();
    }
  }

  @Override
  public synchronized void unmap(long address, long bytes) {
    long size = (bytes + pageBytes - 1) & -pageBytes;
    if (!mappings.remove(address, size)) {
      throw new MisuseException(
          "task %s has no mapping 0x%x + 0x%x".formatted(name, address, size));
    }
    unmapPages(address, size);
    arena.free(CPU, address, size);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      Map.copyOf(mappings).forEach(this::unmap);
      closed = true;
      space.close();
      arena.close();
      ended.accept(this);
    }
  }
}
