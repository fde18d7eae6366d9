package physmem.bitmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** The bitmap on small RAM with round figures. */
class BitmapFramesTest {
  private static final long BASE = 1 << 20; // 4 GiB

  private final TestRam ram = TestRam.spans(2, 0, 64);
  private final BitmapFrames engine = ram.open();

  @Test
  void shouldServeEveryOrderAlignedAndDisjoint() {
    BitmapFrames wide = TestRam.spans(1, BASE + 3, 8192).open();
    long sum = 0;
    for (int order = 0; order <= wide.maxOrder(); order++) {
      long frame = wide.allocate(0, order, 0);
      assertEquals(0, frame & (1L << order) - 1, "aligned");
      sum += 1L << order;
      wide.checkInvariants();
    }
    assertEquals(sum, wide.census().liveUnits());
    assertEquals(11, wide.census().liveCount());
  }

  @Test
  void shouldGoOnBehindTheLastBlockAndRoundOnce() {
    for (long frame = 0; frame < 64; frame++) {
      assertEquals(frame, engine.allocate(0, 0, 0));
    }
    engine.free(0, 5, 0);
    engine.free(0, 40, 0);
    assertEquals(5, engine.allocate(0, 0, 0), "from the lowest again");
    engine.free(0, 5, 0);
    assertEquals(40, engine.allocate(0, 0, 0), "behind the last one");
    assertEquals(5, engine.allocate(0, 0, 0));
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, 0));
  }

  @Test
  void shouldTakeTheLowestIfToldSo() {
    BitmapFrames first = TestRam.spans(1, 0, 64).open("fit", "first");
    first.allocate(0, 3, 0);
    first.allocate(0, 0, 0);
    first.free(0, 0, 3);
    assertEquals(0, first.allocate(0, 0, 0));
  }

  @Test
  void shouldCountTheWordsItLooksAt() {
    BitmapFrames wide = TestRam.spans(1, 0, 6400).open();
    long[] frames = new long[6400];
    assertEquals(6400, wide.allocateBulk(0, 0, 0, frames, 0, 6400));
    long before = searched(wide);
    assertEquals(FrameEngine.NONE, wide.allocate(0, 0, 0));
    assertEquals(100, searched(wide) - before, "a failure looks at all of them");
  }

  private static long searched(BitmapFrames engine) {
    return engine.statistics().stream()
        .filter(each -> each.name().equals("words_searched"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void shouldEndAtTheLimitOfTheZone() {
    BitmapFrames wide = TestRam.spans(1, 4000, 200, BASE - 10, 20).open();
    long[] frames = new long[300];
    assertEquals(96, wide.allocateBulk(0, 0, FrameFlags.DMA, frames, 0, 300));
    assertEquals(114, wide.allocateBulk(0, 0, FrameFlags.DMA32, frames, 0, 300));
    assertEquals(10, wide.allocateBulk(0, 0, 0, frames, 0, 300));
    FrameConstraints anywhere = FrameConstraints.ANYWHERE;
    assertEquals(FrameEngine.NONE, wide.allocateContiguous(0, 1, anywhere, FrameFlags.DMA));
    wide.freeRange(0, BASE, 10);
    assertEquals(FrameEngine.NONE, wide.allocateContiguous(0, 1, anywhere, FrameFlags.DMA32));
    assertEquals(BASE, wide.allocateContiguous(0, 10, anywhere, 0));
    assertEquals(
        List.of("DMA", "DMA32", "Normal"), wide.zones().stream().map(ZoneReport::name).toList());
    assertEquals(List.of(96L, 114L, 10L), wide.zones().stream().map(ZoneReport::managed).toList());
  }

  @Test
  void shouldNotReachAcrossAHole() {
    BitmapFrames two = TestRam.spans(1, 0, 1024, 1025, 1023).open();
    assertEquals(FrameEngine.NONE, two.allocateContiguous(0, 1025, FrameConstraints.ANYWHERE, 0));
    assertFalse(two.allocateAt(0, 1000, 30, 0));
    assertTrue(two.allocateAt(0, 1025, 1023, 0));
    assertThrows(MisuseException.class, () -> two.freeRange(0, 1024, 4));
    assertEquals(0, two.allocate(0, 10, 0));
    two.checkInvariants();
    assertEquals(0, two.freeFrames());
  }

  @Test
  void shouldCutRuns() {
    assertTrue(engine.allocateAt(0, 10, 20, 0));
    engine.freeRange(0, 14, 2);
    List<Long> seen = new ArrayList<>();
    engine.walk((base, size, attributes) -> seen.add(base) && seen.add(size));
    assertEquals(List.of(10L, 4L, 16L, 14L), seen);
    engine.checkInvariants();
    engine.freeRange(1, 10, 4);
    engine.freeRange(1, 16, 14);
    assertEquals(64, engine.freeFrames());
    engine.checkInvariants();
  }

  @Test
  void shouldRefuseWhatIsNotLiveAndChangeNothing() {
    long block = engine.allocate(0, 3, 0);
    CensusSummary before = engine.census();
    List<Runnable> wrong =
        List.of(
            () -> engine.free(0, block, 2),
            () -> engine.free(0, block, 4),
            () -> engine.free(0, block + 1, 0),
            () -> engine.free(0, 40, 0),
            () -> engine.free(0, 64, 0),
            () -> engine.free(0, -1, 0),
            () -> engine.free(0, Long.MAX_VALUE, 0),
            () -> engine.free(0, block, -1),
            () -> engine.free(0, block, 77),
            () -> engine.freeRange(0, block, 9),
            () -> engine.freeRange(0, block, 0),
            () -> engine.freeRange(0, block, -8),
            () -> engine.freeRange(0, block, Long.MAX_VALUE),
            () -> engine.freeRange(0, -8, 8),
            () -> engine.freeBulk(0, 3, new long[] {block, block}, 0, 2),
            () -> engine.freeBulk(0, 3, new long[] {block, 40}, 0, 2));
    for (Runnable each : wrong) {
      assertThrows(MisuseException.class, each::run);
      assertEquals(before, engine.census());
      engine.checkInvariants();
    }
    engine.free(0, block, 3);
    assertThrows(MisuseException.class, () -> engine.free(0, block, 3), "twice");
  }

  @Test
  void shouldRefuseRequestsThatMakeNoSense() {
    FrameConstraints anywhere = FrameConstraints.ANYWHERE;
    List<Runnable> wrong =
        List.of(
            () -> engine.allocate(0, -1, 0),
            () -> engine.allocate(0, 11, 0),
            () -> engine.allocate(2, 0, 0),
            () -> engine.allocate(-1, 0, 0),
            () -> engine.allocate(0, 0, 3),
            () -> engine.allocate(0, 0, 3 << 2),
            () -> engine.allocateAt(0, -1, 1, 0),
            () -> engine.allocateAt(0, 0, 0, 0),
            () -> engine.allocateAt(0, 5, Long.MAX_VALUE, 0),
            () -> engine.allocateContiguous(0, 0, anywhere, 0),
            () -> engine.allocateContiguous(0, -5, anywhere, 0));
    for (Runnable each : wrong) {
      assertThrows(IllegalArgumentException.class, each::run);
    }
    assertEquals(FrameEngine.NONE, engine.allocateContiguous(0, Long.MAX_VALUE, anywhere, 0));
    assertEquals(64, engine.freeFrames());
    engine.checkInvariants();
  }

  @Test
  void shouldRebuildOrBeEmptyAgain() {
    engine.rebuild(estate(0, 3, 3, 5, 60, 4), true);
    assertEquals(64, engine.freeFrames(), "a dry run changes nothing");
    engine.rebuild(estate(0, 3, 3, 5, 60, 4), false);
    assertEquals(estate(0, 3, 3, 5, 60, 4).census().checksum(), engine.census().checksum());
    engine.checkInvariants();
    for (Estate wrong : List.of(estate(0, 3, 2, 1), estate(63, 2), estate(-1, 1), estate(9, 0))) {
      BitmapFrames other = ram.open();
      assertThrows(TransferRefusedException.class, () -> other.rebuild(wrong, false));
      assertEquals(64, other.freeFrames());
      other.checkInvariants();
    }
  }

  // Pairs of first frame and length.
  private static Estate estate(long... ranges) {
    return new Estate() {
      @Override
      public void managed(RangeVisitor visitor) {
        visitor.visit(0, 64, 0);
      }

      @Override
      public void live(RangeVisitor visitor) {
        for (int i = 0; i < ranges.length; i += 2) {
          visitor.visit(ranges[i], ranges[i + 1], 0);
        }
      }

      @Override
      public CensusSummary census() {
        CensusCount count = new CensusCount();
        live(count);
        return count.summary(64);
      }
    };
  }

  @Test
  void shouldSeeDamagedBits() {
    engine.allocate(0, 2, 0);
    for (MemorySegment part : ram.reserved()) {
      for (long at = 0; at < part.byteSize(); at++) {
        byte before = part.get(ValueLayout.JAVA_BYTE, at);
        part.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1));
        long first = at;
        assertThrows(CorruptionException.class, () -> seen(engine), "byte " + first);
        part.set(ValueLayout.JAVA_BYTE, at, before);
      }
    }
    seen(engine);
  }

  private static void seen(BitmapFrames engine) {
    engine.checkInvariants();
    assertEquals(4, engine.census().liveUnits());
  }

  @Test
  void shouldKeepMetadataInProportionToRamAndNotToAddresses() {
    BitmapFrames sparse = TestRam.spans(1, 1, 1000, 1L << 31, 1000).open();
    assertEquals(2 * 2024 / 8 + 6, sparse.metadataBytes(), "2024 bits twice, in whole words");
  }

  @Test
  void shouldShowNodesAndBlocks() {
    BitmapFrames numa =
        TestRam.of(2, new FrameSpan(BASE, 1024, 0), new FrameSpan(BASE + 1024, 1500, 1)).open();
    List<ZoneReport> zones = numa.zones();
    assertEquals(List.of(0, 1), zones.stream().map(ZoneReport::node).toList());
    assertEquals(1L, zones.getFirst().freeBlocks().getLast());
    assertEquals(List.of(0L, 0L, 1L, 1L, 1L, 0L, 1L, 1L, 1L, 0L, 1L), zones.get(1).freeBlocks());
    assertEquals(1500, zones.get(1).free());
  }

  @Test
  void shouldRefuseSettingsThatItDoesNotKnow() {
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("fit", "best"));
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("fits", "next"));
    assertThrows(IllegalArgumentException.class, TestRam.spans(1, 64, 8, 0, 8)::open);
  }

  @Test
  void shouldRefuseQuietlyAfterItsEnd() {
    engine.close();
    engine.close();
    assertEquals(ram.reserved(), ram.released());
    assertEquals(0, engine.freeFrames());
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, 0));
    assertThrows(MisuseException.class, () -> engine.free(0, 0, 0));
    assertTrue(engine.zones().isEmpty());
  }
}
