package kernel.backing;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TierVacantException;
import hardware.api.AddressSpace;
import hardware.api.HostWindow;
import hardware.api.Window;
import heap.api.BackedSpans;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.FitPolicy;

/**
 * The backed spans of the kernel's heap: addresses from an arena, frames behind them.
 *
 * <p>Three sets are kept apart. <em>Segments</em> are what was allocated from the arena, as it has
 * to be freed: whole. <em>Claimed</em> pages are what the heap holds, and it may give back any of
 * them. <em>Mapped</em> pages have frames. A segment goes back to the arena when none of its pages
 * is claimed any more; until then its unclaimed pages are ready for {@link #extend}.
 *
 * <p>Safe for use by several threads; one lock.
 */
public final class HeapSpans implements BackedSpans {
  private static final int CPU = 0; // growth is made on behalf of the kernel, not of a client's CPU

  /** What was allocated from the arena in one piece. */
  private static final class Segment {
    final long base;
    final long bytes;
    final boolean constrained;
    long claimed; // pages

    Segment(long base, long bytes, boolean constrained) {
      this.base = base;
      this.bytes = bytes;
      this.constrained = constrained;
    }

    long end() {
      return base + bytes;
    }

    // The bytes of a range that lie in this segment.
    long part(long from, long to) {
      return Math.min(to, end()) - Math.max(from, base);
    }

    @Override
    public String toString() {
      return "segment 0x%x + 0x%x".formatted(base, bytes);
    }
  }

  private final AddressArena arena;
  private final Backing backing;
  private final Window window;
  private final int pageShift;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Deque<Segment> owed = new ArrayDeque<>();
  private final BooleanSupplier vacant;
  private final PageBits claimed = new PageBits();
  private long claimedPages;
  private long peakPages;
  private long lowest;
  private long imports;
  private long extensions;
  private long releases;
  private long failures;
  private long deferrals;

  /**
   * Begins with nothing imported.
   *
   * @param arena where addresses come from; all of them lie in the window
   * @param space the page tables to write
   * @param window the host window to attach frames to
   * @param frames where frames come from
   * @param policy cluster size and laziness
   * @param vacant whether the arena's tier has no provider at the moment
   */
  public HeapSpans(
      AddressArena arena,
      AddressSpace space,
      HostWindow window,
      FrameMeter frames,
      BackingPolicy policy,
      BooleanSupplier vacant) {
    this.arena = arena;
    this.vacant = vacant;
    this.window = window.window();
    this.backing = new Backing(space, window, frames, policy);
    this.pageShift = policy.pageShift();
  }

  @Override
  public int pageBytes() {
    return 1 << pageShift;
  }

  @Override
  public boolean zeroed() {
    return false;
  }

  @Override
  public synchronized long allocate(long bytes, long align) {
    long base = take(bytes, align);
    if (base == NONE || !back(base, bytes)) {
      failures++;
      return NONE;
    }
    imported(base);
    return base;
  }

  @Override
  public synchronized long reserve(long bytes, long align) {
    long base = take(bytes, align);
    if (base == NONE) {
      failures++;
      return NONE;
    }
    imported(base);
    return base;
  }

  private void imported(long base) {
    lowest = lowest == NONE ? base : Math.min(lowest, base);
    imports++;
  }

  // Addresses for a new segment, all of its pages claimed.
  private long take(long bytes, long align) {
    requirePages(0, bytes);
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is no power of two");
    }
    boolean constrained = align > pageBytes();
    long base =
        constrained
            ? arena.allocateConstrained(
                CPU, bytes, AddressConstraints.aligned(align), FitPolicy.INSTANT)
            : arena.allocate(CPU, bytes, FitPolicy.INSTANT);
    if (base == AddressArena.NONE) {
      return NONE;
    }
    segments.put(base, new Segment(base, bytes, constrained));
    claim(base, bytes);
    return base;
  }

  // Puts frames behind pages that were claimed just now, or gives the claim up.
  private boolean back(long address, long bytes) {
    boolean done = false;
    try {
      done = populated(address, bytes);
      return done;
    } finally {
      if (!done) {
        unclaim(address, bytes);
      }
    }
  }

  @Override
  public synchronized boolean extend(long end, long bytes) {
    requirePages(end, bytes);
    if (!claimBehind(end, bytes) || !back(end, bytes)) {
      failures++;
      return false;
    }
    lowest = lowest == NONE ? end : Math.min(lowest, end);
    extensions++;
    return true;
  }

  private boolean claimBehind(long end, long bytes) {
    long to = end + bytes;
    if (Long.compareUnsigned(to, end) <= 0) {
      return false; // past the end of all addresses
    }
    long covered = covered(end, to);
    if (claimed.count(end >>> pageShift, (covered - end) >>> pageShift) != 0
        || (covered < to && !allocateExactly(covered, to - covered))) {
      return false;
    }
    claim(end, bytes);
    return true;
  }

  // How far from an address on segments cover without a gap, at most to the end given.
  private long covered(long from, long to) {
    long at = from;
    while (at < to) {
      Map.Entry<Long, Segment> floor = segments.floorEntry(at);
      if (floor == null || floor.getValue().end() <= at) {
        return at;
      }
      at = floor.getValue().end();
    }
    return to;
  }

  private boolean allocateExactly(long base, long bytes) {
    AddressConstraints where = AddressConstraints.exactly(base, bytes, pageBytes());
    long got = arena.allocateConstrained(CPU, bytes, where, FitPolicy.INSTANT);
    if (got == AddressArena.NONE) {
      return false;
    }
    segments.put(got, new Segment(got, bytes, true));
    return true;
  }

  @Override
  public synchronized void release(long address, long bytes) {
    requireClaimed(address, bytes);
    backing.depopulate(address, bytes >>> pageShift);
    unclaim(address, bytes);
    releases++;
  }

  @Override
  public synchronized void depopulate(long address, long bytes) {
    requireClaimed(address, bytes);
    backing.depopulate(address, bytes >>> pageShift);
  }

  @Override
  public synchronized boolean populate(long address, long bytes) {
    requireClaimed(address, bytes);
    return populated(address, bytes);
  }

  // The peak is of memory: addresses that were only reserved are not held in its sense.
  private boolean populated(long address, long bytes) {
    boolean done = backing.populate(address, bytes >>> pageShift);
    peakPages = Math.max(peakPages, backing.mappedPages());
    return done;
  }

  private void claim(long address, long bytes) {
    claimed.set(address >>> pageShift, bytes >>> pageShift);
    claimedPages += bytes >>> pageShift;
    long to = address + bytes;
    for (long at = address; at < to; ) {
      Segment segment = holding(at);
      segment.claimed += segment.part(at, to) >>> pageShift;
      at = segment.end();
    }
  }

  // Gives claimed pages up, and every segment that has none left.
  private void unclaim(long address, long bytes) {
    claimed.clear(address >>> pageShift, bytes >>> pageShift);
    claimedPages -= bytes >>> pageShift;
    long to = address + bytes;
    for (long at = address; at < to; ) {
      Segment segment = holding(at);
      segment.claimed -= segment.part(at, to) >>> pageShift;
      if (segment.claimed == 0) {
        segments.remove(segment.base);
        free(segment);
      }
      at = segment.end();
    }
  }

  // Segments are found by their base; that a page is claimed means that one holds it.
  private Segment holding(long address) {
    return segments.floorEntry(address).getValue();
  }

  // A segment that cannot go home, since vmem has no provider now, goes with the next one that can.
  private void free(Segment segment) {
    owed.add(segment);
    settle();
  }

  private void settle() {
    while (!owed.isEmpty() && !vacant.getAsBoolean()) {
      Segment next = owed.removeFirst();
      try {
        give(next);
      } catch (TierVacantException e) {
        deferrals++;
        owed.addFirst(next);
      }
    }
  }

  private void give(Segment segment) {
    if (segment.constrained) {
      arena.freeConstrained(CPU, segment.base, segment.bytes);
    } else {
      arena.free(CPU, segment.base, segment.bytes);
    }
  }

  private void requirePages(long address, long bytes) {
    if (bytes <= 0 || ((address | bytes) & (pageBytes() - 1)) != 0) {
      throw new IllegalArgumentException(
          "0x%x + 0x%x is not in whole pages of %d".formatted(address, bytes, pageBytes()));
    }
  }

  private void requireClaimed(long address, long bytes) {
    requirePages(address, bytes);
    long held =
        bytes >>> pageShift > claimedPages
            ? claimedPages // more than there are: not to be counted page by page
            : claimed.count(address >>> pageShift, bytes >>> pageShift);
    if (held != bytes >>> pageShift) {
      throw new MisuseException(
          "0x%x + 0x%x: at most %d of %d pages are held by the heap"
              .formatted(address, bytes, held, bytes >>> pageShift));
    }
  }

  /**
   * Shows the segments in rising order, as they are at one moment.
   *
   * @param visitor receives base and size in bytes, and 0; called without a lock
   */
  void forEachSegment(RangeVisitor visitor) {
    for (Segment segment : snapshot()) {
      if (!visitor.visit(segment.base, segment.bytes, 0)) {
        return;
      }
    }
  }

  /** {@return whether the page of an address has a frame} */
  synchronized boolean isMapped(long address) {
    return backing.isMapped(address);
  }

  private synchronized List<Segment> snapshot() {
    return List.copyOf(segments.values());
  }

  /** {@return the memory at the addresses of the spans} */
  public Window window() {
    return window;
  }

  /** {@return the lowest address ever imported, or 0} */
  public synchronized long lowestAddress() {
    return lowest;
  }

  /** {@return the most bytes with frames that the heap held at any moment since the last reset} */
  public synchronized long peakBytes() {
    return peakPages << pageShift;
  }

  /** Sets the peak to what the heap holds with frames now. */
  public synchronized void resetPeak() {
    peakPages = backing.mappedPages();
  }

  /** {@return the bytes that the heap holds, with frames or only reserved} */
  public synchronized long claimedBytes() {
    return claimedPages << pageShift;
  }

  /** {@return the frames behind the heap, those waiting for a flush included} */
  public synchronized long heldFrames() {
    return backing.heldFrames();
  }

  /**
   * Finishes lazy unmapping.
   *
   * @return the number of frames that went home
   */
  public synchronized long purge() {
    settle();
    return backing.purge();
  }

  /** Takes everything from the heap that it still holds; for the end of a heap. */
  public synchronized void releaseAll() {
    for (Segment segment : List.copyOf(segments.values())) {
      backing.depopulate(segment.base, segment.bytes >>> pageShift);
      claimed.clear(segment.base >>> pageShift, segment.bytes >>> pageShift);
      free(segment);
    }
    segments.clear();
    claimedPages = 0;
    backing.purge();
  }

  /** {@return the figures of backing and lazy unmapping} */
  public synchronized List<Statistic> statistics() {
    return List.of(
        new Statistic("imports", imports, "calls"),
        new Statistic("extensions", extensions, "calls"),
        new Statistic("releases", releases, "calls"),
        new Statistic("failures", failures, "calls"),
        new Statistic("deferrals", deferrals, "calls"),
        new Statistic("segments", segments.size(), "segments"),
        new Statistic("held", claimedPages, "pages"),
        new Statistic("mapped", backing.mappedPages(), "pages"),
        new Statistic("waiting", backing.waitingPages(), "pages"),
        new Statistic("purges", backing.purges(), "flushes"),
        new Statistic("refused", backing.refusals(), "flushes"),
        new Statistic("scattered", backing.scatteredClusters(), "clusters"));
  }

  /**
   * Compares segments with the arena, claims with segments, and backing with the page tables.
   *
   * @return the number of facts compared
   * @throws CorruptionException if they disagree
   */
  public synchronized long checkInvariants() {
    long held = 0;
    for (Segment segment : segments.values()) {
      long count = claimed.count(segment.base >>> pageShift, segment.bytes >>> pageShift);
      if (count == 0 || count != segment.claimed) {
        throw new CorruptionException(
            "heap spans: %s holds %d pages, counted %d".formatted(segment, segment.claimed, count));
      }
      held += count;
    }
    if (held != claimedPages) {
      throw new CorruptionException(
          "heap spans: %d pages held, counted %d".formatted(claimedPages, held));
    }
    compareWithArena();
    return 2L * segments.size() + backing.checkInvariants();
  }

  private void compareWithArena() {
    if (vacant.getAsBoolean()) {
      return; // nobody to compare with; the parked census has been compared when it was taken
    }
    Map<Long, Long> live = new HashMap<>();
    arena.walkAllocated((base, size, attributes) -> {
      live.put(base, size);
      return true;
    });
    for (Segment segment : segments.values()) {
      if (!Long.valueOf(segment.bytes).equals(live.get(segment.base))) {
        throw new CorruptionException(
            "heap spans: %s is no live range of arena %s".formatted(segment, arena.spec().name()));
      }
    }
  }
}
