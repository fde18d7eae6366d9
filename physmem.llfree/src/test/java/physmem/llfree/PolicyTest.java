package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tree a CPU gets: the policy of the paper's artifact, tag atc23-artifact-eval. */
class PolicyTest {
  private static final int TREE = 16384;
  private static final long BASE = 1 << 20;

  private static long tree(long frame) {
    return (frame - BASE) / TREE;
  }

  @Test
  void shouldTakeThePartlyUsedTreeBeforeAFreeOne() {
    LlfreeFrames engine = TestRam.spans(1, BASE, 64 * TREE).open();
    assertTrue(engine.allocateAt(0, BASE + 40 * TREE, TREE / 2, 0));
    long[] frames = new long[16];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = tree(engine.allocate(0, 10, 0)); // a whole tree
    }
    long next = tree(engine.allocate(0, 0, 0));
    assertNotEquals(40, frames[0], "near the beginning any tree will do, used or free");
    assertNotEquals(frames[0], next);
  }

  @Test
  void shouldTakeAPartlyUsedTreeFarAwayBeforeAFreeOneFarAway() {
    LlfreeFrames engine = TestRam.spans(1, BASE, 8 * TREE).open();
    assertTrue(engine.allocateAt(0, BASE, 8 * TREE, 0));
    engine.freeRange(0, BASE + 2 * TREE, TREE);
    engine.freeRange(0, BASE + 5 * TREE, TREE / 2);
    engine.drain();
    assertEquals(5, tree(engine.allocate(0, 0, 0)), "half used; tree 2 stays whole");
  }

  @ParameterizedTest
  @CsvSource({"1023, 1024, 3", "1024, 1024, 2"})
  void shouldPassOverTreesWithFewerThan1024(int inSecond, int inThird, long expected) {
    LlfreeFrames engine = TestRam.spans(1, BASE, 8 * TREE).open();
    assertTrue(engine.allocateAt(0, BASE, 8 * TREE, 0));
    engine.freeRange(0, BASE + 2 * TREE, inSecond);
    engine.freeRange(0, BASE + 3 * TREE, inThird);
    engine.drain();
    long first = tree(engine.allocate(0, 0, 0));
    assertTrue(first == expected || inSecond == 1024 && first == 3, "tree " + first);
  }

  @Test
  void shouldReserveTheTreeThatACpuKeepsFreeingInto() {
    LlfreeFrames engine = TestRam.spans(2, BASE, 8 * TREE).open();
    long mine = engine.allocate(0, 0, 0);
    long[] other = new long[4000];
    engine.allocateBulk(1, 0, 0, other, 0, 4000);
    long far = tree(other[0]);
    assertNotEquals(tree(mine), far);
    engine.drain(); // the other CPU's tree is nobody's now
    for (int i = 0; i < 4; i++) {
      engine.free(0, other[i], 0);
    }
    long before = tree(engine.allocate(0, 0, 0));
    engine.drain();
    for (int i = 4; i < 9; i++) {
      engine.free(0, other[i], 0);
    }
    assertEquals(far, tree(engine.allocate(0, 0, 0)), "was in tree " + before);
    engine.checkInvariants();
  }

  @Test
  void shouldShareAReservationWhereThereAreFewerTreesThanCpus() {
    LlfreeFrames engine = TestRam.spans(4, BASE, 2 * TREE).open();
    for (int cpu = 0; cpu < 4; cpu++) {
      engine.allocate(cpu, 0, 0);
    }
    long holders =
        engine.zones().getFirst().caches().stream().filter(cache -> cache.count() > 0).count();
    assertEquals(2, holders);
    engine.checkInvariants();
  }

  @Test
  void shouldGoOnWhereTheRowOfTheLastBlockWas() {
    LlfreeFrames engine = TestRam.spans(1, BASE, TREE).open();
    long[] frames = new long[200];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = engine.allocate(0, 0, 0);
    }
    engine.free(0, frames[150], 0);
    engine.free(0, frames[10], 0);
    long row = BASE + 192;
    assertEquals(frames[199] + 1, engine.allocate(0, 0, 0), "not the hole in an earlier row");
    engine.free(0, frames[195], 0);
    assertEquals(row + 3, engine.allocate(0, 0, 0), "but the hole in this row");
  }

  @Test
  void shouldPrintTheStateAsTheOriginalDoes() {
    LlfreeFrames engine = TestRam.spans(1, BASE, 2 * TREE).open();
    engine.allocate(0, 0, 0);
    List<String> lines = engine.report("llfree");
    assertEquals("Node 0, zone Normal: Array4C32 {", lines.getFirst());
    assertEquals("    memory: 0x100000..0x108000 (32768)", lines.get(1));
    assertEquals("    trees: (total: 2, free: 1, partial: 0) (16384 frames)", lines.get(2));
    assertEquals("    free frames: 32767 (63 huge, 2 trees)", lines.get(3));
    assertTrue(lines.get(4).startsWith("    L 0: ReservedTree { free: 16383, start: 0x10"));
  }
}
