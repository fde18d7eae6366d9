package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import hardware.api.map.SanitisedMap;
import hardware.api.map.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapReaderTest {
  private static final String GOOD =
      "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable";
  private static final MapOptions LENIENT = MapOptions.DEFAULTS.withLenient(true);

  private static FirmwareMap section(MapSection section) {
    return Samples.MAPS.read(
        "sections", Samples.lines("sections.txt"), MapOptions.DEFAULTS.withSection(section));
  }

  private static FirmwareMap lenient(String... lines) {
    return Samples.MAPS.read("test", List.of(lines), LENIENT);
  }

  private static Finding only(FirmwareMap map) {
    assertEquals(1, map.findings().size(), () -> "findings " + map.findings());
    return map.findings().getFirst();
  }

  @Test
  void shouldTakeTheLastOfSeveralMaps() {
    FirmwareMap map = section(MapSection.LAST);
    assertEquals(MapSection.MODIFIED, map.section());
    assertEquals("0-9e000 100000-10000000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldTakeTheSectionAskedFor() {
    assertEquals(
        "0-9e000 100000-1ff70000 100000000-140000000",
        Samples.spans(Samples.sane(section(MapSection.BIOS))));
    assertEquals(
        "0-9e000 100000-10000000 100000000-140000000",
        Samples.spans(Samples.sane(section(MapSection.USER))));
    assertEquals(MapSection.USER, section(MapSection.USER).section());
  }

  @Test
  void shouldNameTheSectionsThatThereAre() {
    MapException e =
        assertThrows(
            MapException.class,
            () ->
                Samples.MAPS.read(
                    "test", List.of(GOOD), MapOptions.DEFAULTS.withSection(MapSection.USER)));
    assertEquals("there is no user map in the input", e.reason());
    assertEquals("it holds: bios (E820 (dmesg))", e.remedy());
  }

  @Test
  void shouldTakeTheLastBootOfALog() {
    FirmwareMap map =
        Samples.text(
            "Linux version 6.1", GOOD, "Linux version 6.2", GOOD.replace("1fffff", "2fffff"));
    assertEquals("100000-300000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldPreferTheE820MapToTheEfiMapItWasMadeFrom() {
    FirmwareMap map =
        Samples.text(GOOD, "efi: mem00: [Conventional Memory|   |WB] range=[0x1000-0x1fff] (0MB)");
    assertEquals("E820 (dmesg)", map.format());
    assertEquals("other-map", only(map).code());
  }

  @Test
  void shouldTakeTheLastListingOfAnEfiMap() {
    FirmwareMap map =
        Samples.text(
            "efi: mem00: [Conventional Memory|   |WB] range=[0x1000-0x1fff] (0MB)",
            "efi: mem01: [Conventional Memory|   |WB] range=[0x2000-0x2fff] (0MB)",
            "efi: mem00: [Conventional Memory|   |WB] range=[0x5000-0x5fff] (0MB)");
    assertEquals("5000-6000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldSkipLinesThatBelongToNoMap() {
    FirmwareMap map =
        Samples.text(
            "Dear list, my machine shows",
            "user: root logged in",
            GOOD,
            "e820: nothing",
            "00:1f.2");
    assertEquals(1, map.entries().size());
    assertEquals(3, map.entries().getFirst().line());
  }

  @Test
  void shouldRefuseADamagedLineWithItsNumberAndText() {
    String bad = "BIOS-e820: [mem 0x0000000O00100000-0x00000000001fffff] usable";
    MapException e = Samples.refusal("header", bad, GOOD);
    assertEquals(2, e.line());
    assertEquals(bad, e.text());
    assertEquals("test", e.input());
    assertTrue(e.toString().contains("test:2: map line cannot be read: "), e::toString);
    assertTrue(e.toString().contains("--lenient"), e::toString);
  }

  @Test
  void shouldLeaveADamagedLineOutIfLenient() {
    FirmwareMap map = lenient("BIOS-e820: [mem 0x00000000-0x0000", GOOD);
    assertEquals(1, map.entries().size());
    assertEquals(Severity.WARNING, only(map).severity());
    assertEquals(1, only(map).line());
  }

  @Test
  void shouldRefuseALineThatWasCutOff() {
    assertEquals(2, Samples.refusal(GOOD, "BIOS-e820: [mem 0x0000000000200000-0x00").line());
    assertEquals(2, Samples.refusal(GOOD, GOOD.substring(0, GOOD.length() - 2)).line());
    assertEquals(2, Samples.refusal("00100000-1fffffff : System RAM", "20000000-3ff").line());
    assertEquals(1, Samples.refusal("base_addr = 0x0, length = 0x9fc00").line());
    assertEquals(1, Samples.refusal("MMap[26]: 0x71496000 - 0x7149ffff len=40960,").line());
    assertEquals(1, Samples.refusal("efi: mem00: [Conventional Memory|").line());
    assertEquals(1, Samples.refusal("Available 0000000000001000-00000000000").line());
  }

  @Test
  void shouldRefuseUsableMemoryThatNoAddressReaches() {
    MapException e =
        Samples.refusal("  0x06a9f00000000000 - 0x06aaf00000000000 (1.0 MiB CONVENTIONAL)");
    assertEquals(1, e.line());
    assertTrue(e.reason().contains("52 bits"), e.reason());
  }

  @Test
  void shouldLeaveOutUsableMemoryThatNoAddressReachesIfLenient() {
    FirmwareMap map =
        lenient(GOOD, "BIOS-e820: [mem 0x0010000000000000-0x0010000000000fff] usable");
    assertEquals("100000-200000", Samples.spans(Samples.sane(map)));
    assertEquals("beyond-52-bits", only(map).code());
  }

  @Test
  void shouldNotRefuseReservedRangesAtTheTop() {
    FirmwareMap map =
        Samples.text(GOOD, "BIOS-e820: [mem 0xfffffffff0000000-0xffffffffffffffff] reserved");
    SanitisedMap sane = Samples.sane(map);
    assertEquals("100000-200000", Samples.spans(sane));
    assertEquals(0, sane.reservedBytes());
  }

  @Test
  void shouldExplainAResourceTreeReadWithoutPrivilege() {
    FirmwareMap map =
        Samples.text(
            "00000000-00000000 : System RAM",
            "  00000000-00000000 : Kernel code",
            "00000000-00000000 : Reserved");
    assertEquals(Severity.ERROR, only(map).severity());
    assertEquals("unprivileged", only(map).code());
    assertTrue(only(map).message().contains("as root"), only(map).message());
    assertEquals(0, Samples.sane(map).usableBytes());
  }

  @Test
  void shouldSayThatNothingIsUsable() {
    assertEquals("nothing-usable", only(Samples.text("fec00000-fec00fff : reserved")).code());
  }

  @Test
  void shouldExplainAnEmptyInput() {
    assertEquals("the input is empty", Samples.refusal().reason());
    assertEquals("the input is empty", Samples.refusal("", "  ").reason());
  }

  @Test
  void shouldExplainAnInputWithoutAMap() {
    MapException e = Samples.refusal("Hello", "world");
    assertEquals("no firmware map found", e.reason());
    assertEquals(0, e.line());
    MapException all =
        assertThrows(MapException.class, () -> lenient("BIOS-e820: [mem 0xQ-0xR] usable"));
    assertEquals("none of its 1 map lines can be read", all.reason());
  }

  @Test
  void shouldNoteWhatTheKernelChangedAndNotApplyIt() {
    FirmwareMap map =
        Samples.text(
            GOOD, "[    0.0] e820: update [mem 0x00100000-0x00100fff] usable ==> reserved");
    assertEquals("kernel-change", only(map).code());
    assertEquals("100000-200000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldJoinNoLineThatBeginsLikeAMapLine() {
    String bad = "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]";
    assertEquals(1, Samples.refusal(bad, GOOD).line());
  }
}
