package allocator.arena;

import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An arena of ranges with boundary tags outside the memory it manages, after Bonwick and Adams,
 * "Magazines and Vmem" (USENIX 2001), as illumos and libumem have it. Safe for use by any number of
 * threads; the same sequence of calls from one thread returns the same addresses as the original's,
 * as long as no quantum cache is asked for.
 */
@ProviderType
public final class Arena implements AutoCloseable {
  /*
   * How an arena works
   *
   * 1. An arena is a set of integers, which it gets in spans and hands out in ranges. It never looks
   *    into what they mean, so nothing of its own lies in the memory that they may address: every
   *    fact about a range is in a boundary tag elsewhere (Tags). That is what makes one engine fit
   *    any tier, and what keeps it alive when a client overwrites its memory.
   *
   * 2. Each span and each segment, free or live, has a tag of five longs. All tags form one ring:
   *    the anchor, then for each span its marker followed by the segments that tile it in rising
   *    order. Neighbours in memory are neighbours in the ring, so a freed segment finds at once the
   *    two that it may be joined with. The marker is never free, so nothing joins across spans; that
   *    matters because a span must go back as it came.
   *
   * 3. A tag is on one list of kin besides. Free segments: the list of their power of two, the one
   *    freed last in front. Live ones: their chain in the table of live segments (LiveTable). Span
   *    markers: the ring of spans.
   *
   * 4. To allocate is to choose a free segment and to carve the range out of it.
   *      instant fit  the first list whose every member suffices, found in a bit map: constant time;
   *                   if there is none, the list that may have a fit is searched.
   *      best fit     the smallest of the first list that has a fit, and of equals the one in front.
   *      first fit    the first that fits of the first list that has one.
   *      next fit     the first that fits in the ring behind the rotor, a tag that stands in the
   *                   ring after the range handed out last. Addresses are reused as late as can be.
   *                   The rotor may part two free segments; they join when it moves on.
   *    With constraints each segment looked at is tried: the lowest base in it that has the phase
   *    and lies above the lower limit, moved behind the next boundary if it would cross one (Bounds).
   *
   * 5. To carve has a cheap case. If the range comes off the front and the rest stays on its list,
   *    only the start of the free segment moves. The segment keeps its place in the list: this
   *    decides which address comes next, as does each choice in 4, so they are the original's to
   *    the letter.
   *
   * 6. To free is to find the tag in the table, to compare the size, and to join. A base that is not
   *    in the table is a double free or a stranger's; a size that differs is a mistake; both are
   *    refused before anything has changed. The table is rescaled as in the original to keep chains
   *    near one, but a few buckets with each operation and not at once every 15 seconds.
   *
   * 7. If nothing fits, a span is imported from the source: the request, plus what may be lost to
   *    alignment if the span begins badly, rounded up to the source's unit. A request with limits or
   *    a boundary never imports, since no source could promise to meet it. When an imported span
   *    is one free segment again it goes back. The lock is dropped around the source's calls; what
   *    other threads did meanwhile is looked at again, and an import that became needless returns.
   *
   * 8. Tags are memory too, and an operation must not run out of them half way. So each operation
   *    first makes sure of four, the most that any can use: two for a span, two for the remainders
   *    at both sides of the range; one that is about to drop the lock sets them aside. The original
   *    gets its tags from an arena, hence its populators and per-arena reserves; ours come from the
   *    host, so the check is all that is left of them.
   *
   * 9. Requests for a few quanta may be served from quantum caches (QuantumCaches), magazines of
   *    equal ranges per CPU, without the lock. The original's are object caches of the heap tier,
   *    here a call upward; so these are the arena's own. They notice double frees and wrong sizes.
   *
   * 10. libumem ors a policy for the whole process into each plain request, best fit unless
   *    UMEM_OPTIONS=allocator= says otherwise; the kernel does not. The setting "allocator" is that
   *    policy with that default; set to "instant", each request gets what it asks for.
   *
   * 11. Heaps and page frames need more than the original has, and each adapter would need a table
   *    beside the tags for it. So a live range carries a note of 23 bits of its client's, in a word
   *    that the tag has anyway; and it can be resized where it is and freed in part (LiveRanges).
   *
   * What was not done, and why. Nobody waits for room: a caller gets NONE and decides. No induced
   * failures and no stack trace in a tag: the checked mode does that outside. A span is not extended
   * by one that adjoins it, as libumem's sbrk arena does. The mark of an import is on the span's marker as in illumos, not on its first segment as
   * in libumem, where joining can lose it. Imports leave room for alignment above the source's unit
   * as illumos does; libumem's rule can hand out what it never imported. Limits that exclude each
   * other yield NONE, where the original's arithmetic would wrap.
   *
   * References. J. Bonwick and J. Adams, "Magazines and Vmem: Extending the Slab Allocator to Many
   * CPUs and Arbitrary Resources", USENIX 2001. illumos-gate, usr/src/uts/common/os/vmem.c. libumem,
   * vmem.c.
   */

  /** No range: the answer when a request cannot be met. Never a valid base. */
  public static final long NONE = -1;

  /** The largest note that a live range carries for its client. */
  public static final int NOTE_MAX = Tags.NOTE_MAX;

  private final ArenaShape shape;
  private final ArenaTuning tuning;
  private final LockedSegments home;
  private final LiveRanges live;
  private final Optional<QuantumCaches> caches;

  /**
   * Makes an arena without any span.
   *
   * @param shape its description
   * @param tuning policies, sizes and limits
   * @param cpus how many CPUs there are
   */
  public Arena(ArenaShape shape, ArenaTuning tuning, int cpus) {
    this.shape = shape;
    this.tuning = tuning;
    this.home = new LockedSegments(shape, tuning);
    this.caches = makeCaches(cpus);
    this.live = new LiveRanges(home, caches, shape.quantum());
  }

  private Optional<QuantumCaches> makeCaches(int cpus) {
    long sizes = Math.min(shape.quantumCacheMax() / shape.quantum(), QuantumCaches.SIZES_MAX);
    if (sizes < 1 || !tuning.quantumCaches()) {
      return Optional.empty();
    }
    return Optional.of(
        new QuantumCaches(home, shape.quantum(), (int) sizes, cpus, tuning.magazineRounds()));
  }

  /** {@return the description that the arena was made from} */
  public ArenaShape shape() {
    return shape;
  }

  /** {@return what can be asked of live ranges and done with them besides freeing them} */
  public LiveRanges live() {
    return live;
  }

  /**
   * Adds a span by hand.
   *
   * @param base the first integer, a multiple of the quantum
   * @param size the length, a multiple of the quantum, at least one quantum
   * @throws allocator.api.MisuseException if it overlaps a span of this arena, is misaligned or
   *     empty, or passes 2^64, which it may reach
   */
  public void addSpan(long base, long size) {
    home.addSpan(base, size);
  }

  /**
   * Allocates a range anywhere, from a quantum cache if one has it.
   *
   * @param cpu index of the calling CPU
   * @param size at least 1, unsigned; takes up whole quanta
   * @param policy which free segment to take
   * @return the base, or {@link #NONE}
   * @throws allocator.api.MisuseException if the size is 0
   */
  public long allocate(int cpu, long size, Fit policy) {
    return allocate(cpu, size, policy, 0);
  }

  /**
   * Does as {@link #allocate(int, long, Fit)} and leaves a note.
   *
   * @param cpu index of the calling CPU
   * @param size at least 1, unsigned; takes up whole quanta
   * @param policy which free segment to take
   * @param note what {@link #walkAllocated} is to show with the range, 0 to {@link #NOTE_MAX}
   * @return the base, or {@link #NONE}
   */
  public long allocate(int cpu, long size, Fit policy, int note) {
    home.checkSize(size);
    long cached = allocateCached(cpu, size, note);
    if (cached != NONE) {
      return cached;
    }
    Fit chosen = tuning.effective(policy);
    long base = home.allocate(size, chosen, note);
    if (base == NONE && drain()) {
      base = home.allocate(size, chosen, note);
    }
    return noted(base);
  }

  /**
   * Allocates a range from a quantum cache only: one that was given to {@link #free}, wherever it
   * lies. If all that are freed so are aligned to their size, all that come back are.
   *
   * @param cpu index of the calling CPU
   * @param size the size
   * @param note as for {@link #allocate(int, long, Fit, int)}
   * @return the base, or {@link #NONE} if no cache serves the size, or the CPU's is empty
   */
  public long allocateCached(int cpu, long size, int note) {
    return caches.isPresent() && caches.get().serves(size)
        ? caches.get().take(cpu, size, note)
        : NONE;
  }

  /**
   * Allocates a range within constraints.
   *
   * @param size at least 1, unsigned; takes up whole quanta
   * @param where alignment, phase, boundary and limits
   * @param policy which free segment to take
   * @return the base, or {@link #NONE}, also if the limits are closer than the size; freed by
   *     {@link #freeConstrained}
   * @throws allocator.api.MisuseException if the size is 0
   * @throws IllegalArgumentException if the constraints contradict each other: align or nocross no
   *     power of two, a value no multiple of the quantum, phase not below align, the range too long
   *     to lie between two multiples of nocross
   */
  public long allocateConstrained(long size, Constraints where, Fit policy) {
    return allocateConstrained(size, where, policy, 0);
  }

  /**
   * Does as {@link #allocateConstrained(long, Constraints, Fit)} and leaves a note.
   *
   * @param size at least 1, unsigned; takes up whole quanta
   * @param where alignment, phase, boundary and limits
   * @param policy which free segment to take
   * @param note as for {@link #allocate(int, long, Fit, int)}
   * @return the base, or {@link #NONE}
   */
  public long allocateConstrained(long size, Constraints where, Fit policy, int note) {
    home.checkSize(size);
    Bounds.check(where, size, shape.quantum());
    long base = home.allocateConstrained(size, where, policy, note);
    if (base == NONE && drain()) {
      base = home.allocateConstrained(size, where, policy, note);
    }
    return noted(base);
  }

  /**
   * Sends what the quantum caches hold back to the segments.
   *
   * @return whether they held anything
   */
  public boolean drain() {
    return caches.isPresent() && caches.get().drain() > 0;
  }

  private long noted(long base) {
    if (base == NONE) {
      home.noteFailure();
    }
    return base;
  }

  /**
   * Frees a range got from {@link #allocate}, into a quantum cache if there is one for its size.
   *
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  public void free(int cpu, long base, long size) {
    boolean cached =
        caches.isPresent() && caches.get().serves(size) && caches.get().put(cpu, base, size);
    if (!cached) {
      home.free(base, size);
    }
  }

  /**
   * Frees a range of whatever origin; never goes through a quantum cache.
   *
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  public void freeConstrained(long base, long size) {
    home.free(base, size);
  }

  /**
   * {@return whether one span of this arena has all integers of a range}
   *
   * @param base the first
   * @param size how many, at least 1
   */
  public boolean contains(long base, long size) {
    return home.contains(base, size);
  }

  /** {@return the sum of the live ranges} */
  public long allocatedBytes() {
    return home.ask(Segments::inUse) - cachedBytes();
  }

  /** {@return the sum of the free segments, quantum caches not counted} */
  public long freeBytes() {
    return home.ask(Segments::freeBytes);
  }

  /** {@return the sum of the ranges that quantum caches hold; may be slightly out of date} */
  public long cachedBytes() {
    return caches.map(QuantumCaches::heldBytes).orElse(0L);
  }

  /**
   * {@return the sum of the ranges that one CPU's quantum caches hold; may be slightly out of date}
   *
   * @param cpu index of the CPU
   */
  public long cachedBytes(int cpu) {
    return caches.map(present -> present.heldBytes(cpu)).orElse(0L);
  }

  /** {@return bytes of host memory in tags, tables and magazines} */
  public long metadataBytes() {
    return home.ask(segments -> segments.tags.bytes() + segments.live.bytes())
        + caches.map(QuantumCaches::bytes).orElse(0L);
  }

  /** {@return the size of the largest free segment} */
  public long largestFree() {
    return home.ask(segments -> segments.free.largest());
  }

  /**
   * Shows the live ranges in rising order.
   *
   * @param visitor receives base, size and note
   * @return whether the visitor wanted all of them
   */
  public boolean walkAllocated(RangeVisitor visitor) {
    return home.show(segments -> Walk.segments(segments.tags, Tags.LIVE, visitor));
  }

  /**
   * Shows the free segments in rising order.
   *
   * @param visitor receives base, size and 0
   * @return whether the visitor wanted all of them
   */
  public boolean walkFree(RangeVisitor visitor) {
    return home.show(segments -> Walk.segments(segments.tags, Tags.FREE, visitor));
  }

  /**
   * Shows the spans in rising order.
   *
   * @param visitor receives base, size and 1 for an imported span, 0 for one added by hand
   * @return whether the visitor wanted all of them
   */
  public boolean walkSpans(RangeVisitor visitor) {
    return home.show(segments -> Walk.spans(segments.tags, visitor));
  }

  /** {@return the arena's figures under their kstat names: {@code mem_inuse}, {@code alloc} …} */
  public List<Statistic> statistics() {
    Segments segments = home.enter();
    try {
      return ArenaFigures.of(segments, home, caches, shape.unit());
    } finally {
      home.leave();
    }
  }

  /** Hands an imported span back that is all free but for next fit's rotor, which then rests. */
  public void giveBack() {
    home.giveBack();
  }

  /**
   * Recomputes everything.
   *
   * @return the number of facts checked
   * @throws allocator.api.CorruptionException naming the first one that does not hold
   */
  public long checkInvariants() {
    long held = caches.map(QuantumCaches::held).orElse(0L);
    return home.ask(segments -> new Audit(shape, segments, held).check());
  }

  /**
   * Takes spans and live ranges over from a predecessor, into an arena that is empty.
   *
   * @param heritage checked by {@link Heritage#check}
   * @throws allocator.api.TransferRefusedException if the host has no memory for the tags; nothing
   *     has changed
   */
  public void adopt(Heritage heritage) {
    Segments segments = home.enter();
    try {
      heritage.settle(segments);
    } finally {
      home.leave();
    }
  }

  /**
   * Ends the arena; imported spans go back to their source.
   *
   * @throws allocator.api.MisuseException if ranges are live
   */
  @Override
  public void close() {
    drain();
    home.close();
  }
}
