package heap.slab;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the heap does, case by case, in round figures. */
class SlabHeapTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long EXTENT = 256 * KIB;

  private final Ground ground = new Ground(32 * MIB);
  private final SlabHeap heap = ground.heap();

  @AfterEach
  void shouldHoldItsInvariants() {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(heap.footprint(), ground.takenBytes());
    assertEquals(heap.footprint(), heap.census().managedUnits());
  }

  private static List<Long> walk(SlabHeap heap) {
    List<Long> live = new ArrayList<>();
    heap.walk((base, size, attributes) -> live.add(base));
    return live;
  }

  @Test
  void shouldHoldNothingBeforeTheFirstRequest() {
    assertEquals(0, heap.footprint());
    assertEquals(CensusSummary.EMPTY, heap.census());
  }

  @Test
  void shouldRoundUpToClasses() {
    int[][] usable = {{0, 8}, {8, 8}, {9, 16}, {65, 96}, {129, 192}, {8192, 8192}, {8193, 12288}};
    for (int[] pair : usable) {
      assertEquals(pair[1], heap.usableSize(heap.allocate(0, pair[0])));
    }
    assertEquals(usable.length, heap.census().liveCount());
  }

  @Test
  void shouldImportExtentsAndCutManySlabsFromOne() {
    for (int i = 0; i < SizeClasses.count(); i++) {
      heap.allocate(0, SizeClasses.size(i));
    }
    assertEquals(EXTENT, heap.footprint());
    assertEquals(1, ground.importCalls);
  }

  @Test
  void shouldReuseTheLastFreedFirst() {
    long first = heap.allocate(0, 64);
    heap.allocate(0, 64);
    heap.free(0, first);
    assertEquals(first, heap.allocate(0, 64));
  }

  @Test
  void shouldCutFromTheFullestSlab() {
    SlabHeap lean = ground.heap("magazine.rounds", "1", "magazine.most", "1");
    long[] blocks = new long[12]; // three slabs of four
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = lean.allocate(0, 8192);
    }
    for (int i : new int[] {4, 0, 1, 2}) {
      lean.free(0, blocks[i]);
    }
    lean.drain();
    lean.trim(0);
    assertEquals(blocks[4], lean.allocate(0, 8192));
    for (int i : new int[] {3, 4, 5, 6, 7, 8, 9, 10, 11}) {
      lean.free(0, blocks[i]);
    }
    lean.trim(0);
  }

  @Test
  void shouldKeepApartWhatCpusFree() {
    long first = heap.allocate(0, 64);
    heap.free(1, first);
    assertNotEquals(first, heap.allocate(0, 64));
    assertEquals(first, heap.allocate(1, 64));
  }

  @Test
  void shouldAlignPowersOfTwoToTheirSizeUpToAPage() {
    for (long bytes = 8; bytes <= 8192; bytes *= 2) {
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
    assertEquals(128, heap.usableSize(heap.allocateAligned(0, 64, 90)));
    assertEquals(256, heap.usableSize(heap.allocateAligned(0, 256, 1)));
    assertEquals(4096, heap.usableSize(heap.allocateAligned(0, 65536, 1)), "a page of its own");
  }

  @Test
  void shouldColourSlabsWhereTheyHaveWaste() {
    long[] starts = new long[96];
    for (int i = 0; i < 42 * 4; i++) {
      long block = heap.allocate(0, 96);
      starts[(int) (block & 4095) % 96]++;
      assertEquals(0, block & 31);
    }
    assertEquals(84, starts[0], "first colour");
    assertEquals(84, starts[64], "every other slab begins a line later");
    SlabHeap plain = ground.heap("colour", "off");
    for (int i = 0; i < 42 * 4; i++) {
      assertEquals(0, (plain.allocate(0, 96) & 4095) % 96);
    }
    plain.trim(0);
    assertTrue(plain.checkInvariants() > 0);
    walk(plain).forEach(block -> plain.free(0, block));
    plain.trim(0);
  }

  @Test
  void shouldZeroWhatIsAskedForZeroed() {
    for (long bytes : new long[] {8, 100, 8192, 20_000}) {
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
    assertEquals(block, heap.resize(0, block, 65), "96 would save less than half");
    assertTrue(heap.resizeInPlace(0, block, 1));
    assertFalse(heap.resizeInPlace(0, block, 129));
  }

  @Test
  void shouldMoveABlockThatGrowsOrSavesHalf() {
    long block = heap.allocate(0, 100);
    ground.memory.putLong(block + 56, 42);
    long large = heap.resize(0, block, 20_000);
    assertEquals(42, ground.memory.getLong(large + 56));
    long small = heap.resize(0, large, 64);
    assertEquals(42, ground.memory.getLong(small + 56));
    assertEquals(64, heap.usableSize(small));
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldGrowALargeBlockInPlaceWhereThereIsRoom() {
    long block = heap.allocate(0, 80_000);
    assertEquals(block, heap.resize(0, block, 100_000));
    assertEquals(1, Ground.statistic(heap, "large_extend"));
    assertEquals(102_400, heap.footprint());
    long above = heap.allocate(0, 80_000);
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
  void shouldCutALargeBlockOfAFewPagesFromAnExtent() {
    long block = heap.allocate(0, 20_000);
    assertEquals(256 * 1024, heap.footprint());
    assertEquals(20_480, heap.usableSize(block));
    assertTrue(heap.resizeInPlace(0, block, 60_000), "the pages behind are free");
    long next = heap.allocate(0, 65_536);
    assertFalse(heap.resizeInPlace(0, block, 120_000), "they are not");
    assertFalse(heap.resizeInPlace(0, block, 200_000), "more than is cut from extents");
    assertTrue(heap.resizeInPlace(0, block, 10_000));
    assertEquals(12_288 + 65_536, Ground.statistic(heap, "large_in_extents"));
    assertEquals(256 * 1024, heap.footprint(), "still one import");
    long small = heap.allocate(0, 64);
    assertTrue(heap.checkInvariants() > 0);
    heap.free(0, next);
    heap.free(0, block);
    heap.free(0, small);
    assertEquals(256 * 1024, heap.trim(0));
  }

  @Test
  void shouldImportEachLargeBlockByItselfIfSet() {
    SlabHeap straight = ground.heap("large.bytes", "0");
    long block = straight.allocate(0, 20_000);
    assertEquals(20_480, straight.footprint());
    straight.free(0, block);
    assertEquals(0, straight.footprint());
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
  void shouldGiveAllBackThatIsNotLive() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      blocks.add(heap.allocate(i & 1, 64));
    }
    long full = heap.footprint();
    long last = blocks.removeLast();
    blocks.forEach(block -> heap.free(0, block));
    long held = heap.footprint();
    assertTrue(held < full / 4, "working sets shrink without a call: " + held + " of " + full);
    assertEquals(held - EXTENT, heap.trim(0));
    assertEquals(EXTENT, heap.footprint(), "one block is live");
    heap.free(0, last);
    assertEquals(EXTENT, heap.trim(0));
    assertEquals(0, heap.trim(0));
  }

  @Test
  void shouldKeepWhatTrimIsToldToKeep() {
    long[] blocks = new long[1000];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 4096);
    }
    heap.freeBulk(0, blocks, 0, blocks.length);
    assertEquals(0, blocks[500]);
    heap.trim(MIB);
    assertTrue(heap.footprint() >= MIB, heap.footprint() + " held");
    assertTrue(heap.footprint() < MIB + 2 * EXTENT, heap.footprint() + " held");
    heap.trim(0);
    assertEquals(0, heap.footprint());
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
      heap.allocate(0, 10_000);
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
    assertEquals(69, Ground.statistic(heap, "kmalloc-64.active_objs"));
    assertEquals(128, Ground.statistic(heap, "kmalloc-64.num_objs"));
    assertEquals(64, Ground.statistic(heap, "kmalloc-64.objperslab"));
    assertEquals(1, Ground.statistic(heap, "kmalloc-64.pagesperslab"));
    assertEquals(2, Ground.statistic(heap, "kmalloc-64.num_slabs"));
    assertEquals(70, Ground.statistic(heap, "kmalloc-64.alloc"));
    assertEquals(1, Ground.statistic(heap, "kmalloc-64.free"));
    assertEquals(15, Ground.statistic(heap, "kmalloc-64.magazine_rounds"));
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
    heap.allocate(0, 10_000);
    heap.close();
    heap.close();
    assertEquals(0, ground.releaseCalls);
    assertEquals(2, heap.census().liveCount());
  }

  @Test
  void shouldTakeAnotherSizeOfExtents() {
    SlabHeap large = ground.heap("extent.bytes", "1M");
    long block = large.allocate(0, 64);
    assertEquals(MIB, large.footprint());
    large.free(0, block);
    assertEquals(MIB, large.trim(0));
    SlabHeap small = ground.heap("extent.bytes", "32K");
    long other = small.allocate(0, 8192);
    assertEquals(32 * KIB, small.footprint());
    small.free(0, other);
    assertEquals(32 * KIB, small.trim(0));
  }

  @Test
  void shouldRefuseBadSettings() {
    String[][] bad = {
      {"extent.bytes", "16K"},
      {"extent.bytes", "100000"},
      {"extent.bytes", "32M"},
      {"magazine.rounds", "144"},
      {"magazine.most", "0"},
      {"colour", "blue"},
      {"large.bytes", "128K"},
      {"audit", "maybe"},
      {"geometry", "slob"},
      {"random.order", "1"},
      {"random.seed", "-1"}
    };
    for (String[] pair : bad) {
      Exception thrown =
          assertThrows(BadSettingException.class, () -> ground.heap(pair[0], pair[1]));
      assertTrue(thrown.toString().contains("heap.slab:" + pair[0] + "=" + pair[1]));
    }
  }

  @Test
  void shouldOpenThroughItsProvider() {
    SlabProvider provider = new SlabProvider();
    assertTrue(provider.model().contains("Bonwick"));
    Settings settings = new Settings("heap.slab", Map.of("footprint.limit", "1M"));
    assertEquals(MIB, provider.open(ground, settings).footprintLimit());
    assertEquals(8, provider.open(ground, Settings.none("heap.slab")).alignment());
  }
}
