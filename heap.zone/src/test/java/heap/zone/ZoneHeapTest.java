package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.TransferRefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the heap does, case by case, in round figures. */
class ZoneHeapTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private final Ground ground = new Ground(128 * MIB);
  private final ZoneHeap heap = ground.heap();

  @AfterEach
  void shouldHoldItsInvariants() {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(heap.footprint(), ground.backedBytes());
    assertEquals(heap.footprint(), heap.census().managedUnits());
  }

  @Test
  void shouldHoldNothingBeforeTheFirstRequest() {
    assertEquals(0, heap.footprint());
    assertEquals(CensusSummary.EMPTY, heap.census());
  }

  @Test
  void shouldRoundUpToClasses() {
    int[][] usable = {
      {0, 16}, {16, 16}, {17, 32}, {65, 96}, {129, 192}, {257, 384}, {8193, 12288}, {16385, 20480}
    };
    for (int[] pair : usable) {
      assertEquals(pair[1], heap.usableSize(heap.allocate(0, pair[0])));
    }
    assertEquals(usable.length, heap.census().liveCount());
  }

  @Test
  void shouldAlignPowersOfTwoToTheirSizeUpToAPage() {
    for (long bytes = 16; bytes <= 16384; bytes *= 2) {
      for (int i = 0; i < 40; i++) {
        assertEquals(0, heap.allocate(0, bytes) & (Math.min(bytes, 4096) - 1));
      }
    }
  }

  @Test
  void shouldAlignOnRequest() {
    for (long align = 1; align <= MIB; align *= 2) {
      for (long bytes : new long[] {0, 10, 90, 96, 180, 3000, 8192, 20_000}) {
        long block = heap.allocateAligned(0, align, bytes);
        assertEquals(0, block & (align - 1), align + " " + bytes);
        assertTrue(heap.usableSize(block) >= bytes);
      }
    }
  }

  @Test
  void shouldTakeTheNextClassWhereOneIsNotAlignedEnough() {
    assertEquals(96, heap.usableSize(heap.allocateAligned(0, 32, 90)));
    assertEquals(64, heap.usableSize(heap.allocateAligned(0, 32, 40)), "48 is not aligned to 32");
    assertEquals(128, heap.usableSize(heap.allocateAligned(0, 64, 90)));
    assertEquals(16384, heap.usableSize(heap.allocateAligned(0, 4096, 12_289)));
    assertEquals(256, heap.usableSize(heap.allocateAligned(0, 256, 1)));
    assertEquals(4096, heap.usableSize(heap.allocateAligned(0, 65536, 1)), "a page of its own");
  }

  @Test
  void shouldZeroWhatIsAskedForZeroed() {
    for (long bytes : new long[] {16, 100, 8192, 20_000}) {
      for (int round = 0; round < 2; round++) {
        long block = heap.allocateZeroed(0, bytes);
        for (long i = 0; i < bytes; i++) {
          assertEquals(0, ground.memory.getByte(block + i));
        }
        ground.memory.fill(block, bytes, (byte) -1);
        heap.free(0, block);
      }
    }
  }

  @Test
  void shouldKeepABlockThatStillFits() {
    long block = heap.allocate(0, 100);
    assertEquals(block, heap.resize(0, block, 128));
    assertEquals(block, heap.resize(0, block, 97));
    assertTrue(heap.resizeInPlace(0, block, 1));
    assertFalse(heap.resizeInPlace(0, block, 129));
  }

  @Test
  void shouldMoveABlockThatChangesItsClass() {
    long block = heap.allocate(0, 100);
    ground.memory.putLong(block + 56, 42);
    long large = heap.resize(0, block, 20_000);
    assertEquals(42, ground.memory.getLong(large + 56));
    long small = heap.resize(0, large, 64); // not in place, as krealloc
    assertEquals(42, ground.memory.getLong(small + 56));
    assertEquals(64, heap.usableSize(small));
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldGrowALargeBlockInPlaceWhereThereIsRoom() {
    long block = heap.allocate(0, 20_000);
    assertEquals(block, heap.resize(0, block, 100_000));
    assertEquals(1, Ground.statistic(heap, "large_extend"));
    assertEquals(102_400, heap.footprint());
    long above = heap.allocate(0, 20_000);
    assertFalse(heap.resizeInPlace(0, block, 200_000));
    assertNotEquals(block, heap.resize(0, block, 200_000));
    heap.free(0, above);
  }

  @Test
  void shouldGiveTheTailOfALargeBlockBack() {
    long block = heap.allocate(0, 100_000);
    assertEquals(block, heap.resize(0, block, 20_000));
    assertEquals(20_480, heap.footprint());
    assertTrue(heap.resizeInPlace(0, block, 1));
    assertEquals(4096, heap.usableSize(block));
    assertEquals(102_400, heap.peakFootprint());
  }

  @Test
  void shouldGiveALargeBlockBackAtOnce() {
    long block = heap.allocate(0, 3 * MIB);
    assertEquals(3 * MIB, heap.footprint());
    heap.free(0, block);
    assertEquals(0, heap.footprint());
    assertEquals(3 * MIB, heap.peakFootprint());
  }

  @Test
  void shouldSayTheSameBeforeAndAfterADrain() {
    long[] blocks = new long[500];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(i & 1, i);
    }
    for (int i = 0; i < blocks.length; i += 2) {
      heap.free(i >> 1 & 1, blocks[i]);
    }
    CensusSummary before = heap.census();
    assertEquals(250, before.liveCount());
    heap.drain();
    CensusSummary after = heap.census();
    assertEquals(before.checksum(), after.checksum());
    assertEquals(before.liveUnits(), after.liveUnits());
  }

  @Test
  void shouldEndAWalkWhenTold() {
    for (int i = 0; i < 10; i++) {
      heap.allocate(0, 8);
      heap.allocate(0, 20_000);
    }
    int[] seen = {0};
    heap.walk((base, size, attributes) -> ++seen[0] < 7);
    assertEquals(7, seen[0]);
    heap.managed((base, size, attributes) -> false);
  }

  @Test
  void shouldCountLikeTheKernel() {
    long[] blocks = new long[70];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 64);
    }
    heap.free(0, blocks[0]);
    String zone = "kalloc.type.var0.64.";
    assertEquals(69, Ground.statistic(heap, zone + "inuse"));
    assertEquals(128, Ground.statistic(heap, zone + "elems_avail"));
    assertEquals(59, Ground.statistic(heap, zone + "elems_free"));
    assertEquals(1, Ground.statistic(heap, zone + "chunk_pages"));
    assertEquals(2, Ground.statistic(heap, zone + "wired_cur"));
    assertEquals(70, Ground.statistic(heap, zone + "alloc"));
    assertEquals(1, Ground.statistic(heap, zone + "free"));
    assertEquals(0, Ground.statistic(heap, zone + "caching"));
    long names = heap.statistics().stream().map(figure -> figure.name()).distinct().count();
    assertEquals(names, heap.statistics().size(), "names are unique");
  }

  @Test
  void shouldOfferNoTransferAndRefuseToRebuild() {
    assertEquals(List.of(), heap.exportForms());
    assertEquals(List.of(), heap.importForms());
    Estate nothing =
        new Estate() {
          @Override
          public void managed(RangeVisitor visitor) {}

          @Override
          public void live(RangeVisitor visitor) {}

          @Override
          public CensusSummary census() {
            return CensusSummary.EMPTY;
          }
        };
    for (boolean dryRun : new boolean[] {true, false}) {
      assertThrows(TransferRefusedException.class, () -> heap.rebuild(nothing, dryRun));
    }
    assertEquals(CensusSummary.EMPTY, heap.census());
  }

  @Test
  void shouldReleaseNothingWhenClosed() {
    heap.allocate(0, 100);
    heap.allocate(0, 20_000);
    heap.close();
    heap.close();
    assertEquals(0, ground.releaseCalls);
    assertEquals(2, heap.census().liveCount());
  }

  @Test
  void shouldRefuseBadSettings() {
    String[][] bad = {
      {"kalloc.classes", "mine"},
      {"kalloc.max", "8K"},
      {"kalloc.max", "lots"},
      {"sequester", "perhaps"},
      {"submaps", "0"},
      {"submaps", "17"},
      {"submap.span", "512K"},
      {"submap.span", "3M"},
      {"submap.span", "8G"},
      {"map.bytes", "100"},
      {"runs.most", "11"},
      {"caching", "sometimes"},
      {"zc.enable.level", "0"},
      {"zc.mag.size", "129"},
      {"wss.period", "0"},
      {"footprint.limit", "-1"},
      {"jetsam.limit", "101"},
      {"seed", "random"}
    };
    for (String[] pair : bad) {
      Exception thrown =
          assertThrows(BadSettingException.class, () -> ground.heap(pair[0], pair[1]));
      assertTrue(thrown.toString().contains("heap.zone:" + pair[0] + "=" + pair[1]));
    }
  }

  @Test
  void shouldOpenThroughItsProvider() {
    ZoneProvider provider = new ZoneProvider();
    assertTrue(provider.model().contains("XNU"));
    Settings settings = new Settings("heap.zone", Map.of("footprint.limit", "1M"));
    assertEquals(MIB, provider.open(ground, settings).footprintLimit());
    assertEquals(16, provider.open(ground, Settings.none("heap.zone")).alignment());
  }
}
