package workbench.ranges;

import allocator.api.Statistic;
import hardware.api.Machine;
import hardware.api.MmuCounters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import kernel.api.BootedSystem;
import org.jspecify.annotations.Nullable;
import physmem.api.FrameEngine;
import physmem.api.FramePort;
import trace.TraceException;
import trace.ranges.RangeEvent;
import trace.ranges.RangeSource;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;

/** One pass over a range trace: the address spaces, and accounts around them. */
final class RangeRun implements AutoCloseable {
  private static final int EVENTS_PER_LOOK = 1 << 10;

  private final BootedSystem system;
  private final Machine machine;
  private final FramePort frames;
  private final RangeTally tally;
  private final RangeShadow shadow;
  private final Map<Integer, RangeSpace> spaces = new HashMap<>();
  private final Map<Integer, SpaceLevel> levels = new HashMap<>();
  private final MmuCounters before;
  private final long zeroFrame;
  private SpaceLevel now = SpaceLevel.NOTHING;
  private SpaceLevel peak = SpaceLevel.NOTHING;
  private long extent;
  private long operations;
  private long made;

  RangeRun(BootedSystem system, boolean checking) {
    this.system = system;
    this.machine = system.machine();
    this.shadow = new RangeShadow(checking);
    this.tally = new RangeTally(machine, shadow);
    this.before = machine.mmu().counters();
    this.frames = system.frames().open(0);
    this.zeroFrame = frames.allocate(0, 0);
    if (zeroFrame == FrameEngine.NONE) {
      throw new IllegalStateException("no frame is free for the page of zeros: boot a larger map");
    }
  }

  /**
   * Replays a source.
   *
   * @param most operations after which the replay ends
   */
  void play(RangeSource source, long most) throws TraceException {
    @Nullable RangeEvent event = source.read();
    while (event != null && operations < most) {
      if (event.isOperation()) {
        operations++;
        apply(event);
        if (operations % EVENTS_PER_LOOK == 0 && Thread.currentThread().isInterrupted()) {
          throw new CancellationException("the replay was interrupted");
        }
      }
      event = source.read();
    }
  }

  private void apply(RangeEvent event) {
    int number = event.space();
    switch (event.operation()) {
      case MAP -> space(number).map(event);
      case MAP_AT -> space(number).mapAt(event);
      case OVERLAY -> space(number).overlay(event);
      case UNMAP -> space(number).unmap(event);
      case PROTECT -> space(number).protect(event);
      case RESIZE -> space(number).resize(event);
      case BREAK -> space(number).moveBreak(event.bytes());
      case COPY -> {
        int child = (int) event.other();
        end(child);
        space(number).copyTo(space(child));
        account(child);
      }
      case CLEAR -> end(number);
      case SPACE, THREAD -> {}
    }
    account(number);
  }

  private RangeSpace space(int number) {
    return spaces.computeIfAbsent(number, absent -> makeSpace());
  }

  private RangeSpace makeSpace() {
    String name = "replay %s %d".formatted(Integer.toHexString(hashCode()), made++);
    PageTables tables =
        new PageTables(machine, frames, system.frames()::freeFrames, zeroFrame, tally.tableWatch());
    try {
      AddressArena arena = system.addresses().createArena(ArenaSpec.of(name, RangeEvent.PAGE));
      return new RangeSpace(arena, tables, tally);
    } catch (RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private void end(int number) {
    @Nullable RangeSpace space = spaces.remove(number);
    if (space != null) {
      shadow.look(space);
      extent = Math.max(extent, space.extent());
      space.close();
      account(number);
    }
  }

  private void account(int number) {
    @Nullable RangeSpace space = spaces.get(number);
    SpaceLevel level = space == null ? SpaceLevel.NOTHING : space.level();
    now = now.minus(levels.getOrDefault(number, SpaceLevel.NOTHING)).plus(level);
    levels.put(number, level);
    peak = peak.max(now);
  }

  /** Compares what all spaces hold with what must hold. */
  void look() {
    spaces().forEach(shadow::look);
  }

  long operations() {
    return operations;
  }

  /** Returns the sums of the figures of all arenas, once the run is closed. */
  List<Statistic> ofArenas() {
    return tally.ofArenas();
  }

  RangeShadow shadow() {
    return shadow;
  }

  /** Returns the address spaces that hold anything. */
  List<RangeSpace> spaces() {
    return List.copyOf(spaces.values());
  }

  RangeFigures figures() {
    MmuCounters after = machine.mmu().counters();
    long widest = spaces.values().stream().mapToLong(RangeSpace::extent).max().orElse(0);
    return new RangeFigures(
        operations,
        tally.failures(),
        peak,
        now,
        Math.max(extent, widest),
        tally.bornBytes(),
        tally.reusedBytes(),
        tally.fixed(),
        tally.displaced(),
        tally.moves(),
        after.flushes() - before.flushes(),
        after.flushedPages() - before.flushedPages(),
        shadow.findings().count(),
        tally.arenaWatch().calls(),
        tally.arenaWatch().nanos(),
        tally.tableWatch().nanos());
  }

  /** Ends all spaces and gives the frame of zeros back. */
  @Override
  public void close() {
    spaces.values().forEach(RangeSpace::close);
    spaces.clear();
    frames.free(zeroFrame, 0);
    frames.close();
  }
}
