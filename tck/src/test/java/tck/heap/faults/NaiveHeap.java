package tck.heap.faults;

import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import heap.api.CacheSpec;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A heap of sorted maps under one lock: slow, and easy to see through. What breaks it is written as
 * a subclass, so each thing that can be got wrong is a method of its own.
 */
public class NaiveHeap implements HeapEngine {
  /** The alignment of blocks. */
  protected static final int ALIGNMENT = 16;

  private static final long CHUNK = 64 << 10;
  private static final long MOST = 1L << 40;
  private static final TransferForm FORM = new TransferForm("tck.heap.naive", 1);

  /** Spans, memory and CPUs. */
  protected final HeapContext context;

  /** What is imported: address to bytes. */
  protected final TreeMap<Long, Long> spans = new TreeMap<>();

  /** What is taken, by clients or by caches: address to bytes. */
  protected final TreeMap<Long, Long> blocks = new TreeMap<>();

  /** Which of the blocks caches keep constructed, so that they are not live. */
  protected final Set<Long> kept = new HashSet<>();

  /** The most that may be imported. */
  protected long limit = Long.MAX_VALUE;

  private final Room room = new Room();
  private long footprint;
  private long peak;

  /** Opens a heap that holds nothing. */
  public NaiveHeap(HeapContext context) {
    this.context = context;
  }

  @Override
  public String model() {
    return "sorted maps";
  }

  @Override
  public int alignment() {
    return ALIGNMENT;
  }

  // ------------------------------------------------------------------------------------ hot calls

  @Override
  public synchronized long allocate(int cpu, long bytes) {
    return take(usable(bytes), ALIGNMENT);
  }

  @Override
  public synchronized long allocateZeroed(int cpu, long bytes) {
    long at = allocate(cpu, bytes);
    if (at != NULL) {
      clear(at, usable(bytes));
    }
    return at;
  }

  @Override
  public synchronized long allocateAligned(int cpu, long align, long bytes) {
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is no power of two");
    }
    return take(usable(bytes), Math.max(ALIGNMENT, align));
  }

  @Override
  public synchronized long resize(int cpu, long address, long bytes) {
    if (stays(address, bytes)) {
      return address;
    }
    long there = take(usable(bytes), ALIGNMENT);
    if (there != NULL) {
      context.window().copy(address, there, copied(requireLive(address), usable(bytes)));
      give(address);
    }
    return there;
  }

  @Override
  public synchronized boolean resizeInPlace(int cpu, long address, long bytes) {
    return stays(address, bytes);
  }

  private boolean stays(long address, long bytes) {
    long old = requireLive(address);
    long now = usable(bytes);
    if (now > old) {
      if (now > MOST || !room.covers(address + old, now - old)) {
        return false;
      }
      room.take(address + old, now - old);
    } else {
      room.give(address + now, old - now);
    }
    blocks.put(address, now);
    return true;
  }

  @Override
  public synchronized void free(int cpu, long address) {
    requireLive(address);
    give(address);
  }

  @Override
  public synchronized long usableSize(long address) {
    return requireLive(address);
  }

  /** {@return the length of a block for a request} */
  protected long usable(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a block of " + bytes + " bytes");
    }
    return bytes > MOST ? bytes : Room.up(Math.max(1, bytes), ALIGNMENT);
  }

  /** {@return how much of a block that moves is copied} */
  protected long copied(long old, long now) {
    return Math.min(old, now);
  }

  /** Makes a block read as zero. */
  protected void clear(long at, long bytes) {
    context.window().fill(at, bytes, (byte) 0);
  }

  /** {@return the size of a live block} */
  protected long requireLive(long address) {
    Long bytes = blocks.get(address);
    if (bytes == null || kept.contains(address)) {
      throw new MisuseException("0x%x is no live block".formatted(address));
    }
    return bytes;
  }

  /** {@return a block, {@link #NULL} if memory is exhausted} */
  protected long take(long bytes, long align) {
    if (bytes > MOST || align > MOST) {
      return NULL;
    }
    long at = fits(bytes, align);
    if (at == NULL && grow(bytes + (align > ALIGNMENT ? align : 0))) {
      at = room.find(bytes, align);
    }
    if (at != NULL) {
      room.take(at, bytes);
      blocks.put(at, bytes);
    }
    return at;
  }

  /** {@return where a block would lie in what is imported, {@link #NULL} if nowhere} */
  protected long fits(long bytes, long align) {
    return room.find(bytes, align);
  }

  /** Takes a block out of those that are taken. */
  protected void give(long address) {
    Long bytes = Objects.requireNonNull(blocks.remove(address));
    room.give(address, bytes);
  }

  private boolean grow(long bytes) {
    long least = Room.up(bytes, context.spans().pageBytes());
    return imported(Math.max(CHUNK, least)) || (least < CHUNK && imported(least));
  }

  private boolean imported(long bytes) {
    if (!admits(bytes)) {
      return false;
    }
    long at = importSpan(bytes);
    if (at == NULL) {
      return false;
    }
    enter(at, bytes);
    return true;
  }

  /** {@return whether so many more bytes may be imported} */
  protected boolean admits(long bytes) {
    return footprint <= limit && bytes <= limit - footprint;
  }

  /** {@return a span from below, or {@link #NULL}} */
  protected long importSpan(long bytes) {
    return context.spans().allocate(bytes, context.spans().pageBytes());
  }

  /** Takes note of a span. */
  protected void enter(long at, long bytes) {
    spans.put(at, bytes);
    room.give(at, bytes);
    footprint += bytes;
    peak = Math.max(peak, footprint);
  }

  @Override
  public synchronized long trim(long keep) {
    long idle = room.bytes();
    long given = 0;
    for (Map.Entry<Long, Long> span : Map.copyOf(spans).entrySet()) {
      long at = span.getKey();
      long bytes = span.getValue();
      if (idle - bytes >= keep && room.covers(at, bytes)) {
        releaseSpan(at, bytes);
        room.take(at, bytes);
        spans.remove(at);
        footprint -= bytes;
        idle -= bytes;
        given += bytes;
      }
    }
    return given;
  }

  /** Gives a span back to below. */
  protected void releaseSpan(long at, long bytes) {
    context.spans().release(at, bytes);
  }

  @Override
  public synchronized long footprint() {
    return footprint;
  }

  @Override
  public synchronized long peakFootprint() {
    return peak;
  }

  @Override
  public synchronized long footprintLimit() {
    return limit;
  }

  @Override
  public synchronized void footprintLimit(long bytes) {
    limit = bytes;
  }

  @Override
  public synchronized Optional<ObjectCache> createCache(CacheSpec spec) {
    return Optional.of(new NaiveCache(this, spec));
  }

  // ----------------------------------------------------------------------------------- cold calls

  @Override
  public synchronized List<Statistic> statistics() {
    return List.of(
        new Statistic("blocks", blocks.size() - kept.size(), "blocks"),
        new Statistic("footprint", footprint, "bytes"));
  }

  @Override
  public List<String> reports() {
    return List.of("blocks");
  }

  @Override
  public synchronized List<String> report(String name) {
    if (!name.equals("blocks")) {
      throw new IllegalArgumentException("no report " + name + "; there is blocks");
    }
    return blocks.entrySet().stream().map(Object::toString).toList();
  }

  @Override
  public synchronized void walk(RangeVisitor visitor) {
    for (Map.Entry<Long, Long> block : blocks.entrySet()) {
      if (!kept.contains(block.getKey()) && !visitor.visit(block.getKey(), block.getValue(), 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized void managed(RangeVisitor visitor) {
    for (Map.Entry<Long, Long> span : spans.entrySet()) {
      if (!visitor.visit(span.getKey(), span.getValue(), 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized long checkInvariants() {
    long taken = blocks.values().stream().mapToLong(Long::longValue).sum();
    long held = spans.values().stream().mapToLong(Long::longValue).sum();
    if (taken + room.bytes() != held || held != footprint) {
      throw new CorruptionException(
          "spans: %d bytes taken and %d free of %d held, footprint %d"
              .formatted(taken, room.bytes(), held, footprint));
    }
    return 2;
  }

  @Override
  public List<TransferForm> exportForms() {
    return List.of(FORM);
  }

  @Override
  public List<TransferForm> importForms() {
    return List.of(FORM);
  }

  @Override
  public synchronized LayoutState exportState(TransferForm form) {
    if (!form.equals(FORM)) {
      throw new TransferRefusedException("no form " + form);
    }
    return new LayoutState(
        form,
        List.of(Table.write(context, spans), Table.write(context, blocks)),
        Map.of("peak", peak));
  }

  @Override
  public synchronized void adopt(LayoutState state) {
    if (!state.form().equals(FORM) || !spans.isEmpty()) {
      throw new TransferRefusedException("no empty heap, or a form that is not its own");
    }
    Table.read(state.segments().getFirst(), this::entered);
    Table.read(state.segments().getLast(), this::represent);
    peak = Math.max(peak, state.figures().getOrDefault("peak", 0L));
  }

  @Override
  public synchronized void rebuild(Estate estate, boolean dryRun) {
    if (!spans.isEmpty()) {
      throw new TransferRefusedException("this heap is not empty");
    }
    estate.managed(this::entered);
    boolean done = false;
    try {
      estate.live(this::represent);
      done = true;
    } catch (CorruptionException e) {
      throw new TransferRefusedException("not to be represented: " + e.getMessage());
    } finally {
      if (dryRun || !done) {
        forget();
      }
    }
  }

  private boolean entered(long at, long bytes, long attributes) {
    enter(at, bytes);
    return true;
  }

  /** Takes a live block of the predecessor over. */
  protected boolean represent(long at, long bytes, long attributes) {
    room.take(at, bytes);
    blocks.put(at, bytes);
    return true;
  }

  /** Undoes a rehearsal. */
  protected void forget() {
    spans.clear();
    blocks.clear();
    room.clear();
    footprint = 0;
    peak = 0;
  }

  @Override
  public void close() {}
}
