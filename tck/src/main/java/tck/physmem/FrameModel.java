package tck.physmem;

import allocator.api.CensusCount;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import tck.Expect;

/**
 * Random operations on a frame allocator against a naive reference: a sorted map of live ranges and
 * a set of frames. For one run by one thread.
 */
public final class FrameModel {
  /** How to open an allocator. */
  @FunctionalInterface
  public interface Opener {
    /**
     * {@return an allocator with everything free}
     *
     * @param ram over which
     * @param random to choose settings with
     */
    FrameEngine open(FrameContext ram, Random random);
  }

  private static final int STEPS = 400;
  private static final long DMA32_START = 4096; // frames
  private static final long NORMAL_START = 1L << 20;

  private final TreeMap<Long, Long> live = new TreeMap<>(); // first frame to length
  private final BitSet free = new BitSet(); // by frame
  private final List<FrameSpan> spans = new ArrayList<>();
  private final long seed;
  private final Opener opener;
  private final Random random;
  private final int cpus;
  private final FrameEngine engine;
  private Predicate<FrameEngine> mayRefuse = engine -> false;
  private boolean zoneRuns;

  /**
   * Prepares a run over RAM and an allocator that the seed decides.
   *
   * @param seed decides everything
   * @param opener opens the allocator
   */
  public FrameModel(long seed, Opener opener) {
    this.seed = seed;
    this.opener = opener;
    this.random = new Random(seed);
    makeSpans();
    this.cpus = 1 + random.nextInt(3);
    this.engine = opener.open(new Ram(cpus, spans), random);
    spans.forEach(span -> free.set((int) span.start(), (int) span.end()));
  }

  /**
   * Says when an allocator may refuse a block although there is one, as with watermarks.
   *
   * @param when asked with the allocator
   * @return this
   */
  public FrameModel refusingIf(Predicate<FrameEngine> when) {
    mayRefuse = when;
    return this;
  }

  /** {@return this, for an engine whose runs without a named place lie in one zone} */
  public FrameModel withRunsInOneZone() {
    zoneRuns = true;
    return this;
  }

  /**
   * Makes the operations, compares after each, and frees everything.
   *
   * @throws AssertionError if the allocator differs; the message names the seed
   */
  public void run() {
    try {
      for (int step = 0; step < STEPS; step++) {
        step();
        compare();
      }
      freeAll();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private void makeSpans() {
    long at = 0;
    int count = 1 + random.nextInt(6);
    int node = 0;
    for (int i = 0; i < count; i++) {
      at += random.nextInt(3) == 0 ? 0 : random.nextInt(700);
      at = random.nextInt(5) == 0 ? Math.max(at, DMA32_START - 100) : at;
      at = random.nextInt(5) == 0 ? Math.max(at, NORMAL_START - 40) : at;
      long frames = 1L + random.nextInt(random.nextBoolean() ? 64 : 1500);
      node = random.nextInt(3) == 0 ? random.nextInt(3) : node;
      spans.add(new FrameSpan(at, frames, node));
      at += frames;
    }
  }

  private void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> allocate();
      case 4, 5, 6 -> freeOne();
      case 7 -> allocateAt();
      case 8 -> allocateContiguous();
      case 9 -> freePart();
      case 10 -> bulk();
      default -> misuse();
    }
  }

  private int flags() {
    int flags = random.nextInt(3) | random.nextInt(3) << 2;
    flags |= random.nextInt(4) == 0 ? FrameFlags.ATOMIC : 0;
    flags |= random.nextInt(6) == 0 ? FrameFlags.NO_RETRY : 0;
    return random.nextInt(4) == 0 ? FrameFlags.onNode(flags, random.nextInt(4)) : flags;
  }

  private int cpu() {
    return random.nextInt(cpus);
  }

  private int order() {
    return random.nextBoolean() ? 0 : random.nextInt(11);
  }

  private void allocate() {
    int order = order();
    int flags = flags();
    long frame = engine.allocate(cpu(), order, flags);
    if (frame != FrameEngine.NONE) {
      Expect.equal(0L, frame & ((1L << order) - 1), "alignment of frame " + frame);
      long limit = limit(flags);
      Expect.that(frame + (1L << order) <= limit, frame + " is not below " + limit);
      take(frame, 1L << order);
    } else {
      boolean lenient = (flags & FrameFlags.NO_RETRY) == 0 && !mayRefuse.test(engine);
      Expect.that(!lenient || !hasFreeBlock(order, limit(flags)), "refused order " + order);
    }
  }

  private static long limit(int flags) {
    return switch (flags & FrameFlags.ZONE_MASK) {
      case FrameFlags.DMA -> DMA32_START;
      case FrameFlags.DMA32 -> NORMAL_START;
      default -> Long.MAX_VALUE;
    };
  }

  /** Whether an aligned block is free that lies in one zone of one node. */
  private boolean hasFreeBlock(int order, long limit) {
    long size = 1L << order;
    for (FrameSpan span : merged()) {
      for (long at = span.start() + size - 1 & -size; at + size <= span.end(); at += size) {
        boolean allFree = free.nextClearBit((int) at) >= at + size;
        if (allFree && at + size <= limit) {
          return true;
        }
      }
    }
    return false;
  }

  private List<FrameSpan> merged() {
    List<FrameSpan> result = new ArrayList<>();
    for (FrameSpan span : spans) {
      FrameSpan last = result.isEmpty() ? new FrameSpan(-1, 0, -1) : result.getLast();
      if (last.end() == span.start() && last.node() == span.node()) {
        result.removeLast();
        result.add(new FrameSpan(last.start(), last.frames() + span.frames(), span.node()));
      } else {
        result.add(span);
      }
    }
    return result;
  }

  private void take(long frame, long count) {
    Expect.that(free.nextClearBit((int) frame) >= frame + count, "was not free: " + frame);
    free.clear((int) frame, (int) (frame + count));
    live.put(frame, count);
  }

  private void freeOne() {
    if (!live.isEmpty()) {
      free(pick());
    }
  }

  private long pick() {
    List<Long> frames = new ArrayList<>(live.keySet());
    return frames.get(random.nextInt(frames.size()));
  }

  private void free(long frame) {
    long count = Objects.requireNonNull(live.remove(frame));
    boolean block = Long.bitCount(count) == 1 && (frame & (count - 1)) == 0 && count <= 1024;
    if (block && random.nextInt(5) != 0 && !crossesZones(frame, count)) {
      engine.free(cpu(), frame, Long.numberOfTrailingZeros(count));
    } else {
      engine.freeRange(cpu(), frame, count);
    }
    free.set((int) frame, (int) (frame + count));
  }

  private boolean crossesZones(long frame, long count) {
    return spans.stream().noneMatch(s -> s.start() <= frame && frame + count <= s.end());
  }

  private void allocateAt() {
    FrameSpan span = spans.get(random.nextInt(spans.size()));
    long frame = span.start() + random.nextInt((int) span.frames());
    long count = 1L + random.nextInt(random.nextBoolean() ? 8 : 200);
    boolean expected = free.nextClearBit((int) frame) >= frame + count;
    Expect.equal(expected, engine.allocateAt(cpu(), frame, count, flags()), "at " + frame);
    if (expected) {
      take(frame, count);
    }
  }

  private void allocateContiguous() {
    long count = 1L + random.nextInt(random.nextBoolean() ? 8 : 300);
    long low = random.nextBoolean() ? 0 : random.nextInt(2000);
    long high = random.nextBoolean() ? Long.MAX_VALUE : low + 1 + random.nextInt(6000);
    long align = 1L << random.nextInt(6);
    long boundary = random.nextBoolean() ? 0 : 1L << random.nextInt(12);
    FrameConstraints where = new FrameConstraints(low, high, align, boundary);
    long frame = engine.allocateContiguous(cpu(), count, where, 0);
    if (frame == FrameEngine.NONE) {
      Expect.that(!hasRun(count, where), "refused a run of " + count + " at " + where);
    } else {
      Expect.that(fits(frame, count, where), frame + " against " + where);
      take(frame, count);
    }
  }

  private boolean fits(long frame, long count, FrameConstraints where) {
    boolean crosses =
        where.boundary() != 0 && frame / where.boundary() != (frame + count - 1) / where.boundary();
    return frame >= where.low()
        && frame <= where.high() - count
        && frame % where.align() == 0
        && !crosses;
  }

  private boolean hasRun(long count, FrameConstraints where) {
    for (int at = free.nextSetBit(0); at >= 0; at = free.nextSetBit(at + 1)) {
      if (free.nextClearBit(at) >= at + count && fits(at, count, where)) {
        if (!zoneRuns || isInOneZone(at, count)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isInOneZone(long frame, long count) {
    long last = frame + count - 1;
    boolean oneKind =
        frame < DMA32_START == last < DMA32_START && frame < NORMAL_START == last < NORMAL_START;
    return oneKind && merged().stream().anyMatch(s -> s.start() <= frame && last < s.end());
  }

  private void freePart() {
    if (live.isEmpty()) {
      return;
    }
    long frame = pick();
    long count = Objects.requireNonNull(live.remove(frame));
    long from = frame + random.nextLong(count);
    long length = 1 + random.nextLong(frame + count - from);
    engine.freeRange(cpu(), from, length);
    free.set((int) from, (int) (from + length));
    if (from > frame) {
      live.put(frame, from - frame);
    }
    if (from + length < frame + count) {
      live.put(from + length, frame + count - from - length);
    }
  }

  private void bulk() {
    long[] frames = new long[1 + random.nextInt(100)];
    int order = random.nextInt(3);
    int got = engine.allocateBulk(cpu(), order, flags(), frames, 0, frames.length);
    for (int i = 0; i < got; i++) {
      take(frames[i], 1L << order);
    }
    if (random.nextBoolean()) {
      engine.freeBulk(cpu(), order, frames, 0, got);
      for (int i = 0; i < got; i++) {
        live.remove(frames[i]);
        free.set((int) frames[i], (int) (frames[i] + (1L << order)));
      }
    }
  }

  private void misuse() {
    FrameSpan span = spans.get(random.nextInt(spans.size()));
    long frame = span.start() + random.nextInt((int) span.frames());
    int order = random.nextInt(11);
    Map.Entry<Long, Long> at = live.floorEntry(frame);
    boolean exact = at != null && at.getKey() == frame && at.getValue() == 1L << order;
    if (!exact) {
      Expect.refused(
          MisuseException.class, () -> engine.free(cpu(), frame, order), "free of " + frame);
    }
    long count = 1L + random.nextInt(40);
    boolean covered = true;
    for (long f = frame; f < frame + count; f++) {
      Map.Entry<Long, Long> range = live.floorEntry(f);
      covered &= range != null && f < range.getKey() + range.getValue();
    }
    if (!covered) {
      Expect.refused(
          MisuseException.class, () -> engine.freeRange(cpu(), frame, count), "range " + frame);
    }
  }

  private void compare() {
    Expect.that(engine.checkInvariants() > 0, "no fact was checked");
    Expect.equal((long) free.cardinality(), engine.freeFrames(), "free frames");
    CensusCount expected = new CensusCount();
    live.forEach((frame, count) -> expected.visit(frame, count, 0));
    long managed = spans.stream().mapToLong(FrameSpan::frames).sum();
    Expect.equal(expected.summary(managed), engine.census(), "census");
    TreeMap<Long, Long> seen = new TreeMap<>();
    engine.walk((base, size, attributes) -> {
      return seen.put(base, size) == null;
    });
    Expect.equal(live, seen, "walk");
  }

  private void freeAll() {
    while (!live.isEmpty()) {
      free(live.firstKey());
    }
    engine.drain();
    compare();
    Expect.equal(0L, engine.census().liveCount(), "live at the end");
    FrameEngine fresh = opener.open(new Ram(cpus, spans), random);
    for (int i = 0; i < fresh.zones().size(); i++) {
      Expect.equal(fresh.zones().get(i).freeBlocks(), engine.zones().get(i).freeBlocks(), "merged");
    }
  }
}
