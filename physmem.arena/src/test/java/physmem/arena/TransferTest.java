package physmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameFlags;

/** Taking over: from another allocator's list of ranges, and in place. */
class TransferTest {
  private static final long BASE = (1 << 20) - 8192; // two zones
  private static final int FRAMES = 65536;

  private final TestRam ram = TestRam.spans(2, BASE, FRAMES, BASE + 4 * FRAMES, FRAMES);
  private final ArenaFrames engine = ram.open();

  /** Pairs of first frame and length. */
  private static Estate estate(List<Long> ranges) {
    return new Estate() {
      @Override
      public void managed(RangeVisitor visitor) {
        visitor.visit(BASE, FRAMES, 0);
        visitor.visit(BASE + 4 * FRAMES, FRAMES, 0);
      }

      @Override
      public void live(RangeVisitor visitor) {
        for (int i = 0; i < ranges.size(); i += 2) {
          visitor.visit(ranges.get(i), ranges.get(i + 1), 0);
        }
      }

      @Override
      public CensusSummary census() {
        CensusCount count = new CensusCount();
        live(count);
        return count.summary(2 * FRAMES);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldRepresentRangesOfAnyLengthAnywhere(long seed) {
    Random random = new Random(seed);
    List<Long> ranges = new ArrayList<>();
    long at = BASE;
    while (at < BASE + FRAMES) {
      long length = 1L + random.nextInt(random.nextInt(4) == 0 ? 3000 : 5);
      length = Math.min(length, BASE + FRAMES - at);
      ranges.add(at);
      ranges.add(length);
      at += length + (random.nextBoolean() ? 0 : random.nextInt(600));
    }
    Estate estate = estate(ranges);
    engine.rebuild(estate, true);
    assertEquals(0, engine.census().liveCount(), "a dry run changes nothing, seed " + seed);
    engine.rebuild(estate, false);
    engine.checkInvariants();
    assertEquals(estate.census().checksum(), engine.census().checksum(), "seed " + seed);
    for (int i = 0; i < ranges.size(); i += 2) {
      engine.freeRange(0, ranges.get(i), ranges.get(i + 1));
    }
    assertEquals(2 * FRAMES, engine.freeFrames(), "seed " + seed);
    engine.checkInvariants();
  }

  @Test
  void shouldRefuseARangeThatItDoesNotHave() {
    Estate foreign = estate(List.of(BASE, 3L, BASE + FRAMES - 2, 4L));
    for (boolean dry : new boolean[] {true, false}) {
      Exception e =
          assertThrows(TransferRefusedException.class, () -> engine.rebuild(foreign, dry));
      assertTrue(String.valueOf(e.getMessage()).contains("0x10dffe"), e.getMessage());
      assertEquals(0, engine.census().liveCount());
      engine.checkInvariants();
    }
  }

  @Test
  void shouldRefuseRangesThatOverlapAndBeEmptyAgain() {
    Estate twice = estate(List.of(BASE, 2000L, BASE + 3000, 7L, BASE + 1999, 2L));
    assertThrows(TransferRefusedException.class, () -> engine.rebuild(twice, false));
    assertEquals(0, engine.census().liveCount());
    assertEquals(2 * FRAMES, engine.freeFrames());
    engine.checkInvariants();
    Estate whole = estate(List.of(BASE + 5, 1L, BASE, 512L));
    assertThrows(TransferRefusedException.class, () -> engine.rebuild(whole, false));
    engine.checkInvariants();
  }

  @Test
  void shouldRememberTheOrderAndFlagsOfBlocksAndTellRuns() {
    Estate estate =
        new Estate() {
          @Override
          public void managed(RangeVisitor visitor) {
            visitor.visit(BASE, FRAMES, 0);
            visitor.visit(BASE + 4 * FRAMES, FRAMES, 0);
          }

          @Override
          public void live(RangeVisitor visitor) {
            visitor.visit(BASE, 4, FrameFlags.attributes(2, FrameFlags.MOVABLE));
            visitor.visit(BASE + 8, 8, FrameFlags.attributes(FrameFlags.RUN, FrameFlags.DMA32));
            visitor.visit((1 << 20) - 4, 8, FrameFlags.attributes(FrameFlags.RUN, 0)); // two zones
          }

          @Override
          public CensusSummary census() {
            CensusCount count = new CensusCount();
            live(count);
            return count.summary(2 * FRAMES);
          }
        };
    engine.rebuild(estate, false);
    assertEquals(estate.census(), engine.census());
    List<Long> seen = new ArrayList<>();
    engine.walk((base, size, attributes) -> seen.add(attributes));
    assertEquals(
        List.of(
            FrameFlags.attributes(2, FrameFlags.MOVABLE),
            FrameFlags.attributes(FrameFlags.RUN, FrameFlags.DMA32),
            FrameFlags.attributes(FrameFlags.RUN, 0)),
        seen);
    engine.freeRange(0, (1 << 20) - 2, 4);
    engine.freeRange(0, (1 << 20) - 4, 2);
    engine.freeRange(0, (1 << 20) + 2, 2);
    engine.free(0, BASE, 2);
    engine.free(0, BASE + 8, 3);
    assertEquals(2 * FRAMES, engine.freeFrames());
    engine.checkInvariants();
  }
}
