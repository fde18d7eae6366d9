package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;

/**
 * A client that remembers what it holds and what call it is in, so that one can say after its end
 * what must be live and what may be.
 */
final class CrashClient {
  private static final int MAX_ORDER = 10;

  private final Random random;
  private final long border; // no block goes across

  /** What the client holds: first frame to length. */
  final NavigableMap<Long, Long> held = new TreeMap<>();

  /** Length of what the call under way allocates, or 0. */
  long wanted;

  /** How many of these the call under way may have made. */
  int many;

  /** Where it does so, or -1 if anywhere. */
  long place;

  /** What the call under way frees: pairs of first frame and length. */
  List<long[]> freeing = List.of();

  CrashClient(long seed, long border) {
    this.random = new Random(seed);
    this.border = border;
  }

  /** Makes one random call. */
  void step(LlfreeFrames engine, int cpu, long base, long frames) {
    boolean full = held.size() > 40 || random.nextInt(8) == 0;
    if (!held.isEmpty() && (full || random.nextBoolean())) {
      free(engine, cpu);
    } else {
      allocate(engine, cpu, base, frames);
    }
  }

  private void allocate(LlfreeFrames engine, int cpu, long base, long frames) {
    int order = random.nextInt(MAX_ORDER + 1);
    switch (random.nextInt(6)) {
      case 0 -> {
        long count = 1L + random.nextInt(random.nextBoolean() ? 90 : 1300);
        want(count, 1, -1);
        keep(engine.allocateContiguous(cpu, count, FrameConstraints.ANYWHERE, 0), count);
      }
      case 1 -> {
        long count = 1L + random.nextInt(random.nextBoolean() ? 90 : 1300);
        long frame = base + random.nextLong(frames);
        want(count, 1, frame);
        boolean taken = engine.allocateAt(cpu, frame, count, 0);
        keep(taken ? frame : FrameEngine.NONE, count);
      }
      case 2 -> bulk(engine, cpu, order);
      default -> {
        want(1L << order, 1, -1);
        keep(engine.allocate(cpu, order, 0), 1L << order);
      }
    }
    want(0, 0, -1);
  }

  private void bulk(LlfreeFrames engine, int cpu, int order) {
    long[] into = new long[1 + random.nextInt(order < 6 ? 20 : 3)];
    want(1L << order, into.length, -1);
    int got = engine.allocateBulk(cpu, order, 0, into, 0, into.length);
    for (int i = 0; i < got; i++) {
      keep(into[i], 1L << order);
    }
  }

  private void want(long length, int times, long where) {
    wanted = length;
    many = times;
    place = where;
  }

  private void keep(long frame, long length) {
    if (frame != FrameEngine.NONE) {
      hold(held, frame, length);
    }
  }

  /** Puts a range into a map of disjoint ones. */
  static void hold(NavigableMap<Long, Long> ranges, long frame, long length) {
    Map.Entry<Long, Long> before = ranges.lowerEntry(frame + length);
    assertTrue(
        before == null || before.getKey() + before.getValue() <= frame,
        () -> "frames [%x, +%x) were handed out twice".formatted(frame, length));
    assertNull(ranges.put(frame, length));
  }

  private Map.Entry<Long, Long> any() {
    long from = held.firstKey() + random.nextLong(held.lastKey() - held.firstKey() + 1);
    return held.ceilingEntry(from);
  }

  private void free(LlfreeFrames engine, int cpu) {
    Map.Entry<Long, Long> one = any();
    long frame = one.getKey();
    long length = one.getValue();
    if (isBlock(frame, length) && random.nextInt(4) != 0) {
      freeBlocks(engine, cpu, frame, length);
    } else {
      freePart(engine, cpu, frame, length);
    }
    freeing = List.of();
  }

  private boolean isBlock(long frame, long length) {
    boolean across = frame < border && frame + length > border;
    return Long.bitCount(length) == 1
        && length <= 1L << MAX_ORDER
        && (frame & length - 1) == 0
        && !across;
  }

  private void freeBlocks(LlfreeFrames engine, int cpu, long frame, long length) {
    int order = Long.numberOfTrailingZeros(length);
    if (random.nextBoolean()) {
      freeing = List.of(new long[] {frame, length});
      engine.free(cpu, frame, order);
      held.remove(frame);
      return;
    }
    List<Long> alike = new ArrayList<>();
    held.forEach((first, size) -> {
      if (size == length && isBlock(first, size)) {
        alike.add(random.nextInt(alike.size() + 1), first); // in any order
      }
    });
    freeing = alike.stream().map(first -> new long[] {first, length}).toList();
    long[] frames = alike.stream().mapToLong(Long::longValue).toArray();
    engine.freeBulk(cpu, order, frames, 0, frames.length);
    alike.forEach(held::remove);
  }

  /** Frees from somewhere in a range to somewhere in it or in one that follows at once. */
  private void freePart(LlfreeFrames engine, int cpu, long frame, long length) {
    long skip = random.nextBoolean() ? 0 : random.nextLong(length);
    long end = frame + length;
    while (random.nextBoolean() && held.containsKey(end)) {
      end += held.get(end);
    }
    end -= random.nextBoolean() ? 0 : random.nextLong(Math.min(end - frame - skip, 100));
    freeing = List.of(new long[] {frame + skip, end - frame - skip});
    engine.freeRange(cpu, frame + skip, end - frame - skip);
    cut(held, frame + skip);
    cut(held, end);
    held.subMap(frame + skip, end).clear();
  }

  /** {@return the ranges that have frames in a run} */
  List<Map.Entry<Long, Long>> heldIn(long from, long to) {
    Map.Entry<Long, Long> before = held.floorEntry(from);
    boolean reaches = before != null && before.getKey() + before.getValue() > from;
    long first = before != null && reaches ? before.getKey() : from;
    NavigableMap<Long, Long> ranges = new TreeMap<>(held.subMap(first, to));
    return List.copyOf(ranges.entrySet());
  }

  /** Makes a frame inside a range the first of a range of its own. */
  static void cut(NavigableMap<Long, Long> ranges, long frame) {
    Map.Entry<Long, Long> around = ranges.lowerEntry(frame);
    if (around != null && around.getKey() + around.getValue() > frame) {
      long first = around.getKey();
      ranges.put(frame, first + around.getValue() - frame);
      ranges.put(first, frame - first);
    }
  }
}
