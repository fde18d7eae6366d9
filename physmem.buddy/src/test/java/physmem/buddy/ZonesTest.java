package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** Zones, watermarks, reserves and the order in which zones are used. */
class ZonesTest {
  private static final long GIB = 1L << 18; // frames

  /** The RAM of a PC with 8 GiB, as its firmware tells it, 3 GiB of it below 4 GiB. */
  private static TestRam pc() {
    return TestRam.spans(2, 1, 158, 256, 3 * GIB - 256, 4 * GIB, 5 * GIB);
  }

  @Test
  void shouldSplitRamAtSixteenMebibytesAndFourGibibytes() {
    List<ZoneReport> zones = pc().open().zones();
    assertEquals(List.of("DMA", "DMA32", "Normal"), zones.stream().map(ZoneReport::name).toList());
    assertEquals(List.of(1L, 4096L, 4 * GIB), zones.stream().map(ZoneReport::start).toList());
    assertEquals(
        List.of(4095L, 4 * GIB - 4096, 5 * GIB), zones.stream().map(ZoneReport::spanned).toList());
    assertEquals(
        List.of(3998L, 3 * GIB - 4096, 5 * GIB), zones.stream().map(ZoneReport::present).toList());
  }

  /* A Debian 6.1 kernel on an emulated Q35 machine with 4 GiB on two nodes says the same. */
  @Test
  void shouldHaveTheZonesOfARealKernelOnTwoNodes() {
    BuddyFrames engine =
        TestRam.of(
                2,
                new FrameSpan(1, 158, 0),
                new FrameSpan(256, 0x3ff00, 0),
                new FrameSpan(0x40000, 262_111, 1),
                new FrameSpan(1 << 20, 524_288, 1))
            .open();
    List<String> zones =
        engine.zones().stream()
            .map(z -> z.node() + z.name() + " " + z.start() + " " + z.spanned() + " " + z.present())
            .toList();
    assertEquals(
        List.of(
            "0DMA 1 4095 3998",
            "0DMA32 4096 258048 258048",
            "1DMA32 262144 786432 262111",
            "1Normal 1048576 524288 524288"),
        zones);
  }

  @Test
  void shouldComputeWatermarksAsTheKernelDoes() {
    // A real kernel with two CPUs and 16 MiB + 942 MiB managed in one node and no Normal zone.
    assertEquals(3897, Watermarks.minFreeKib((3840 + 233_469L) * 4));
    assertEquals(128, Watermarks.minFreeKib(256), "floor");
    assertEquals(262_144, Watermarks.minFreeKib(1L << 40), "ceiling");
    Watermarks marks = Watermarks.of(974, 3840, 237_309, 10);
    assertEquals(new Watermarks(15, 18, 21), marks);
    assertEquals(new Watermarks(100, 1100, 2100), Watermarks.of(100, 1_000_000, 1_000_000, 10));
    assertEquals(6, new Watermarks(15, 18, 21).atomicMin());
  }

  @Test
  void shouldSizePerCpuListsAsTheKernelDoes() {
    assertEquals(1, Watermarks.batch(3840, 4096));
    assertEquals(63, Watermarks.batch(242_463, 4096));
    assertEquals(63, Watermarks.batch(1L << 30, 4096), "cap");
    assertEquals(53, new Watermarks(86, 107, 128).cacheHigh(2, 1));
    assertEquals(3380, new Watermarks(5408, 6760, 8112).cacheHigh(2, 63));
    assertEquals(252, new Watermarks(5, 10, 15).cacheHigh(2, 63), "at least four batches");
  }

  @Test
  void shouldKeepLowZonesBackByRatio() {
    List<ZoneReport> zones = pc().open().zones();
    long dma32 = 3 * GIB - 4096;
    assertEquals(
        List.of(0L, dma32 / 256, (dma32 + 5 * GIB) / 256, (dma32 + 5 * GIB) / 256),
        zones.get(0).protection(),
        "DMA");
    assertEquals(List.of(0L, 0L, 5 * GIB / 256, 5 * GIB / 256), zones.get(1).protection(), "DMA32");
    assertEquals(List.of(0L, 0L, 0L, 0L), zones.get(2).protection(), "Normal");
  }

  @Test
  void shouldGoDownToLowerZonesAndTakeTheLastFrame() {
    BuddyFrames engine = TestRam.spans(1, 0, 64, 4096, 64, 4 * GIB, 64).open("cpuLists", "off");
    int[] taken = new int[3];
    for (int i = 0; i < 192; i++) {
      int zone = zone(engine.allocate(0, 0, 0));
      boolean inTurn = zone == 2 || taken[zone + 1] >= 40;
      assertTrue(inTurn, i + ": zone " + zone + " before the one above is near its watermark");
      taken[zone]++;
    }
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, 0));
    assertEquals(0, engine.freeFrames());
  }

  private static int zone(long frame) {
    return frame < 4096 ? 0 : frame < 4 * GIB ? 1 : 2;
  }

  @Test
  void shouldServeLimitedRequestsFromTheirZoneOrBelow() {
    BuddyFrames engine = pc().open();
    assertTrue(engine.allocate(0, 0, FrameFlags.DMA) < 4096);
    long frame = engine.allocate(0, 0, FrameFlags.DMA32);
    assertTrue(frame >= 4096 && frame < 4 * GIB);
    assertTrue(engine.allocate(0, 0, FrameFlags.ANY_ZONE) >= 4 * GIB);
  }

  @Test
  void shouldRefuseDmaWhereThereIsNoSuchZone() {
    BuddyFrames engine = TestRam.spans(1, 4 * GIB, 64).open();
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, FrameFlags.DMA));
  }

  @Test
  void shouldRefuseBelowTheMinimumWhenEnforcedUnlessUrgent() {
    BuddyFrames engine = TestRam.spans(1, 4 * GIB, 8192).open("watermarks", "enforce");
    long min = engine.zones().getFirst().min();
    long count = 0;
    while (engine.allocate(0, 0, 0) != FrameEngine.NONE) {
      count++;
    }
    assertTrue(
        min >= 32 && engine.freeFrames() >= min && engine.freeFrames() < min + 64,
        count + " allocated, " + engine.freeFrames() + " free, min " + min);
    long urgent = 0;
    while (engine.allocate(0, 0, FrameFlags.ATOMIC) != FrameEngine.NONE) {
      urgent++;
    }
    assertTrue(urgent > 0 && engine.freeFrames() > 0, urgent + " urgent");
    engine.checkInvariants();
  }

  @Test
  void shouldLeaveTheReserveOfALowZoneToThoseWhoNeedIt() {
    BuddyFrames engine =
        TestRam.spans(1, 0, 4096, 4 * GIB, 65_536).open("watermarks", "enforce", "cpuLists", "off");
    while (engine.allocate(0, 0, 0) != FrameEngine.NONE) {
      assertTrue(engine.freeFrames() > 0);
    }
    ZoneReport dma = engine.zones().getFirst();
    assertEquals(dma.min() + 65_536 / 256, dma.free());
    assertTrue(engine.allocate(0, 0, FrameFlags.DMA) >= 0);
  }

  @Test
  void shouldPreferTheNodeAskedForAndThenTheNearest() {
    BuddyFrames engine =
        TestRam.of(2, new FrameSpan(4 * GIB, 512, 0), new FrameSpan(5 * GIB, 512, 1)).open();
    assertTrue(engine.allocate(0, 0, 0) < 5 * GIB, "CPU 0 is on node 0");
    assertTrue(engine.allocate(1, 0, 0) >= 5 * GIB, "CPU 1 is on node 1");
    assertTrue(engine.allocate(0, 0, FrameFlags.onNode(0, 1)) >= 5 * GIB);
    int onFirst = 0;
    for (int i = 0; i < 600; i++) {
      onFirst += engine.allocate(1, 0, 0) < 5 * GIB ? 1 : 0;
    }
    assertTrue(onFirst >= 600 - 512, "the rest comes from the other node: " + onFirst);
  }

  @Test
  void shouldKeepNodesApartThatTakeTurns() {
    BuddyFrames engine =
        TestRam.of(
                1,
                new FrameSpan(1 << 20, 1024, 0),
                new FrameSpan((1 << 20) + 1024, 1024, 1),
                new FrameSpan((1 << 20) + 2048, 1024, 0))
            .open();
    List<ZoneReport> zones = engine.zones();
    assertEquals(3072, zones.get(0).spanned());
    assertEquals(2048, zones.get(0).present());
    assertEquals(2L, zones.get(0).freeBlocks().getLast());
    assertEquals(1L, zones.get(1).freeBlocks().getLast());
  }

  @Test
  void shouldRefuseSettingsItDoesNotKnow() {
    TestRam ram = TestRam.spans(1, 0, 64);
    assertMessage(ram, "watermark", "on", "no such key");
    assertMessage(ram, "watermarks", "maybe", "report, enforce");
    assertMessage(ram, "lowmemReserve", "1,2", "three whole numbers");
    assertMessage(ram, "lowmemReserve", "a,b,c", "three whole numbers");
    assertMessage(ram, "watermarkScale", "0", "1 to 3000");
  }

  private static void assertMessage(TestRam ram, String key, String value, String part) {
    Exception e = assertThrows(BadSettingException.class, () -> ram.open(key, value));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void shouldRefuseFreeFramesThatAreNotPresent() {
    TestRam ram =
        new TestRam(1, List.of(new FrameSpan(0, 64, 0)), List.of(new FrameSpan(32, 64, 0)), 1);
    assertThrows(IllegalArgumentException.class, ram::open);
  }

  @Test
  void shouldCountWhatTheKernelKeepsAsPresentButNotManaged() {
    TestRam ram =
        new TestRam(1, List.of(new FrameSpan(0, 2048, 0)), List.of(new FrameSpan(512, 1024, 0)), 1);
    ZoneReport zone = ram.open().zones().getFirst();
    assertEquals(2048, zone.present());
    assertEquals(1024, zone.managed());
    assertEquals(1024, zone.free());
  }
}
