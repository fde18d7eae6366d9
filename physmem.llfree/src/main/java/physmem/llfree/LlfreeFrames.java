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
import physmem.api.FrameSpan;
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
 *    fourth combination, a head that is not allocated, is a frame that is not ours: a hole in RAM,
 *    or the kernel's. All 64 bits of 32 frames are one word, so allocated and head change together.
 *    Orders 0 to 5 are one word; orders 6 to 8 are several, which a thread takes in rising order
 *    and gives back in the opposite one: as long as the first word stands, the range does.
 *
 *    A child that is allocated as a whole has zero words and the flag HUGE; the flag CONT says that
 *    its first frame is no head. Runs of any length are partial children at the ends and HUGE
 *    children between. A part of a run is freed by setting a head behind the part, then freeing.
 *    If that cuts a HUGE child, its words are written first under the flag BUSY, and whoever else
 *    wants to cut the same child waits: the only wait there is.
 *
 * 4. Which tree
 *
 *    A CPU has two reservations per zone: for small blocks, and for orders 9 and 10, so that one
 *    kind does not spoil trees for the other. A request goes to its CPU's tree. If the count there
 *    is too small it adds what others have freed into this tree, if that is 1/16 of a tree or more.
 *    Else it reserves another: a partly used one near the last, else a free one, else the first
 *    that has enough. If no tree is left to reserve, it takes from any tree's count, then from other
 *    CPUs' reservations; then the next zone is tried, and at the very end all reservations are
 *    ended, since a block's frames may have been counted in two places.
 *
 *    A free goes to the count that its tree is reserved under by the freeing CPU, else to the tree.
 *
 * 5. Zones
 *
 *    Frames have slots, which are numbered without the large holes, zone after zone, in whole
 *    trees: see RamMap. Everything but the ends of a call works in slots. No tree has frames of two
 *    zones or nodes. A run may go across zones; then a range goes on in another tree far away,
 *    which is why what follows a range is looked up by frame wherever a word ends.
 *
 * 6. Memory order of each atomic
 *
 *    All changes are compare-and-sets, which in Java are volatile: nothing moves across them.
 *
 *      word     set by take, cleared by give. The clearing publishes the freer's use of the frames;
 *               it pairs with the read of the same word by the next taker, who then sets it.
 *      entry    lowered by give after the clearing; a taker reads it with acquire before he reads
 *               words. So he who sees the room sees the zero bits: takeWhole relies on it. An entry
 *               loses BUSY and HUGE after its words were stored with release; it pairs with the
 *               acquire of the entry before each read of words.
 *      tree     lowered after the entry; pairs with the acquire of the next taker. The search reads
 *               trees opaquely: a value that is out of date leads to a tree that the compare-and-set
 *               refuses.
 *      reservation   index of a word and count in one long, so a count is never added to another
 *               tree than the one that was meant. Installing is an exchange, and who got the old
 *               value ends it: each reservation is ended once.
 *      last tree, allocations, frees   opaque, not atomic: a hint, and figures that may be low.
 *
 *    Rebuilding, seeding and adopting write plainly: no call is under way, and the gate that lets
 *    calls in again orders them.
 *
 * 7. What is not zero
 *
 *    Counts are of used frames, so that zeroed memory is an allocator with everything free. Opening
 *    writes only the edges of zones and holes. The bit fields, the HUGE and CONT flags are the truth;
 *    all counts can be recomputed from them, which is what checkInvariants does.
 *
 * 8. What was not done, and why
 *
 *    - Reserving a tree after several frees into it, as the paper does: frees of another CPU come
 *      back by the pull of section 4.
 *    - Reservations by mobility: later versions of LLFree have classes; the paper does not.
 *    - Recovery after a crash: the layout allows it.
 *    - Fairness near exhaustion. A count that is off for a moment, or reservations that are being
 *      ended, may let a request fail although a block is free when it returns. A lock would be
 *      needed to say more.
 *    - Undoing when clients free overlapping parts of a block of order 6 and more at the same
 *      instant. The second is refused; what the first has freed by then stays free.
 *
 * References: L. Wrenger, F. Rommel, A. Halbuer, C. Dietrich, D. Lohmann, LLFree: Scalable and
 * Optionally-Persistent Page-Frame Allocation, USENIX ATC 2023.
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
  private final List<FrameSpan> managed;
  private final LongAdder failures = new LongAdder();
  private Machine machine;
  private Zonelists lists;
  private Bulk bulk;
  private boolean handedOver;
  private boolean closed;

  /**
   * Opens an allocator.
   *
   * @param context RAM and room for metadata
   * @param settings its settings
   */
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
    this.managed = List.copyOf(context.free());
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
    for (FrameSpan span : managed) {
      if (!visitor.visit(span.start(), span.frames(), 0)) {
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
    new Rebuilding(machine).run(estate, dryRun);
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
