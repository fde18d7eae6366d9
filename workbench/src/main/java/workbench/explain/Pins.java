package workbench.explain;

import allocator.api.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import trace.TraceException;
import trace.TraceReader;
import workbench.explain.Stepper.Block;

/**
 * Which live blocks keep memory from going home, at one moment of a trace.
 *
 * <p>Memory is looked at in regions: the ranges that the heap imported, pages of 4 KiB, and blocks
 * of 2 MiB. A region goes home only when nothing in it is live, so a region with one small block is
 * held by that block alone: it is <em>pinned</em>.
 *
 * <p>Safe for use by several threads.
 */
public final class Pins {
  /**
   * Regions of one kind.
   *
   * @param name {@code span}, {@code page} or {@code 2M}
   * @param count regions that the heap holds
   * @param empty those without a live byte
   * @param pinned those with one live block
   * @param shared those with several
   * @param pinnedBytes bytes of the pinned ones that are not live
   * @param worst blocks that alone hold the most, the worst first
   */
  public record Regions(
      String name,
      long count,
      long empty,
      long pinned,
      long shared,
      long pinnedBytes,
      List<Pin> worst) {}

  /**
   * A block that alone holds a region.
   *
   * @param block the block
   * @param base the region's first address
   * @param bytes the region's length
   */
  public record Pin(Block block, long base, long bytes) {}

  /**
   * What was found.
   *
   * @param heap the provider
   * @param event the event after which it was looked, from 1
   * @param liveBytes bytes that live blocks asked for
   * @param liveBlocks their number
   * @param footprint bytes that the heap holds from below
   * @param lowest the lowest address of the heap, from which offsets count
   * @param regions the kinds of regions, the finest first
   */
  public record Result(
      String heap,
      long event,
      long liveBytes,
      long liveBlocks,
      long footprint,
      long lowest,
      List<Regions> regions) {}

  private static final long LARGE = 2L << 20;

  private final Kernel kernel;

  /**
   * Makes an analysis on a kernel.
   *
   * @param kernel boots the machines
   */
  public Pins(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Replays a trace and looks.
   *
   * @param trace the trace
   * @param stack what to boot for it
   * @param event after which event to look; empty for the end of the trace
   * @param worst how many of the worst blocks to name
   * @throws TraceException if the trace cannot be read
   */
  public Result find(Path trace, BootSpec stack, OptionalLong event, int worst)
      throws TraceException {
    try (TraceReader reader = TraceReader.open(trace);
        BootedSystem system = kernel.boot(stack)) {
      Stepper stepper = new Stepper(system, reader);
      long last = event.orElse(Long.MAX_VALUE);
      while (stepper.event() < last && stepper.next()) {
        stepper.execute();
      }
      return result(system, stepper, worst);
    }
  }

  private static Result result(BootedSystem system, Stepper stepper, int worst) {
    List<long[]> held = held(system);
    List<Block> live = stepper.live();
    List<Regions> regions = new ArrayList<>();
    for (long size : new long[] {system.machine().memory().pageBytes(), LARGE, 0}) {
      regions.add(new Count(held, live, size, worst).run());
    }
    return new Result(
        system.heap().provider(),
        stepper.event(),
        live.stream().mapToLong(Block::bytes).sum(),
        live.size(),
        system.heap().footprint(),
        system.heap().lowestAddress(),
        regions);
  }

  // Base and length, by rising address.
  private static List<long[]> held(BootedSystem system) {
    List<long[]> held = new ArrayList<>();
    system.managed(Tier.HEAP, (base, bytes, attributes) -> held.add(new long[] {base, bytes}));
    held.sort((one, other) -> Long.compareUnsigned(one[0], other[0]));
    return held;
  }

  /** One pass over regions and blocks, both by rising address. */
  private static final class Count {
    private final List<long[]> held;
    private final List<Block> live;
    private final long size; // of a region; 0 for whole spans
    private final int most;
    private final List<Pin> pins = new ArrayList<>();
    private int next; // the first block that may reach into the region
    private long count;
    private long empty;
    private long shared;

    Count(List<long[]> held, List<Block> live, long size, int most) {
      this.held = held;
      this.live = live;
      this.size = size;
      this.most = most;
    }

    Regions run() {
      for (long[] span : size == 0 ? held : joined()) {
        long end = span[0] + span[1];
        for (long at = span[0]; at != end; ) {
          long to = size == 0 ? end : Math.min(end - at, size - (at & (size - 1))) + at;
          region(at, to - at);
          at = to;
        }
      }
      return new Regions(name(), count, empty, pins.size(), shared, pinnedBytes(), worst());
    }

    private String name() {
      return size == 0 ? "span" : size == LARGE ? "2M" : "page";
    }

    // Spans that touch make one stretch, so that no region is cut in two by chance.
    private List<long[]> joined() {
      List<long[]> stretches = new ArrayList<>();
      for (long[] span : held) {
        long[] last = stretches.isEmpty() ? null : stretches.getLast();
        if (last != null && last[0] + last[1] == span[0]) {
          last[1] += span[1];
        } else {
          stretches.add(span.clone());
        }
      }
      return stretches;
    }

    private void region(long base, long bytes) {
      while (next < live.size() && end(live.get(next)) - base <= 0) {
        next++;
      }
      int inside = 0;
      while (next + inside < live.size()
          && live.get(next + inside).address() - (base + bytes) < 0
          && inside < 2) {
        inside++;
      }
      count++;
      switch (inside) {
        case 0 -> empty++;
        case 1 -> pins.add(new Pin(live.get(next), base, bytes));
        default -> shared++;
      }
    }

    // A block of 0 bytes is somewhere all the same.
    private static long end(Block block) {
      return block.address() + Math.max(1, block.bytes());
    }

    private static long idle(Pin pin) {
      long from = Math.max(pin.block().address() - pin.base(), 0);
      long to = Math.min(end(pin.block()) - pin.base(), pin.bytes());
      return pin.bytes() - (to - from);
    }

    private long pinnedBytes() {
      return pins.stream().mapToLong(Count::idle).sum();
    }

    private List<Pin> worst() {
      return pins.stream()
          .sorted(Comparator.comparingLong((Pin pin) -> -idle(pin)))
          .limit(most)
          .toList();
    }
  }
}
