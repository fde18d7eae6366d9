package shell.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import hardware.api.map.AddressRange;
import hardware.api.map.Decision;
import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapEntry;
import hardware.api.map.MapSection;
import hardware.api.map.MemoryType;
import hardware.api.map.NodeRange;
import hardware.api.map.RangeShape;
import hardware.api.map.SanitisedMap;
import hardware.api.map.Severity;
import hardware.api.map.UsableSpan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LintTest {
  private static final MapEntry RAM =
      new MapEntry(
          0,
          0x9fbff,
          RangeShape.PROPER,
          MemoryType.USABLE,
          "usable",
          4,
          4,
          "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable, and a long remark here");
  private static final MapEntry HOLE =
      new MapEntry(0xf0000, 0xeffff, RangeShape.EMPTY, MemoryType.RESERVED, "reserved", 5, 5, "x");

  private static FirmwareMap map() {
    Finding finding =
        new Finding(
            Severity.WARNING,
            "odd",
            7,
            "a sentence that is long enough to be wrapped at the eightieth column of a terminal");
    return new FirmwareMap(
        "a.txt",
        "E820 (dmesg)",
        true,
        MapSection.BIOS,
        List.of(RAM, HOLE),
        List.of(new NodeRange(1, 0, 0xfffff, 9)),
        List.of(finding),
        "quiet splash");
  }

  private static SanitisedMap sane() {
    Decision decision =
        new Decision(
            Decision.Kind.ROUNDED_INWARD,
            0x9f000,
            0x9fc00,
            RAM,
            "line 4 (usable): usable end 0x9fc00 is rounded down to 0x9f000");
    return new SanitisedMap(
        4096,
        List.of(new UsableSpan(0, 0x9f000, 1)),
        List.of(new UsableSpan(0, 0x9f000, 1)),
        List.of(new AddressRange(0xf0000, 0x100000)),
        List.of(new AddressRange(0xa0000, 0xf0000)),
        0x9f000,
        0x10000,
        0x2000,
        0x3000,
        Map.of(MemoryType.USABLE, 0x9fc00L),
        List.of(decision));
  }

  @Test
  void shouldGiveExactlyTheDocumentedKeys() {
    JsonObject json = LintJson.of(map(), sane());
    assertEquals(json.toString(), LintJson.render(map(), sane()));
    assertEquals(
        Set.of("usableSpans", "usableBytes", "usable", "reservedBytes", "findings"), json.keySet());
    assertEquals(1, json.get("usableSpans").getAsInt());
    assertEquals(0x9f000, json.get("usableBytes").getAsLong());
    assertEquals(0x10000, json.get("reservedBytes").getAsLong());
    assertEquals("[{\"start\":\"0x0\",\"end\":\"0x9f000\"}]", json.get("usable").toString());
  }

  @Test
  void shouldListFindingsBeforeDecisionsInJson() {
    var findings = LintJson.of(map(), sane()).getAsJsonArray("findings");
    assertEquals(2, findings.size());
    JsonObject first = findings.get(0).getAsJsonObject();
    assertEquals("warning", first.get("severity").getAsString());
    assertEquals("odd", first.get("code").getAsString());
    assertEquals(7, first.get("line").getAsInt());
    JsonObject second = findings.get(1).getAsJsonObject();
    assertEquals("rounded-inward", second.get("code").getAsString());
    assertEquals(4, second.get("line").getAsInt());
  }

  @Test
  void shouldStayWithinEightyColumns() {
    String text = LintText.render(map(), sane());
    text.lines().forEach(l -> assertTrue(l.length() <= 80, () -> l.length() + " columns: " + l));
  }

  @Test
  void shouldShowEachDecisionWithTheLineThatCausedIt() {
    String text = LintText.render(map(), sane());
    assertTrue(text.contains("usable end 0x9fc00 is rounded down to 0x9f000"), text);
    assertTrue(
        text.contains("4 | BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable"), text);
  }

  @Test
  void shouldShowWhatIsInTheMap() {
    String text = LintText.render(map(), sane());
    for (String expected :
        List.of(
            "quiet splash",
            "E820 (dmesg), section bios",
            "639 KiB  usable",
            "empty  reserved",
            "warning line 7: a sentence",
            "usable                              654336       639 KiB",
            "handed back by the loader: 8192 bytes (8 KiB)",
            "handed back by boot services: 12288 bytes (12 KiB)",
            "0x0000000000000000  0x000000000009f000       636 KiB  node 1",
            "0x00000000000a0000  0x00000000000f0000       320 KiB",
            "below 1 MiB    651264 bytes (636 KiB)",
            "highest byte   0x000000000009efff",
            "node 1      651264 bytes (636 KiB)")) {
      assertTrue(text.contains(expected), () -> "\"" + expected + "\" is missing in\n" + text);
    }
  }

  @Test
  void shouldScaleSizes() {
    assertEquals("0 B", Columns.size(0));
    assertEquals("1 KiB", Columns.size(1024));
    assertEquals("1.5 KiB", Columns.size(1536));
    assertEquals("1023 B", Columns.size(1023));
    assertEquals("64 GiB", Columns.size(64L << 30));
    assertEquals("4 PiB", Columns.size(1L << 52));
  }
}
