package hardware.sim.map;

import static hardware.api.map.MemoryType.ACPI_NVS;
import static hardware.api.map.MemoryType.BOOT_DATA;
import static hardware.api.map.MemoryType.DEVICE;
import static hardware.api.map.MemoryType.RESERVED;
import static hardware.api.map.MemoryType.USABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.Decision;
import hardware.api.map.MapEntry;
import hardware.api.map.MapOptions;
import hardware.api.map.SanitisedMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapSanitiserTest {
  private static SanitisedMap sane(MapEntry... entries) {
    SanitisedMap map = Samples.sane(Samples.of(entries));
    SanitisedMapCheck.check(map);
    return map;
  }

  private static Decision decision(SanitisedMap map, Decision.Kind kind) {
    List<Decision> found = map.decisions().stream().filter(d -> d.kind() == kind).toList();
    assertEquals(1, found.size(), () -> kind + " among " + map.decisions());
    return found.getFirst();
  }

  @Test
  void shouldSortEntries() {
    SanitisedMap map =
        sane(
            Samples.entry(1, 0x8000, 0x8fff, USABLE),
            Samples.entry(2, 0x1000, 0x1fff, USABLE),
            Samples.entry(3, 0x4000, 0x4fff, RESERVED));
    assertEquals("1000-2000 8000-9000", Samples.spans(map));
    assertEquals(2, decision(map, Decision.Kind.SORTED).entry().line());
    assertEquals(2, map.holes().size());
  }

  @Test
  void shouldTakeReservedBytesFromUsableOnes() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x9fff, USABLE), Samples.entry(2, 0x4000, 0x5fff, RESERVED));
    assertEquals("1000-4000 6000-a000", Samples.spans(map));
    assertEquals(0x2000, map.reservedBytes());
    assertEquals(0x7000, map.totals().get(USABLE));
    assertEquals(
        "line 2 (reserved) 0x4000-0x5fff takes 8192 bytes from usable line 1 (usable)",
        decision(map, Decision.Kind.TAKEN).message());
  }

  @Test
  void shouldMergeBeforeRounding() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x67ff, USABLE), Samples.entry(2, 0x6800, 0x9fff, USABLE));
    assertEquals("1000-a000", Samples.spans(map));
    assertEquals(0x6800, decision(map, Decision.Kind.MERGED).start());
  }

  @Test
  void shouldLoseThePageThatASubPageReservationTouches() {
    SanitisedMap map =
        sane(
            Samples.entry(1, 0x1000, 0x655f, USABLE),
            Samples.entry(2, 0x6560, 0x656f, RESERVED),
            Samples.entry(3, 0x6570, 0x9fff, USABLE));
    assertEquals("1000-6000 7000-a000", Samples.spans(map));
    assertEquals(0x1000, map.reservedBytes());
    assertEquals(0x10, map.totals().get(RESERVED));
  }

  @Test
  void shouldRoundUsableInwardAndReservedOutward() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x400, 0x33ff, USABLE), Samples.entry(2, 0x3400, 0x47ff, ACPI_NVS));
    assertEquals("1000-3000", Samples.spans(map));
    assertEquals(0x2000, map.reservedBytes());
    assertEquals(0x3000, map.reserved().getFirst().start());
    assertEquals(0x5000, map.reserved().getFirst().end());
  }

  @Test
  void shouldDropASpanWithoutAWholePage() {
    SanitisedMap map = sane(Samples.entry(7, 0x1800, 0x2fee, USABLE));
    assertEquals("", Samples.spans(map));
    assertEquals(7, decision(map, Decision.Kind.SUBPAGE_DROPPED).entry().line());
  }

  @Test
  void shouldDropEmptyEntries() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x2fff, USABLE), Samples.entry(2, 0x2000, 0x1fff, RESERVED));
    assertEquals("1000-3000", Samples.spans(map));
    assertEquals(2, decision(map, Decision.Kind.EMPTY_DROPPED).entry().line());
  }

  @Test
  void shouldDropEntriesThatEndBeforeTheyBegin() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x2fff, USABLE), Samples.entry(2, 0x9000, 0x1fff, RESERVED));
    assertEquals("1000-3000", Samples.spans(map));
    assertEquals(2, decision(map, Decision.Kind.WRAPPED_DROPPED).entry().line());
  }

  @Test
  void shouldLetAReservationRunPastTheTopButNotRam() {
    SanitisedMap reserved =
        sane(Samples.entry(1, 0x1000, 0x2fff, USABLE), Samples.overflowing(2, 0x2000, RESERVED));
    assertEquals("1000-2000", Samples.spans(reserved));
    assertEquals(2, decision(reserved, Decision.Kind.CLIPPED).entry().line());
    SanitisedMap ram = sane(Samples.overflowing(1, 0x2000, USABLE));
    assertEquals("", Samples.spans(ram));
  }

  @Test
  void shouldClipAtTheEndOfThePhysicalAddressSpace() {
    SanitisedMap map = sane(Samples.entry(1, 0x1000, -1, RESERVED));
    assertEquals((1L << 52) - 0x1000, map.reservedBytes());
    SanitisedMap all = sane(Samples.entry(1, 0, -1, USABLE));
    assertEquals("0-10000000000000", Samples.spans(all));
  }

  @Test
  void shouldCountDuplicatesOnce() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x2fff, USABLE), Samples.entry(2, 0x1000, 0x2fff, USABLE));
    assertEquals(0x2000, map.usableBytes());
    assertEquals(2, decision(map, Decision.Kind.DUPLICATE).entry().line());
  }

  @Test
  void shouldCountOverlappingRamOnce() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x4fff, USABLE), Samples.entry(2, 0x3000, 0x6fff, USABLE));
    assertEquals("1000-7000", Samples.spans(map));
    assertTrue(decision(map, Decision.Kind.OVERLAP).message().contains("0x3000-0x4fff"));
  }

  @Test
  void shouldGiveOverlappingReservationsToTheStricterType() {
    SanitisedMap map =
        sane(
            Samples.entry(1, 0x1000, 0x4fff, RESERVED), Samples.entry(2, 0x3000, 0x6fff, ACPI_NVS));
    assertEquals(0x4000, map.totals().get(RESERVED));
    assertEquals(0x2000, map.totals().get(ACPI_NVS));
    assertEquals(0x6000, map.reservedBytes());
  }

  @Test
  void shouldNotReportDevicesInsideDevices() {
    SanitisedMap map =
        sane(Samples.entry(1, 0x1000, 0x4fff, DEVICE), Samples.entry(2, 0x2010, 0x201f, DEVICE));
    assertEquals(List.of(), map.decisions());
  }

  @Test
  void shouldCountLoaderMemoryOnlyInEfiMaps() {
    List<MapEntry> entries = List.of(Samples.entry(1, 0x1000, 0x1fff, BOOT_DATA));
    assertEquals("1000-2000", Samples.spans(Samples.sane(Samples.of(true, entries))));
    assertEquals("", Samples.spans(Samples.sane(Samples.of(false, entries))));
    assertEquals(0x1000, Samples.sane(Samples.of(true, entries)).bootServicesBytes());
  }

  @Test
  void shouldMeasureRoomAtLowAddresses() {
    SanitisedMap map =
        sane(Samples.entry(1, 0, 0x9efff, USABLE), Samples.entry(2, 0x100000, 0x1fffffff, USABLE));
    assertEquals(0x9f000, map.usableBelow(1 << 20));
    assertEquals(0x9f000 + (15 << 20), map.usableBelow(16 << 20));
    assertEquals(map.usableBytes(), map.usableBelow(4L << 30));
    assertEquals(0x20000000, map.top());
  }

  @Test
  void shouldRoundToThePageSizeAskedFor() {
    SanitisedMap map =
        Samples.MAPS.sanitise(
            Samples.of(Samples.entry(1, 0x1000, 0x3ffff, USABLE)),
            MapOptions.DEFAULTS.withPageSize(0x10000));
    assertEquals("10000-40000", Samples.spans(map));
    SanitisedMapCheck.check(map);
  }

  @Test
  void shouldSanitiseAMapWithoutEntries() {
    SanitisedMap map = sane();
    assertEquals(0, map.usableBytes());
    assertEquals(0, map.top());
    assertEquals(List.of(), map.decisions());
  }
}
