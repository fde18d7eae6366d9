package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import physmem.api.FrameSpan;

final class EarlyFramesTest {
  private static final int FRAMES = 5_000;

  private static List<FrameSpan> memory(Random random) {
    List<FrameSpan> memory = new ArrayList<>();
    for (int at = random.nextInt(3); at < FRAMES; ) {
      int length = 1 + random.nextInt(400);
      memory.add(new FrameSpan(at, length, random.nextInt(3)));
      at += length + (random.nextInt(3) == 0 ? 0 : random.nextInt(300)); // some touch
    }
    return memory;
  }

  @RepeatedTest(30)
  void shouldAgreeWithABitset(RepetitionInfo repetition) {
    long seed = 31L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    List<FrameSpan> memory = memory(random);
    EarlyFrames early = new EarlyFrames(memory);
    BitSet ram = new BitSet();
    memory.forEach(span -> ram.set((int) span.start(), (int) span.end()));
    BitSet free = (BitSet) ram.clone();
    int lowest = random.nextInt(FRAMES);
    early.preferFrom(lowest);
    for (int step = 0; step < 300; step++) {
      String message = "seed %d, step %d".formatted(seed, step);
      if (random.nextInt(3) == 0) {
        int start = random.nextInt(FRAMES);
        int count = 1 + random.nextInt(20);
        early.reserve(start, count);
        free.clear(start, start + count);
      } else {
        int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 150 : 3);
        int align = 1 << random.nextInt(5);
        int expected = expected(free, memory, lowest, count, align);
        assertEquals(expected, early.take(count, align), message);
        if (expected >= 0) {
          free.clear(expected, expected + count);
        }
      }
      assertEquals(free, bits(early.free()), message);
      assertEquals(ram.cardinality() - free.cardinality(), early.reservedFrames(), message);
    }
    for (int frame = ram.nextSetBit(0); frame >= 0; frame = ram.nextSetBit(frame + 1)) {
      assertEquals(!free.get(frame), early.isReserved(frame), "seed " + seed + ", frame " + frame);
    }
  }

  private static BitSet bits(List<FrameSpan> spans) {
    BitSet bits = new BitSet();
    spans.forEach(span -> bits.set((int) span.start(), (int) span.end()));
    return bits;
  }

  // The lowest place from one frame on that is free and within one span; else from frame 0 on.
  private static int expected(
      BitSet free, List<FrameSpan> memory, int lowest, int count, int align) {
    for (int from : new int[] {lowest, 0}) {
      for (int at = (from + align - 1) & -align; at < FRAMES + 500; at += align) {
        int start = at;
        boolean inSpan =
            memory.stream().anyMatch(s -> s.start() <= start && start + count <= s.end());
        int taken = free.nextClearBit(start);
        if (inSpan && taken >= start + count) {
          return start;
        }
      }
    }
    return -1;
  }

  @Test
  void shouldKeepNodesApartInWhatIsFree() {
    EarlyFrames early = new EarlyFrames(List.of(new FrameSpan(0, 10, 0), new FrameSpan(10, 10, 1)));
    early.reserve(9, 2);
    assertEquals(List.of(new FrameSpan(0, 9, 0), new FrameSpan(11, 9, 1)), early.free());
  }

  @Test
  void shouldHandOutSingleFramesUntilThereIsNone() {
    EarlyFrames early = new EarlyFrames(List.of(new FrameSpan(5, 3, 0)));
    assertEquals(5, early.take());
    assertEquals(6, early.take());
    assertEquals(7, early.take());
    assertEquals(EarlyFrames.NONE, early.take());
    assertThrows(IllegalStateException.class, () -> early.give(5));
  }

  @Test
  void shouldHoldManyReservations() {
    EarlyFrames early = new EarlyFrames(List.of(new FrameSpan(0, 10_000, 0)));
    for (int frame = 0; frame < 10_000; frame += 2) {
      early.reserve(frame, 1);
    }
    assertEquals(5_000, early.reservedFrames());
    assertTrue(early.isReserved(9_998));
    assertFalse(early.isReserved(9_999));
    early.reserve(0, 10_000);
    assertEquals(List.of(), early.free());
  }
}
