package physmem.llfree;

import static physmem.llfree.Layout.MAX_ORDER;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_ORDER;

import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.InheritedRam;
import physmem.api.ZoneReport;

/*
 * LLFREE: PAGE FRAMES WITHOUT LOCKS
 *
 * 1. Levels
 *
 *    The lower level finds frames. A child is 512 frames, as many as a huge page has; it has two
 *    bits per frame and an entry with the count of frames that are not free. The upper level
 *    decides who looks where. A tree is a number of children (32, so 64 MiB) with a count of its
 *    own. A CPU reserves a tree: it takes the whole count for itself and then allocates from the
 *    tree without meeting others, since each tree has its own cache lines. Orders go from 0 to 10;
 *    orders 9 and 10 are one and two whole children, which is written in the entries alone.
 *
 * 2. Counts first
 *
 *    To allocate, a thread takes frames off a count of the upper level, off the child's count, and
 *    then sets bits; to free it goes the other way. So a count never promises more than its bits
 *    have, and a child with no used frames has only zero bits, so that one compare-and-set of the
 *    entry takes all of it. A count that was taken in vain (the child's free frames are
 *    scattered) is put back. At rest, for each tree:
 *
 *      used of the children = used of the tree - free of the reservations in it
 *
 *    This sum does not depend on flags, so whoever finds frames on any count may take them: the
 *    reserved flag and the hints only keep CPUs apart.
 *
 * 3. Two bits
 *
 *    The paper needs one bit per frame, since who frees tells the order. A workbench that lets one
 *    allocator take over from another must know what is live by itself. So there is a second bit:
 *    here begins a live range. A range goes on to the next head or the next frame that is not
 *    allocated; no lengths are written. A free checks that its frames are exactly one range. The
 *    fourth combination, a head that is not allocated, is a frame that is not ours (a hole in RAM,
 *    or the kernel's) or the first of a pending range, see section 4. All 64 bits of 32 frames are
 *    one word, so allocated and head change together. Orders 0 to 5 are one word; orders 6 to 8 are
 *    several.
 *
 *    A child that is allocated as a whole has zero words and the flag HUGE; the flag CONT says that
 *    its first frame is no head. Runs of any length are partial children at the ends and HUGE
 *    children between. A part of a run is freed by setting a head behind the part, then freeing.
 *    If that cuts a HUGE child, its words are written first under the flag BUSY, and whoever else
 *    wants to cut the same child waits: the only wait there is.
 *
 * 4. Pending ranges
 *
 *    What takes more than one compare-and-set is pending while it is made or freed: its first frame
 *    has the head bit but not the allocated bit (or its first child HUGE and ABSENT). To allocate,
 *    the first word is taken as pending, the others in rising order, and last the first one is
 *    made live. To free, the first frame is made pending, which decides between two who free the
 *    same range; then the words are cleared from the last to the first. Nobody else can take or
 *    free these frames meanwhile, and to whoever finds them after a crash they say: free us, and
 *    the inner frames behind. So each range is made or freed at one instant, without a log. A bulk
 *    free of an array in no order makes all its blocks pending first; a block named twice shows by
 *    that, and then all are made live again.
 *
 * 5. Which tree
 *
 *    As in the artifact of the paper (llfree-rs, tag atc23-artifact-eval, Array4C32). A CPU has one
 *    reservation per zone; where there are fewer trees than CPUs, several share one. A request goes
 *    to its CPU's tree. If the count there is too small it adds what others have freed into this
 *    tree, if that makes more than 1024 together. Else it reserves another tree: one with 1024 free
 *    or more among the nearest (a quarter of the trees that one CPU would have), to both sides in
 *    turn; else one with 1024 or more that is not all but 1024 free, anywhere; else a free one; else
 *    any that has enough. If the count was there but no block, free trees come first. A tree is
 *    kept only if it has the block. If none has, all reservations of the zone are ended and every
 *    tree is tried; then the next zone is.
 *
 *    A free goes to the count of the CPU's own tree, else to the tree's. A CPU whose last four frees
 *    were into one tree that has more than 1024 free reserves that one.
 *
 *    Different: counts of trees have 32 bits, since that is what Java compares and sets, so a cache
 *    line has 16 trees and not 32. A new reservation is exchanged for the old one, where the
 *    original locks it. The lower level of the tag says that it took a block of order 7 or 8 although
 *    another thread was faster; this one goes on to the next. With trees of less than 4096 frames
 *    the thresholds are a quarter of a tree. Runs, named ranges and bulk calls are ours.
 *
 * 6. Zones
 *
 *    Frames have slots, which are numbered without the large holes, zone after zone, in whole
 *    trees: see RamMap. Everything but the ends of a call works in slots. No tree has frames of two
 *    zones or nodes. A run may go across zones; then a range goes on in another tree far away,
 *    which is why what follows a range is looked up by frame wherever a word ends.
 *
 * 7. Memory order of each atomic: see Cells.
 *
 * 8. What is not zero, and recovery
 *
 *    Counts are of used frames, so that zeroed memory is an allocator with everything free. Opening
 *    writes only the edges of zones and holes. The bit fields and the HUGE and CONT flags are the
 *    truth; all counts can be recomputed from them, which is what checkInvariants does.
 *
 *    So does recovery (init=recover), from a store: a mapped file that has the lower level, while
 *    the upper level is in memory and made anew. It makes BUSY children HUGE again, frees what is
 *    pending and corrects the counts of children; if the last owner was closed in order it only adds
 *    the counts up, as init=trust always does. After a kill between any two accesses
 *
 *      - a block, a run or a named range that was being allocated is live as a whole or free;
 *      - one that was being freed is free, or live and unchanged; a bulk call, and a free across
 *        several ranges, is so for each block or range by itself;
 *      - a part of a range that was being freed is free, or all of the range is live, perhaps cut
 *        in two where the part ends.
 *
 *    A client finds what its last call did by the walk, as the paper's do: the metadata cannot know
 *    whether a result arrived. The kernel starts its upper tiers empty, so in this workbench frames
 *    that were live stay so and belong to nobody; recovery is to be looked at, above all by the report
 *    "recovery", which recovers a copy of the metadata of a machine at work. Power that fails is
 *    modelled as far as stores arrive in their order, as with persistent caches: nothing is flushed.
 *
 * 9. What was not done, and why
 *
 *    - Reservations by mobility: later versions of LLFree have classes; the paper does not.
 *    - Metadata at the end of the memory they describe, as the original has it: simulated frames
 *      do not outlive the process, a file does.
 *    - Handing a store over in place: it belongs to the one that opened it; a swap rebuilds.
 *    - Fairness near exhaustion. A count that is off for a moment, or reservations that are being
 *      ended, may let a request fail although a block is free when it returns. A lock would be
 *      needed to say more.
 *
 * References: L. Wrenger, F. Rommel, A. Halbuer, C. Dietrich, D. Lohmann, LLFree: Scalable and
 * Optionally-Persistent Page-Frame Allocation, USENIX ATC 2023; its artifact, luhsra/llfree-rs at
 * tag atc23-artifact-eval: core/src/upper/array.rs, lower/cache.rs, entry.rs, table.rs.
 */

/**
 * A lock-free allocator of page frames after LLFree.
 *
 * <p>Safe for use by several threads: hot calls may come at once, also with the same CPU index.
 */
public final class LlfreeFrames implements FrameEngine {
  private final FrameContext context;
  private final LlfreeSettings settings;
  private final Cells cells;
  private final Optional<Store> store;
  private final LongAdder failures = new LongAdder();
  private Machine machine;
  private Zonelists lists;
  private Bulk bulk;
  private boolean handedOver;
  private boolean closed;

  /** Opens an allocator over a context's RAM, with its metadata where the settings say. */
  LlfreeFrames(FrameContext context, LlfreeSettings settings) {
    this(context, settings, new Cells(), Opening.stores(settings));
  }

  /**
   * Opens an allocator.
   *
   * @param cells access to the metadata
   * @param stores where the lower level's metadata is to lie, if not in the context's memory
   */
  LlfreeFrames(
      FrameContext context,
      LlfreeSettings settings,
      Cells cells,
      Function<RamMap, Optional<Store>> stores) {
    this.context = context;
    this.settings = settings;
    this.cells = cells;
    Opening opening = new Opening(context, settings, cells, stores);
    this.store = opening.store();
    this.machine = opening.open();
    this.lists = new Zonelists(machine.map().zones(), context);
    this.bulk = new Bulk(machine);
  }

  @Override
  public String model() {
    return LlfreeProvider.MODEL;
  }

  @Override
  public int maxOrder() {
    return MAX_ORDER;
  }

  @Override
  public long allocate(int cpu, int order, int flags) {
    checkOrder(order);
    int[] list = lists.of(cpu, flags);
    boolean gentle = (flags & FrameFlags.NO_RETRY) != 0;
    long slot = take(list, cpu, order, gentle);
    if (slot == NONE) {
      failures.increment();
      return FrameEngine.NONE;
    }
    return machine.map().frameOf(slot);
  }

  private static void checkOrder(int order) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("order %d is not 0 to %d".formatted(order, MAX_ORDER));
    }
  }

  private long take(int[] list, int cpu, int order, boolean gentle) {
    Upper upper = machine.upper();
    for (int zone : list) {
      long slot = upper.take(zone, cpu, order, gentle);
      if (slot != NONE) {
        return slot;
      }
    }
    return NONE;
  }

  @Override
  public int allocateBulk(int cpu, int order, int flags, long[] into, int from, int count) {
    Objects.checkFromIndexSize(from, count, into.length);
    checkOrder(order);
    int got = 0;
    for (int zone : lists.of(cpu, flags)) {
      got += order <= WORD_ORDER ? bulk.take(zone, cpu, order, into, from + got, count - got) : 0;
    }
    return got + FrameEngine.super.allocateBulk(cpu, order, flags, into, from + got, count - got);
  }

  @Override
  public void free(int cpu, long frame, int order) {
    lists.checkCpu(cpu);
    machine.frees().free(cpu, frame, order);
  }

  @Override
  public void freeBulk(int cpu, int order, long[] frames, int from, int count) {
    Objects.checkFromIndexSize(from, count, frames.length);
    lists.checkCpu(cpu);
    bulk.free(cpu, order, frames, from, count);
  }

  @Override
  public boolean allocateAt(int cpu, long frame, long count, int flags) {
    checkCount(frame, count);
    lists.of(cpu, flags);
    return machine.ranges().takeAt(cpu, frame, frame + count);
  }

  private static void checkCount(long frame, long count) {
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new IllegalArgumentException("%d frames from 0x%x are none".formatted(count, frame));
    }
  }

  @Override
  public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
    checkCount(0, count);
    return machine.ranges().takeRun(cpu, lists.of(cpu, flags), count, where);
  }

  @Override
  public void freeRange(int cpu, long frame, long count) {
    lists.checkCpu(cpu);
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new MisuseException("free of %d frames from 0x%x".formatted(count, frame));
    }
    machine.frees().freeRange(cpu, frame, frame + count);
  }

  @Override
  public long freeFrames() {
    return machine.freeFrames();
  }

  @Override
  public long metadataBytes() {
    return new Reports(machine).metadataBytes();
  }

  @Override
  public List<ZoneReport> zones() {
    return new Reports(machine).zones();
  }

  @Override
  public List<Statistic> statistics() {
    return new Reports(machine).statistics(failures.sum());
  }

  @Override
  public List<String> reports() {
    return List.of(Prints.STATE, Prints.RECOVERY);
  }

  @Override
  public List<String> report(String name) {
    return switch (name) {
      case Prints.STATE -> new Prints(machine).state();
      case Prints.RECOVERY -> new Prints(machine).recovery();
      default -> FrameEngine.super.report(name);
    };
  }

  @Override
  public void drain() {
    machine.upper().drain();
  }

  @Override
  public void walk(RangeVisitor visitor) {
    new LiveWalk(machine, visitor).run();
  }

  @Override
  public void managed(RangeVisitor visitor) {
    for (Span span : machine.map().managed()) {
      if (!visitor.visit(span.from(), span.to() - span.from(), 0)) {
        return;
      }
    }
  }

  @Override
  public long checkInvariants() {
    return new Audit(machine).run();
  }

  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    InheritedRam ram = InheritedRam.of(context, estate);
    machine = new Succession(ram, settings, cells, store.isPresent()).run(machine, estate, dryRun);
    bulk = new Bulk(machine);
  }

  @Override
  public List<TransferForm> exportForms() {
    return store.isPresent() ? List.of() : List.of(Handover.FORM); // a store stays with its engine
  }

  @Override
  public List<TransferForm> importForms() {
    return exportForms();
  }

  @Override
  public LayoutState exportState(TransferForm form) {
    if (!exportForms().contains(form)) {
      throw new TransferRefusedException(model() + " exports no layout " + form);
    }
    return Handover.describe(machine);
  }

  @Override
  public void adopt(LayoutState state) {
    if (store.isPresent()) {
      throw new TransferRefusedException(model() + " keeps its metadata in a store");
    }
    Memory theirs = Handover.accept(state, machine);
    Memory mine = machine.memory();
    machine = new Machine(machine.map(), theirs, context.cpus(), settings.reserve(), cells);
    bulk = new Bulk(machine);
    mine.release(context);
  }

  @Override
  public void handedOver() {
    handedOver = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Memory memory = machine.memory();
    RamMap none = new RamMap(List.of(), Layout.CHILD_FRAMES, new long[0][], new long[0]);
    lists = new Zonelists(List.of(), context);
    machine = new Machine(none, memory, context.cpus(), false, cells);
    bulk = new Bulk(machine);
    if (!handedOver) {
      memory.release(context);
      store.ifPresent(Store::close);
    }
  }
}
