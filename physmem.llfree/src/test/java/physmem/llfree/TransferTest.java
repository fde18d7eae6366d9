package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.RangeVisitor;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameEngine;

/** Taking over: from another allocator's list of ranges, and in place. */
class TransferTest {
  private static final long BASE = (1 << 20) - 8192; // two zones
  private static final int FRAMES = 65536;

  private final TestRam ram = TestRam.spans(2, BASE, FRAMES, BASE + 4 * FRAMES, FRAMES);
  private final LlfreeFrames engine = ram.open();

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
  void shouldTakeOverInPlace() {
    long[] frames = new long[1000];
    assertEquals(1000, engine.allocateBulk(0, 0, 0, frames, 0, 1000));
    long huge = engine.allocate(1, 10, 0);
    CensusSummary before = engine.census();
    LlfreeFrames next = ram.open();
    int own = ram.reserved().size() / 2;
    next.adopt(engine.exportState(Handover.FORM));
    assertEquals(ram.reserved().subList(own, 2 * own), ram.released(), "its own go back");
    engine.handedOver();
    engine.close();
    assertEquals(own, ram.released().size(), "the predecessor leaves them alone");
    assertEquals(before, next.census());
    next.checkInvariants();
    next.freeBulk(1, 0, frames, 0, 1000);
    next.free(0, huge, 10);
    assertNotEquals(FrameEngine.NONE, next.allocate(0, 3, 0));
    assertEquals(2 * FRAMES - 8, next.freeFrames());
    next.checkInvariants();
    next.close();
    assertEquals(2 * own, ram.released().size());
  }

  @Test
  void shouldRefuseToTakeOverAnotherGeometry() {
    engine.allocate(0, 0, 0);
    LayoutState state = engine.exportState(Handover.FORM);
    LlfreeFrames small = ram.open("trees", "4");
    assertThrows(TransferRefusedException.class, () -> small.adopt(state));
    LlfreeFrames other = TestRam.spans(2, BASE, FRAMES).open();
    assertThrows(TransferRefusedException.class, () -> other.adopt(state));
    LlfreeFrames same = ram.open();
    LayoutState cut =
        new LayoutState(state.form(), state.segments().subList(0, 3), state.figures());
    assertThrows(TransferRefusedException.class, () -> same.adopt(cut));
    LayoutState later =
        new LayoutState(new TransferForm("physmem.llfree", 2), state.segments(), Map.of());
    assertThrows(TransferRefusedException.class, () -> same.adopt(later));
    assertThrows(TransferRefusedException.class, () -> engine.exportState(later.form()));
    assertEquals(0, same.census().liveCount());
    same.checkInvariants();
    assertEquals(1, engine.census().liveCount());
  }
}
