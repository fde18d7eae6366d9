package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineCleanerTest {
  private static List<String> clean(String... lines) {
    return LineCleaner.clean(List.of(lines)).stream().map(TextLine::text).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[    0.000000] payload",
        "[  +0.000000] payload",
        "[    0.000000][    T0] payload",
        "[    0.000000] [    T0] payload",
        "[Tue Mar 21 09:40:00 2023] payload",
        "<6>[    0.000000] payload",
        "> > [    0.000000] payload",
        "Sep 12 19:08:06 host kernel: payload",
        "Sep 12 19:08:06 host kernel: [    0.000000] payload",
        "2024-11-05T10:11:12.123456+01:00 host kernel: payload",
        "2024-11-05T10:11:12,123456+01:00 payload",
        "\t09:14:44  payload",
        "kern  :info  : [    0.000000] payload",
        "(XEN) payload",
        "(XEN) [2024-01-01 10:00:00.123] payload",
        "(d1) HVM4: payload",
        "[ INFO]: payload",
        "\u001b[32m[    0.000000]\u001b[0m payload\r",
        "\ufeffpayload"
      })
  void shouldStrip(String line) {
    assertEquals(List.of("payload"), clean(line));
  }

  @Test
  void shouldKeepIndentationBehindPrefixes() {
    assertEquals(
        List.of("00000000-00000fff : a", "  00000000-000000ff : b"),
        clean("> 00000000-00000fff : a", ">   00000000-000000ff : b"));
  }

  @Test
  void shouldJoinSoftBreaksAndCountTheirLines() {
    String head = "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usab";
    List<TextLine> lines = LineCleaner.clean(List.of("first", head + "=", "le", "last=3D"));
    assertEquals(
        "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable", lines.get(1).text());
    assertEquals(2, lines.get(1).line());
    assertEquals(3, lines.get(1).lastLine());
    assertEquals("last=", lines.get(2).text());
    assertEquals(4, lines.get(2).line());
  }

  @Test
  void shouldLeaveEqualsSignsAloneOutsideQuotedPrintable() {
    assertEquals(List.of("root=3D", "x="), clean("root=3D", "x="));
  }

  @Test
  void shouldSplitAtHtmlBreaksAndDecodeEntities() {
    assertEquals(List.of("a", "b > c"), clean("a<br/>b &gt; c"));
  }
}
