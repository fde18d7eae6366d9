package physmem.arena;

import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.arena.Arena;
import allocator.arena.ArenaReport;
import allocator.arena.Constraints;
import allocator.arena.Fit;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;
import physmem.api.InheritedRam;
import physmem.api.ZoneReport;

/**
 * Page frames as an arena of integers: the engine of {@code allocator.arena} behind the frame
 * tier's interface. Safe for use by several threads, also with the same CPU index.
 */
public final class ArenaFrames implements FrameEngine {
  /*
   * PAGE FRAMES AS AN ARENA OF INTEGERS
   *
   * 1. The question
   *
   *    Is a page-frame allocator anything but an allocator of integers? Here the answer is run: the
   *    engine that serves addresses serves frame numbers, unchanged, and this class only says what a
   *    call of this tier means in its words. A frame number is an integer, a span of RAM is a span,
   *    the quantum is 1.
   *
   * 2. What maps by itself
   *
   *    allocate of order 0     allocate of size 1
   *    allocate of order n     allocate within constraints, align 2^n: a block need not come from a
   *                            block, so there is no splitting into halves and no buddy to wait for
   *    allocateContiguous      within constraints: limits, align and boundary are the arena's own
   *    allocateAt              within constraints: limits as close as the run
   *    free, double free       the table of live segments; a foreign frame is in no table
   *
   * 3. What had to be added
   *
   *    Zones        one arena per node and zone, so that a request for low memory does not search
   *                 high memory, and a list of zones for each CPU and each reach.
   *    Flags        order, mobility and node are the tier's; they go into the note of 23 bits that
   *                 the engine keeps with a live range (Notes).
   *    Parts        freeRange frees any part of a run: LiveRanges.freePart, which cuts a segment.
   *    Crossings    a run named by its frames may lie in two zones. It is a live range in each then,
   *                 and marks in their notes make the walk show one.
   *    CPU caches   the engine's quantum caches, for 1 to 2^n frames at once. A magazine has blocks
   *                 only that were freed as blocks, so what comes out is aligned as it went in.
   *    Reports      counts by order do not exist here; they are computed from a walk when asked.
   *
   * 4. What it costs
   *
   *    A tag of 40 bytes for each live block and each hole, and its place in the table: for single
   *    frames 1 % of the memory handed out, where a buddy allocator has a few bits per frame whether
   *    it is used or not. With everything free there is one tag per span: nothing. An aligned request
   *    looks at each segment of its list until one has an aligned place: linear where memory is in
   *    pieces, which a buddy allocator's never is. docs/one-engine.md has figures.
   *
   * 5. What was not done, and why
   *
   *    Zones are this class's own rule, by address; those that the context names are for engines that
   *    follow a certain kernel. No watermarks, mobility grouping, compaction: they are policies that a page-frame allocator
   *    keeps beside the ranges; mobility is remembered for the successor, not acted upon. Memory is
   *    neither added nor taken away at run time. A run without named frames lies in one zone. A free
   *    of a run in two zones that races with a wrong free of a part of it may free one half: the
   *    check of both comes first, but not under both locks.
   *
   * References: see allocator.arena.Arena. Zones and their limits: Linux 6.1, include/linux/mmzone.h.
   */

  /** What the engine is modelled on. */
  static final String MODEL = "Bonwick vmem (illumos, libumem) over page frames";

  /** The largest order, as Linux has it. */
  static final int MAX_ORDER = 10;

  private static final Constraints[] ALIGNED =
      IntStream.rangeClosed(0, MAX_ORDER)
          .mapToObj(order -> Constraints.aligned(1L << order))
          .toArray(Constraints[]::new);

  private final FrameContext context;
  private final FrameSettings settings;
  private List<FrameSpan> managed;
  private final LongAdder failures = new LongAdder();
  private ZoneArenas zones;

  /**
   * Opens an allocator.
   *
   * @param context RAM and the number of CPUs
   * @param settings its settings
   */
  ArenaFrames(FrameContext context, FrameSettings settings) {
    this.context = context;
    this.settings = settings;
    this.managed = List.copyOf(context.free());
    this.zones = new ZoneArenas(context, settings);
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int maxOrder() {
    return MAX_ORDER;
  }

  // Blocks.

  @Override
  public long allocate(int cpu, int order, int flags) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("order %d is not 0 to %d".formatted(order, MAX_ORDER));
    }
    for (ZoneArena zone : zones.of(cpu, flags)) {
      long frame = allocate(zone.arena(), cpu, order, Notes.block(flags));
      if (frame != Arena.NONE) {
        return frame;
      }
    }
    failures.increment();
    return NONE;
  }

  private long allocate(Arena arena, int cpu, int order, int note) {
    if (order == 0) {
      return arena.allocate(cpu, 1, settings.policy(), note);
    }
    long size = 1L << order;
    long cached = arena.allocateCached(cpu, size, note);
    return cached != Arena.NONE
        ? cached
        : arena.allocateConstrained(size, ALIGNED[order], settings.blockPolicy(), note);
  }

  @Override
  public void free(int cpu, long frame, int order) {
    zones.checkCpu(cpu);
    int span = zones.spanOf(frame);
    long size = 1L << order;
    boolean block = order >= 0 && order <= MAX_ORDER && (frame & (size - 1)) == 0;
    if (span < 0 || !block || isPartOfARun(span, frame, size)) {
      throw new MisuseException(
          "no block of order %d at frame 0x%x is live here".formatted(order, frame));
    }
    zones.zoneOf(span).arena().free(cpu, frame, size);
  }

  /** {@return whether a range is what one zone has of a run that lies in several} */
  private boolean isPartOfARun(int span, long frame, long size) {
    if (!zones.isAtEdge(span, frame, size)) {
      return false;
    }
    int note = zones.zoneOf(span).arena().live().noteAt(frame);
    return note >= 0 && (note & Notes.CROSSING) != 0;
  }

  // Runs.

  @Override
  public boolean allocateAt(int cpu, long frame, long count, int flags) {
    checkCount(frame, count);
    zones.of(cpu, flags);
    long end = frame + count;
    for (long at = frame; at < end; ) {
      int span = zones.spanOf(at);
      long to = span < 0 ? at : Math.min(end, zones.endOf(span));
      int note = Notes.run(flags, at != frame, to != end);
      if (span < 0 || !allocateAt(zones.zoneOf(span).arena(), at, to - at, note)) {
        giveBack(frame, at);
        failures.increment();
        return false;
      }
      at = to;
    }
    return true;
  }

  private static boolean allocateAt(Arena arena, long frame, long count, int note) {
    Constraints exactly = Constraints.exactly(frame, count, 1);
    return arena.allocateConstrained(count, exactly, Fit.FIRST, note) != Arena.NONE;
  }

  /** Frees what an attempt has allocated span by span before it failed. */
  private void giveBack(long frame, long end) {
    for (long at = frame; at < end; ) {
      int span = zones.spanOf(at);
      long to = Math.min(end, zones.endOf(span));
      zones.zoneOf(span).arena().freeConstrained(at, to - at);
      at = to;
    }
  }

  private static void checkCount(long frame, long count) {
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new IllegalArgumentException("%d frames from 0x%x are none".formatted(count, frame));
    }
  }

  @Override
  public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
    checkCount(0, count);
    ZoneArena[] list = zones.of(cpu, flags);
    if (where.boundary() != 0 && count > where.boundary()) {
      return NONE;
    }
    // A run at a multiple of align crosses no boundary that is as wide as it or less.
    long boundary = where.align() >= where.boundary() ? 0 : where.boundary();
    Constraints limits = new Constraints(where.align(), 0, boundary, where.low(), where.high());
    int note = Notes.run(flags, false, false);
    for (ZoneArena zone : list) {
      long frame = zone.arena().allocateConstrained(count, limits, Fit.FIRST, note);
      if (frame != Arena.NONE) {
        return frame;
      }
    }
    failures.increment();
    return NONE;
  }

  @Override
  public void freeRange(int cpu, long frame, long count) {
    zones.checkCpu(cpu);
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new MisuseException("free of %d frames from 0x%x".formatted(count, frame));
    }
    long end = frame + count;
    int first = zones.spanOf(frame);
    if (first >= 0 && end <= zones.endOf(first)) {
      zones.zoneOf(first).arena().live().freePart(frame, count);
      return;
    }
    for (long at = frame; at < end; at = freeable(at, end)) {} // all of it, before any is freed
    for (long at = frame; at < end; ) {
      int span = zones.spanOf(at);
      long to = Math.min(end, zones.endOf(span));
      zones.zoneOf(span).arena().live().freePart(at, to - at);
      at = to;
    }
  }

  /** {@return how far frames are live in one span} */
  private long freeable(long at, long end) {
    int span = zones.spanOf(at);
    long to = span < 0 ? at : Math.min(end, zones.endOf(span));
    if (span < 0 || !zones.zoneOf(span).arena().live().cover(at, to - at)) {
      throw new MisuseException(
          "frames from 0x%x on are not all live: a double free or foreign frames".formatted(at));
    }
    return to;
  }

  // The cold part.

  @Override
  public long freeFrames() {
    return zones.all().stream().mapToLong(ZoneArena::free).sum();
  }

  @Override
  public long metadataBytes() {
    return zones.all().stream().mapToLong(zone -> zone.arena().metadataBytes()).sum();
  }

  private Report report() {
    return new Report(zones, settings, context.cpus());
  }

  @Override
  public List<ZoneReport> zones() {
    return report().zones();
  }

  @Override
  public List<Statistic> statistics() {
    return report().statistics(freeFrames(), failures.sum());
  }

  @Override
  public List<String> reports() {
    return List.of("buddyinfo", "vmem");
  }

  @Override
  public List<String> report(String name) {
    return switch (name) {
      case "buddyinfo" -> report().buddyinfo();
      case "vmem" -> ArenaReport.vmem(zones.all().stream().map(ZoneArena::arena).toList());
      default -> FrameEngine.super.report(name);
    };
  }

  @Override
  public void walk(RangeVisitor visitor) {
    new LiveWalk(zones.all(), visitor).run();
  }

  @Override
  public void managed(RangeVisitor visitor) {
    for (FrameSpan span : managed) {
      if (!visitor.visit(span.start(), span.frames(), 0)) {
        return;
      }
    }
  }

  @Override
  public void drain() {
    zones.all().forEach(zone -> zone.arena().drain());
  }

  @Override
  public long checkInvariants() {
    long facts = 0;
    for (ZoneArena zone : zones.all()) {
      facts += zone.arena().checkInvariants() + check(zone);
    }
    return facts;
  }

  /** Checks what the engine does not know: that no frame is lost, and the notes. */
  static long check(ZoneArena zone) {
    long[] facts = {1};
    long all = zone.free() + zone.arena().allocatedBytes();
    if (all != ZoneArena.frames(zone.managed())) {
      throw new CorruptionException(
          "node %d, zone %s: %d frames are live or free, %d are managed"
              .formatted(zone.node(), zone.name(), all, ZoneArena.frames(zone.managed())));
    }
    zone.arena()
        .walkAllocated((base, size, note) -> {
          facts[0]++;
          if ((note & ~Notes.ALL) != 0 || (note & Notes.RUN) == 0 && (note & Notes.CROSSING) != 0) {
            throw new CorruptionException(
                "frame 0x%x: note 0x%x of a live range is none".formatted(base, note));
          }
          return true;
        });
    return facts[0];
  }

  /**
   * Takes over a predecessor's live ranges.
   *
   * @param estate what it leaves behind
   * @param dryRun true to find out only whether it could be done
   * @throws allocator.api.TransferRefusedException if a range is not of this machine's free frames;
   *     nothing has changed then
   */
  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    InheritedRam ram = InheritedRam.of(context, estate);
    Inheritance left = new Inheritance(ram, settings);
    left.read(estate);
    if (!dryRun) {
      zones = left.settle();
      managed = ram.free();
    }
  }

  /** Live blocks stay what they are; the arenas go with this object. */
  @Override
  public void close() {
    zones = new ZoneArenas(List.of(), context);
  }
}
