package vmem.tree;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * An arena as Linux's vmalloc keeps its addresses: free areas in an augmented red-black tree, the
 * lowest that fits is taken, what is freed waits for a common flush. Safe for use by any number of
 * threads.
 */
final class TreeArena implements AddressArena {
  /*
   * How vmalloc's addresses work
   *
   * 1. The kernel's linear map shows all memory, but neighbours there are neighbours in the machine.
   *    Who needs many pages in a row and cannot get them takes single frames and maps them into a
   *    window of addresses kept for this: vmalloc. Somebody has to say which addresses of the window
   *    are free. Modelled here is that part, mm/vmalloc.c of Linux 6.1; frames and page tables are
   *    the kernel tier's business.
   *
   * 2. Each free area is a node of a red-black tree in order of address, and knows the size of the
   *    largest one in its subtree (subtree_max_size). To find the lowest area that fits, walk down:
   *    left if something there is large enough, else this one if it is, else right. That is a first
   *    fit in logarithmic time, however the areas lie (FreeSearch, AreaTree). Before version 5.2
   *    Linux walked along the busy areas from a cached place, in linear time.
   *
   * 3. Alignment above a page does not go well with that: how much of an area it costs is known only
   *    when the area is looked at. The kernel looks for size + align - 1, which is enough anywhere,
   *    and takes a smaller one only if it comes by. So it may pass a lower place by, and fail where
   *    there is one. The same is done here, to the letter; a request that fails for this reason is
   *    then tried once more with every area that is large enough. Phases and boundaries, which
   *    vmalloc does not know, are searched for that way only.
   *
   * 4. An area that has been chosen is cut in one of four ways: the range takes all of it (full fit,
   *    the node goes), its lower or upper end (left and right edge, the node shrinks) or something
   *    between (no edge, a second node is needed). The figures count which. Places are chosen from
   *    the bottom, so left edges are the rule and the tree changes its shape rarely.
   *
   * 5. Live ranges are in a second tree, by address, without augmentation: a free is looked up
   *    there, and what it does not find is a double free or a stranger's. vmalloc's tree has one
   *    node a range as well; it hangs a vm_struct on it, whose caller and page count its report
   *    shows.
   *
   * 6. What is freed is not free yet. Some CPU may still have a translation of it cached, and to
   *    make all CPUs forget one is slow. So freed areas wait in a third tree, joined with others
   *    that wait, until more than lazy_max_pages of them have gathered: 32 MiB for each bit of the
   *    number of CPUs. Then one flush from the lowest to the highest serves all, and they move into
   *    the free tree, joining there. The same happens when a request finds nothing, before it is
   *    given up, if something that waits lies within its limits; and when the arena is drained. The
   *    figures tlb_flush, flush_range and purged say what this saves: purged bytes for each flush.
   *
   * 7. Behind each range one quantum stays unmapped, so that running over its end faults. It belongs
   *    to the range's area, as in the kernel, where the report shows sizes with it; it is none of the
   *    range's bytes, and limits of a request do not count it. It is a setting, as VM_NO_GUARD is a
   *    flag; with it no range can be grown in place. Identifiers have no guard and do not wait.
   *
   * 8. Spans are in a fourth tree. vmalloc has one window; an arena may have several, and import
   *    more, so nothing joins across a border, which is one look-up for each joint. If no area will
   *    do, a span is imported: the request, what its alignment may cost, the guard. It goes back when
   *    a purge finds it entirely free, so an importing arena that is not drained keeps up to
   *    lazy_max_pages. Requests with limits or a boundary never import.
   *
   * 9. Two choices are not vmalloc's but of its relatives. Top-down placement takes the highest place
   *    instead, as mmap and the per-CPU areas do. A random displacement moves the place from which
   *    the search begins into the first span, as KASLR does with the vmalloc window and mmap_base; it
   *    is drawn from a seed, and what it leaves out is used when the rest is full, as mmap falls
   *    back.
   *
   * 10. One lock for all of it, where Linux 6.1 has one for each tree and one more for purging. It
   *    is dropped while a source is called, so that arenas may be stacked without an order of locks;
   *    what other threads did meanwhile is looked at again. Every area is five longs (Areas); an
   *    operation first makes sure of the four that it can need at most, for which the kernel keeps
   *    one preloaded node for each CPU.
   *
   * What was not done, and why. The vmap nodes of 6.9 and later stripe the addresses over up to 128
   * trees with pools of exact sizes; here one lock serves as many CPUs as the simulated machine has,
   * and the classic form is the one to learn from. There are no per-CPU blocks (vm_map_ram), which
   * split pages' worth of addresses without the trees, no huge mappings, and no ranges of their own
   * for modules. Free areas are not in a list beside the tree: neighbours are found through it. All
   * fit policies are this one. A purge is done by whoever passes the limit, not by a worker. Nobody
   * is asked to give memory back before a request fails (the kernel's notifiers).
   *
   * References. Linux 6.1, mm/vmalloc.c, lib/rbtree.c; U. Rezki, "mm/vmalloc: keep track of free
   * blocks for vmap allocation", in 5.2. N. Piggin, "mm: rewrite vmap layer", in 2.6.28: the lazy
   * purge. R. Bayer, "Symmetric binary B-Trees", 1972; T. Cormen and others, "Introduction to
   * Algorithms", chapters 13 and 14.
   */

  private final ArenaSpec spec;
  private final Deque<long[]> owed = new ArrayDeque<>(); // base and size, under the lock
  private final AtomicLong releaseFailures = new AtomicLong();
  private final Optional<AddressSource> source;
  private final long importUnit;
  private final Consumer<TreeArena> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Space space;
  private boolean closed;

  /**
   * Makes an arena.
   *
   * @param space its spans and what is in them, nobody else's from now on
   * @param onClose told when the arena has been closed
   */
  TreeArena(ArenaSpec spec, Space space, Consumer<TreeArena> onClose) {
    this.spec = spec;
    this.source = spec.source();
    long unit = source.map(AddressSource::quantum).orElse(1L);
    this.importUnit = Unsigned.max(unit, spec.quantum());
    this.space = space;
    this.onClose = onClose;
  }

  /** Enters the arena. Pairs with {@link #leave}. */
  private void enter() {
    lock.lock();
    if (closed) {
      lock.unlock();
      throw isClosed();
    }
  }

  /** Leaves the arena, after spans that are to go back to the source have gone. */
  private void leave() {
    try {
      handBack();
    } finally {
      lock.unlock();
    }
  }

  private void handBack() {
    for (int left = owed.size(); left > 0; left--) {
      long[] span = owed.removeFirst();
      release(span[0], span[1]);
    }
    for (int span = space.spans.departing(); span != Areas.NIL; span = space.spans.departing()) {
      long base = space.areas.start(span);
      long size = space.areas.size(span);
      space.spans.departed();
      release(base, size);
    }
  }

  /** {@return the answer to a question, asked with the lock} */
  private <T> T asked(Supplier<T> question) {
    enter();
    try {
      return question.get();
    } finally {
      leave();
    }
  }

  /**
   * Calls the source, without the lock. What it fails to take is offered again with the next call.
   */
  private void release(long base, long size) {
    boolean gone = false;
    lock.unlock();
    try {
      source.orElseThrow().releaseSpan(base, size);
      gone = true;
    } catch (RuntimeException e) {
      releaseFailures.incrementAndGet(); // the call that led here has been served
    } finally {
      lock.lock();
      if (!gone) {
        owed.addLast(new long[] {base, size});
      }
    }
  }

  private MisuseException isClosed() {
    return new MisuseException("arena %s is closed".formatted(spec.name()));
  }

  @Override
  public ArenaSpec spec() {
    return spec;
  }

  @Override
  public void addSpan(long base, long size) {
    enter();
    try {
      space.addSpan(base, size);
    } finally {
      leave();
    }
  }

  // Hot calls.

  @Override
  public long allocate(int cpu, long size, FitPolicy policy) {
    checkSize(size);
    return take(size, Placement.ANYWHERE, policy);
  }

  @Override
  public long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy) {
    checkSize(size);
    Placement.check(where, size, spec.quantum());
    return take(size, where, policy);
  }

  private void checkSize(long size) {
    if (size == 0) {
      throw new MisuseException("arena %s: a request of 0 bytes".formatted(spec.name()));
    }
  }

  private long take(long size, AddressConstraints where, FitPolicy policy) {
    enter();
    try {
      long base = space.take(size, where);
      if (base == NONE && source.isPresent() && Placement.allowsImport(where)) {
        handBack(); // before anything is imported: it may be what the source is short of
        base = takeFromImport(size, where, policy);
      }
      space.tally.failures += base == NONE ? 1 : 0;
      return base;
    } finally {
      leave();
    }
  }

  private long takeFromImport(long size, AddressConstraints where, FitPolicy policy) {
    long extent = space.extent(size);
    long asked = extent == 0 ? 0 : Placement.importSize(extent, where, spec.quantum(), importUnit);
    if (asked == 0) {
      return NONE; // more than there are addresses
    }
    long span = importSpan(asked, policy);
    if (closed) {
      giveUp(span, asked);
    }
    return span == NONE ? space.take(size, where) : settle(span, asked, size, where);
  }

  /** Calls the source, without the lock. */
  private long importSpan(long bytes, FitPolicy policy) {
    lock.unlock();
    try {
      return source.orElseThrow().importSpan(bytes, policy);
    } finally {
      lock.lock();
    }
  }

  private void giveUp(long span, long bytes) {
    if (span != NONE) {
      release(span, bytes);
    }
    throw isClosed();
  }

  private long settle(long span, long bytes, long size, AddressConstraints where) {
    boolean settled = false;
    try {
      long base = space.settle(span, bytes, size, where);
      settled = true;
      return base;
    } finally {
      if (!settled) {
        release(span, bytes); // it never became the arena's
      }
    }
  }

  @Override
  public void free(int cpu, long base, long size) {
    enter();
    try {
      space.free(base, size);
    } finally {
      leave();
    }
  }

  @Override
  public void freeConstrained(int cpu, long base, long size) {
    free(cpu, base, size);
  }

  @Override
  public boolean contains(long base, long size) {
    enter();
    try {
      space.tally.lookups++;
      return space.spans.contains(base, size);
    } finally {
      leave();
    }
  }

  @Override
  public long allocatedBytes() {
    return asked(() -> space.tally.liveBytes);
  }

  @Override
  public long freeBytes() {
    return asked(() -> space.tally.freeBytes);
  }

  @Override
  public long largestFree() {
    return asked(() -> space.free.largest());
  }

  @Override
  public void walkAllocated(RangeVisitor visitor) {
    showLive(visitor);
  }

  @Override
  public void walkFree(RangeVisitor visitor) {
    show(copied(space.free), visitor);
  }

  @Override
  public void walkSpans(RangeVisitor visitor) {
    showSpans(visitor);
  }

  /** Does as {@link #walkAllocated}, and returns whether the visitor wanted all of it. */
  boolean showLive(RangeVisitor visitor) {
    return show(copied(space.live), visitor);
  }

  /** Does as {@link #walkSpans}, and returns whether the visitor wanted all of it. */
  boolean showSpans(RangeVisitor visitor) {
    return show(copied(space.spans.tree()), visitor);
  }

  private static boolean show(Listing listing, RangeVisitor visitor) {
    for (int i = 0; i < listing.count(); i++) {
      if (!visitor.visit(listing.base(i), listing.size(i), listing.mark(i))) {
        return false;
      }
    }
    return true;
  }

  /** {@return a copy of a tree's areas at this moment, so that visitors are called without lock} */
  private Listing copied(AreaTree tree) {
    return asked(() -> new Listing(space.areas, tree));
  }

  /** {@return the live ranges; their marks are the sizes with the guard} */
  Listing liveWithGuards() {
    return asked(() -> Listing.withLastWords(space.areas, space.live));
  }

  /** {@return what was freed and waits} */
  Listing waiting() {
    return copied(space.lazies.tree());
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> figures = new ArrayList<>(asked(() -> TreeFigures.of(space)));
    figures.add(new Statistic("release_fail", releaseFailures.get(), "calls"));
    return figures;
  }

  /** Purges what waits, and hands back imported spans that nobody uses. */
  void drain() {
    enter();
    try {
      space.drain();
    } finally {
      leave();
    }
  }

  /**
   * Recomputes everything.
   *
   * @return the number of facts checked
   */
  long checkInvariants() {
    return asked(() -> new TreeAudit(spec, space).check());
  }

  @Override
  public void close() {
    enter();
    try {
      int live = space.live.count();
      if (live != 0) {
        throw new MisuseException(
            "arena %s cannot be closed: %d ranges are live".formatted(spec.name(), live));
      }
      closed = true;
      space.drain();
    } finally {
      leave();
    }
    onClose.accept(this);
  }
}
