package physmem.buddy;

import static physmem.buddy.Geometry.MAX_ORDER;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/*
 * THE BUDDY SYSTEM, AS LINUX HAS IT
 *
 * 1. Blocks and buddies
 *
 *    A block of order n is 2^n frames whose first number is a multiple of 2^n. Its buddy is the
 *    block whose first number differs in bit n alone. A request takes the smallest free block that
 *    is large enough and halves it until it fits; the upper halves become free blocks. A free block
 *    joins its buddy if that is free as a whole, and the result is tried again one order up. So two
 *    buddies are never both free, and what is free is known by few, large blocks. Orders go from 0
 *    to 10.
 *
 * 2. Zones
 *
 *    Each NUMA node has up to four zones: DMA below 16 MiB, DMA32 below 4 GiB and Normal above,
 *    because devices reach only so far, and Movable, which the command line may cut off the highest
 *    for what can move. The kernel that boots says what each spans. A zone is present where there
 *    is RAM, and manages what the kernel did not keep at boot. A request names the highest zone
 *    that it can use; its zonelist goes down from there through the nearest node, then the others. Buddies are sought only within a zone's own table, and holes are never
 *    free, so a block crosses neither.
 *
 * 3. Mobility
 *
 *    One frame that cannot move spoils a large block for good. So RAM is divided into pageblocks of
 *    512 frames, each with a migrate type, and each order has a list of free blocks per type. A
 *    request whose type has nothing left turns to the other types, in a fixed order. First it looks
 *    for a block to claim, from the largest down: the whole pageblock changes its type if at least
 *    half of it is free or goes well with the new type. Else it steals the smallest block that
 *    fits, and the pageblock keeps its type. On machines with fewer than five pageblocks (one for
 *    each type the kernel knows) grouping is off and every frame counts as unmovable.
 *
 * 4. Watermarks
 *
 *    Requests pass over their zones several times, going further down each time: to the low
 *    watermark without scattering types on the home node, to the low watermark, to the minimum
 *    (urgent requests to 3/8 of it). Each zone also keeps frames back from requests that could have
 *    used a higher zone. In Linux the low watermark wakes the reclaimer, and below the minimum a
 *    request works for its memory or fails. Here nobody reclaims: the owner of every frame is a
 *    simulated program. So by default a last pass knows no watermark, and the last frame can be
 *    had; how often that happened is counted (alloc_below_min). With watermarks=enforce the request
 *    fails, as it would in a kernel whose reclaim finds nothing. A request that will not retry
 *    stops at the minimum and never steals, with either setting.
 *
 * 5. Per-CPU lists
 *
 *    Orders 0 to 3 and 9 go through a stock that each CPU has of each zone: used from the hot end,
 *    refilled by the batch, and given back from the cold end, twice as much each time that frees
 *    come in a row. One word guards a stock; who cannot get it at once uses the zone instead of
 *    waiting. Linux 6.1 guards its stocks in the same way. It lets a request that finds nothing
 *    anywhere send all stocks home and try again. The zone's lock is taken once per batch.
 *
 * 6. What is written down, and where
 *
 *    The kernel spends 64 bytes per frame (1.6 % of RAM) on a structure that has the list links and
 *    the order in it. Here nothing is written into frames, and what lies outside is in three
 *    layers, each touched only when frames below it are used:
 *
 *      marks    per pageblock: type, whether it is free as a whole, whether it is busy (1 byte)
 *      record   per busy pageblock: a bit per possible free block of orders 0 to 8, list links and
 *      counts per order (256 bytes) bytes    per frame: the piece of a live range, or the cached
 *      block, that begins there
 *
 *    The bits of a pageblock are in heap order, so that buddy and parent of a block are one
 *    exclusive-or and one shift away, and merging up to a whole pageblock stays in two cache lines.
 *    List elements are pageblocks, not blocks: a list links the pageblocks that have a free block
 *    of its order and type. That makes links cost 72 bytes per pageblock instead of 8 bytes per
 *    frame.
 *
 * 7. Runs
 *
 *    A live range of any length is a chain of aligned pieces (see LiveFrames). A part is freed by
 *    cutting the pieces at its ends; what is left are ranges of their own. Hence a double free, a
 *    wrong order or a foreign frame is seen by one byte, and the walk shows each range once.
 *    Contiguous allocation goes from free block to free block in rising addresses, best zone first.
 *
 * 8. Moving
 *
 *    Compaction has two scanners per zone: one goes up and asks owners to move their movable
 *    blocks, the other comes down and finds room; they stop where they meet or when a large block
 *    is free. Offlining first takes what is free in the span out of the lists, then moves out what
 *    is live. No lock is held while an owner moves a block.
 *
 * 9. Taking over
 *
 *    A predecessor's ranges are read once into a draft, a bit per frame of the pageblocks that they
 *    touch. Then each of those leaves the free lists as a whole and comes back with the blocks that
 *    its bits make: two halves that are both free become one block, 32 pairs at a time. So the cost
 *    is that of the ranges and the pageblocks, not of splitting down to each range. Before the draft
 *    is complete nothing is written but bytes of frames, and those are cleared if it is refused.
 *
 * 10. What was not done, and why
 *
 *    - Block-exact list order. Within a list Linux gives the block that was freed last; we give the
 *      lowest block of the pageblock that was listed last. The counts per order are the same,
 *      single addresses need not be, and fragmentation may be a little less than the original's.
 *    - High-order atomic and CMA pageblocks, watermark boost: they need a reclaimer, or an owner
 *      that declares them at boot. A poisoned frame in use waits for its owner; nobody is killed.
 *    - High watermarks of per-CPU lists that adapt themselves (6.6 and later).
 *    - A lock per frame for simultaneous frees of one frame: a checked mode in front can have it.
 *
 * References: K. C. Knowlton, A fast storage allocator, CACM 8(10), 1965. D. E. Knuth, The Art of
 * Computer Programming I, 2.5. M. Gorman, Understanding the Linux Virtual Memory Manager, 2004, and
 * The what, the why and the where to of anti-fragmentation, OLS 2006. Linux mm/page_alloc.c.
 */

/**
 * A binary buddy allocator of page frames as Linux has it.
 *
 * <p>Safe for use by several threads: hot calls may come at once, also with the same CPU index.
 * Frees of the same frame by two threads at once are not told apart; any later double free is.
 */
public final class BuddyFrames implements FrameEngine {
  private final FrameContext context;
  private final BuddySettings settings;
  private final List<MemorySegment> metadata;
  private final int[] types; // migrate type by mobility
  private ZoneTable table;
  private Zonelists lists;
  private SlowPath slowPath;
  private Runs runs;
  private BulkFree bulk;
  private RangeAllocator ranges;
  private Takeover takeover;
  private boolean closed;

  /**
   * Opens an allocator.
   *
   * @param context RAM and room for metadata
   * @param settings its settings
   */
  BuddyFrames(FrameContext context, BuddySettings settings) {
    this.context = context;
    this.settings = settings;
    ZoneBuilder builder = new ZoneBuilder(context, settings);
    this.table = builder.build();
    this.metadata = builder.metadata();
    this.types = builder.grouping() ? new int[] {0, 1, 2} : new int[] {0, 0, 0};
    this.slowPath = new SlowPath(settings, table, types);
    this.lists = new Zonelists(table.zones(), context);
    this.runs = new Runs(table);
    this.bulk = new BulkFree(table);
    this.ranges = new RangeAllocator(table, runs);
    this.takeover = new Takeover(table, runs, context, types);
    new Tuning(context, settings).apply(table);
  }

  @Override
  public String model() {
    return BuddyProvider.MODEL;
  }

  @Override
  public int maxOrder() {
    return MAX_ORDER;
  }

  @Override
  public long allocate(int cpu, int order, int flags) {
    int mobility = mobility(order, flags);
    Zonelist list = lists.of(cpu, flags);
    int code = LiveFrames.code(LiveFrames.BLOCK, mobility, order);
    Zone first = list.first();
    if (first.admits(order, first.low(), list.highest())) {
      long frame = first.take(cpu, order, types[mobility], code, list.gentle());
      if (frame != NONE) {
        return frame;
      }
    }
    return slowPath.allocate(list, cpu, code, flags);
  }

  private static int mobility(int order, int flags) {
    int mobility = flags & FrameFlags.MOBILITY_MASK;
    if (order < 0 || order > MAX_ORDER || mobility >= Geometry.TYPES) {
      throw new IllegalArgumentException(
          "order %d, mobility %d: orders are 0 to %d, mobilities 0 to 2"
              .formatted(order, mobility, MAX_ORDER));
    }
    return mobility;
  }

  @Override
  public int allocateBulk(int cpu, int order, int flags, long[] into, int from, int count) {
    Objects.checkFromIndexSize(from, count, into.length);
    int mobility = mobility(order, flags);
    Zonelist list = lists.of(cpu, flags);
    Zone first = list.first();
    int got = 0;
    if (first.admits(order, first.low() + ((long) count << order), list.highest())) {
      int code = LiveFrames.code(LiveFrames.BLOCK, mobility, order);
      got = first.takeBulk(cpu, order, types[mobility], code, into, from, count);
    }
    return got + FrameEngine.super.allocateBulk(cpu, order, flags, into, from + got, count - got);
  }

  @Override
  public void freeBulk(int cpu, int order, long[] frames, int from, int count) {
    Objects.checkFromIndexSize(from, count, frames.length);
    lists.checkCpu(cpu);
    bulk.free(cpu, order, frames, from, count);
  }

  @Override
  public void free(int cpu, long frame, int order) {
    Zone zone = table.zoneOf(frame);
    if (!LiveFrames.isBlock(zone.live().at(frame), order)) {
      throw new MisuseException(
          "free of frame 0x%x, order %d: no such block is live; there is %s"
              .formatted(frame, order, zone.live().describe(frame)));
    }
    lists.checkCpu(cpu);
    zone.give(cpu, frame, order);
  }

  @Override
  public boolean allocateAt(int cpu, long frame, long count, int flags) {
    checkCount(frame, count);
    lists.checkCpu(cpu);
    return ranges.takeAt(frame, frame + count, mobility(0, flags));
  }

  private static void checkCount(long frame, long count) {
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new IllegalArgumentException("%d frames from 0x%x are none".formatted(count, frame));
    }
  }

  @Override
  public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
    checkCount(0, count);
    return ranges.takeBest(lists.of(cpu, flags), count, where, mobility(0, flags));
  }

  @Override
  public void freeRange(int cpu, long frame, long count) {
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new MisuseException("free of %d frames from 0x%x".formatted(count, frame));
    }
    runs.free(frame, frame + count);
  }

  /** {@return the zone of a frame} */
  Zone zoneAt(long frame) {
    return table.zoneOf(frame);
  }

  /** {@return whether the last free frame can be had, whatever the watermarks say} */
  boolean lenient() {
    return !settings.enforce();
  }

  @Override
  public long freeFrames() {
    return table.freeFrames();
  }

  @Override
  public long metadataBytes() {
    return Reports.metadataBytes(table);
  }

  @Override
  public long compact(int order, FrameMover mover) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("order %d is not 0 to %d".formatted(order, MAX_ORDER));
    }
    table.drainAll();
    long moved = 0;
    for (int i = table.zones().size() - 1; i >= 0 && !hasFree(order); i--) {
      moved += new Compaction(table.zones().get(i), mover).run(order);
    }
    return moved;
  }

  private boolean hasFree(int order) {
    return table.zones().stream().anyMatch(zone -> zone.free().hasAtLeast(order));
  }

  @Override
  public boolean online(FrameSpan span) {
    boolean done = new Hotplug(this, table).online(span);
    new Tuning(context, settings).apply(table);
    return done;
  }

  @Override
  public boolean offline(FrameSpan span, FrameMover mover) {
    boolean done = new Hotplug(this, table).offline(span, mover);
    new Tuning(context, settings).apply(table);
    return done;
  }

  @Override
  public boolean poison(long frame, FrameMover mover) {
    boolean done = new Hotplug(this, table).poison(frame, mover);
    new Tuning(context, settings).apply(table);
    return done;
  }

  @Override
  public List<ZoneReport> zones() {
    return table.zones().stream().map(Reports::zone).toList();
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> all = new ArrayList<>(Reports.statistics(table));
    all.addAll(slowPath.statistics());
    all.add(new Statistic("mobility_grouping", types[1], "switch"));
    return List.copyOf(all);
  }

  @Override
  public List<String> reports() {
    return ProcFiles.NAMES;
  }

  @Override
  public List<String> report(String name) {
    return new ProcFiles(table, context.cpus())
        .lines(name)
        .orElseGet(() -> FrameEngine.super.report(name));
  }

  @Override
  public void drain() {
    table.drainAll();
  }

  @Override
  public void walk(RangeVisitor visitor) {
    new LiveWalk(table, visitor).run();
  }

  @Override
  public void managed(RangeVisitor visitor) {
    for (Zone zone : table.zones()) {
      for (var span : zone.managed().ends().entrySet()) {
        if (!visitor.visit(span.getKey(), span.getValue() - span.getKey(), 0)) {
          return;
        }
      }
    }
  }

  @Override
  public long checkInvariants() {
    long facts = 0;
    for (Zone zone : table.zones()) {
      facts += new Audit(zone).run();
    }
    return facts;
  }

  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    new Succession(context, new Hotplug(this, table)).run(estate, takeover, dryRun);
    if (!dryRun) {
      new Tuning(context, settings).apply(table);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      takeover.release();
      table = new ZoneTable(List.of(), List.of(), new long[0], new Zone[0]);
      lists = new Zonelists(List.of(), context);
      slowPath = new SlowPath(settings, table, types);
      runs = new Runs(table);
      bulk = new BulkFree(table);
      ranges = new RangeAllocator(table, runs);
      takeover = new Takeover(table, runs, context, types);
      metadata.forEach(context::releaseMetadata);
    }
  }
}
