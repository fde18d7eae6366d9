package ${package};

import allocator.api.MisuseException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

/** Random operations on a frame allocator and on a set of frames, which must agree. */
final class Model {
  private final FrameEngine engine;
  private final int seed;
  private final Random random;
  private final BitSet free = new BitSet();
  private final int end;
  private final TreeMap<Long, Long> live = new TreeMap<>(); // first frame to length

  Model(FrameEngine engine, List<FrameSpan> spans, int seed) {
    this.engine = engine;
    this.seed = seed;
    this.random = new Random(seed);
    spans.forEach(span -> free.set((int) span.start(), (int) span.end()));
    this.end = free.length();
  }

  /** Makes some steps and frees all. */
  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> allocate();
        case 2 -> allocateRun();
        case 3 -> allocateAt();
        case 4 -> misuse();
        default -> free();
      }
      compare(step % 32 == 0);
    }
    while (!live.isEmpty()) {
      free();
    }
    compare(true);
  }

  private void allocate() {
    int order = random.nextInt(11);
    int zone = random.nextInt(3) << 2;
    long size = 1L << order;
    long limit = zone == FrameFlags.DMA ? 4096 : end;
    take(engine.allocate(0, order, zone), size, new FrameConstraints(0, limit, size, 0));
  }

  private void allocateRun() {
    long count = 1 + random.nextInt(300);
    long low = random.nextInt(end);
    long high = low + 1 + random.nextInt(end);
    long boundary = random.nextBoolean() ? 0 : 1L << random.nextInt(10);
    FrameConstraints where = new FrameConstraints(low, high, 1L << random.nextInt(6), boundary);
    take(engine.allocateContiguous(0, count, where, 0), count, where);
  }

  private void allocateAt() {
    long frame = random.nextInt(end);
    long count = 1 + random.nextInt(20);
    boolean expected = isFree(frame, count);
    expect(engine.allocateAt(0, frame, count, 0) == expected, "allocateAt", frame, count);
    if (expected) {
      add(frame, count);
    }
  }

  private void take(long frame, long count, FrameConstraints where) {
    if (frame == FrameEngine.NONE) {
      for (long at = where.low(); at < end; at++) {
        expect(!isFree(at, count) || !fits(at, count, where), "refused although free", at, count);
      }
      return;
    }
    expect(fits(frame, count, where), "outside of " + where, frame, count);
    expect(isFree(frame, count), "handed out twice", frame, count);
    add(frame, count);
  }

  private static boolean fits(long frame, long count, FrameConstraints where) {
    long boundary = where.boundary();
    return frame >= where.low()
        && frame + count <= where.high()
        && frame % where.align() == 0
        && (boundary == 0 || frame / boundary == (frame + count - 1) / boundary);
  }

  private boolean isFree(long frame, long count) {
    return free.nextClearBit((int) frame) >= frame + count;
  }

  private void add(long frame, long count) {
    free.clear((int) frame, (int) (frame + count));
    live.put(frame, count);
  }

  private void free() {
    Map.Entry<Long, Long> any = live.ceilingEntry((long) random.nextInt(end));
    Map.Entry<Long, Long> range = any == null ? live.pollFirstEntry() : any;
    if (range == null) {
      return;
    }
    live.remove(range.getKey());
    long frame = range.getKey();
    long count = range.getValue();
    boolean block = Long.bitCount(count) == 1 && count <= 1024 && frame % count == 0;
    if (block && random.nextBoolean()) {
      engine.free(0, frame, Long.numberOfTrailingZeros(count));
    } else {
      engine.freeRange(0, frame, count);
    }
    free.set((int) frame, (int) (frame + count));
  }

  private void misuse() {
    long frame = random.nextInt(end);
    Map.Entry<Long, Long> range = live.floorEntry(frame);
    if (range == null || range.getKey() != frame || range.getValue() != 1) {
      try {
        engine.free(0, frame, 0);
        expect(false, "a wrong free was taken", frame, 1);
      } catch (MisuseException e) {
        expect(!e.getMessage().isBlank(), "no message", frame, 1);
      }
    }
  }

  private void compare(boolean all) {
    expect(engine.freeFrames() == free.cardinality(), "free frames", engine.freeFrames(), 0);
    if (all) {
      expect(engine.checkInvariants() > 0, "nothing checked", 0, 0);
      TreeMap<Long, Long> seen = new TreeMap<>();
      engine.walk((base, size, attributes) -> seen.put(base, size) == null);
      expect(seen.equals(live), "walk", seen.size(), live.size());
    }
  }

  private void expect(boolean fact, String what, long frame, long count) {
    if (!fact) {
      throw new AssertionError("seed %d: %s: 0x%x, %d".formatted(seed, what, frame, count));
    }
  }
}
