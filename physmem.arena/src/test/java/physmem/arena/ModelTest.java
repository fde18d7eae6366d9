package physmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

/** Random operations against a naive reference: a sorted map of live ranges and a set of frames. */
class ModelTest {
  private static final int STEPS = 400;
  private static final long DMA32_START = 4096; // frames
  private static final long NORMAL_START = 1L << 20;

  private final TreeMap<Long, Long> live = new TreeMap<>(); // first frame to length
  private final BitSet free = new BitSet(); // by frame, holes of the address space squeezed
  private final List<FrameSpan> spans = new ArrayList<>();
  private Random random = new Random(0);
  private ArenaFrames engine = TestRam.spans(1, 0, 1).open();
  private int cpus;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void shouldAgreeWithTheReferenceAtEachStep(long seed) {
    random = new Random(seed);
    boot();
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

  private void boot() {
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
    cpus = 1 + random.nextInt(3);
    engine =
        TestRam.of(cpus, spans.toArray(FrameSpan[]::new))
            .open(
                "policy",
                List.of("instant", "best", "first", "next").get(random.nextInt(4)),
                "cacheOrder",
                String.valueOf(random.nextInt(6) - 1),
                "magazineRounds",
                String.valueOf(2 + random.nextInt(20)));
    spans.forEach(span -> free.set((int) span.start(), (int) span.end()));
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
      assertEquals(0, frame & ((1L << order) - 1), "aligned");
      long limit = limit(flags);
      assertTrue(frame + (1L << order) <= limit, frame + " is below " + limit);
      take(frame, 1L << order);
    } else {
      assertFalse(hasFreeBlock(order, limit(flags)), "refused order " + order);
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
      for (long at = (span.start() + size - 1) / size * size; at + size <= span.end(); at += size) {
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
    assertTrue(free.nextClearBit((int) frame) >= frame + count, "was free: " + frame);
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
    assertEquals(expected, engine.allocateAt(cpu(), frame, count, flags()), "at " + frame);
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
      assertFalse(hasRun(count, where), "run of " + count + " at " + where);
    } else {
      assertTrue(fits(frame, count, where), frame + " against " + where);
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

  /** Whether a run fits into what is free of one zone of one node. */
  private boolean hasRun(long count, FrameConstraints where) {
    return merged().stream()
        .anyMatch(span ->
            hasRun(span, 0, DMA32_START, count, where)
                || hasRun(span, DMA32_START, NORMAL_START, count, where)
                || hasRun(span, NORMAL_START, Integer.MAX_VALUE, count, where));
  }

  private boolean hasRun(FrameSpan span, long low, long high, long count, FrameConstraints where) {
    long end = Math.min(span.end(), high);
    for (long at = Math.max(span.start(), low); at + count <= end; at++) {
      if (fits(at, count, where) && free.nextClearBit((int) at) >= at + count) {
        return true;
      }
    }
    return false;
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
      assertThrows(MisuseException.class, () -> engine.free(cpu(), frame, order));
    }
    long count = 1L + random.nextInt(40);
    boolean covered = true;
    for (long f = frame; f < frame + count; f++) {
      Map.Entry<Long, Long> range = live.floorEntry(f);
      covered &= range != null && f < range.getKey() + range.getValue();
    }
    if (!covered) {
      assertThrows(MisuseException.class, () -> engine.freeRange(cpu(), frame, count));
    }
  }

  private void compare() {
    assertTrue(engine.checkInvariants() > 0);
    assertEquals(free.cardinality(), engine.freeFrames(), "free frames");
    CensusCount expected = new CensusCount();
    live.forEach((frame, count) -> expected.visit(frame, count, 0));
    long managed = spans.stream().mapToLong(FrameSpan::frames).sum();
    assertEquals(expected.summary(managed), engine.census());
    TreeMap<Long, Long> seen = new TreeMap<>();
    engine.walk((base, size, attributes) -> {
      return seen.put(base, size) == null;
    });
    assertEquals(live, seen);
  }

  private void freeAll() {
    while (!live.isEmpty()) {
      free(live.firstKey());
    }
    engine.drain();
    compare();
    assertEquals(CensusSummary.EMPTY.liveCount(), engine.census().liveCount());
    ArenaFrames fresh = TestRam.of(cpus, spans.toArray(FrameSpan[]::new)).open();
    for (int i = 0; i < fresh.zones().size(); i++) {
      assertEquals(fresh.zones().get(i).freeBlocks(), engine.zones().get(i).freeBlocks(), "merged");
    }
  }
}
