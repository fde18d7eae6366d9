package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.WalkStep;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.TierStatus;
import org.junit.jupiter.api.Test;
import physmem.api.ZoneReport;
import trace.Levels;
import trace.ReplayReport;
import trace.ReplayResult;
import workbench.ReplayOutcome;

final class ReportsTest {
  private static final long BLOCK = 0xFFFF_8000_0000_0010L;

  private static AddressSpace space(long physical, List<WalkStep> steps) {
    return (AddressSpace)
        Proxy.newProxyInstance(
            ReportsTest.class.getClassLoader(),
            new Class<?>[] {AddressSpace.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "translate" -> physical;
                  case "walk" -> steps;
                  case "root" -> 0x120_0000L;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private static ZoneReport zone(String name, long frames, List<Long> blocks) {
    return new ZoneReport(
        0, name, 0x10_0000, frames, frames, frames, frames, 63, 1_000, 1_250, 1_500, blocks);
  }

  @Test
  void shouldPrintBuddyinfoByteForByteAsLinuxDoes() {
    ZoneReport dma = zone("DMA", 1, List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L, 3L));
    ZoneReport normal =
        zone("Normal", 1, List.of(1816L, 1000000L, 12L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 409L));
    assertEquals(
        "Node 0, zone      DMA      0      0      0      0      0      0      0      0      1"
            + "      1      3 \n"
            + "Node 0, zone   Normal   1816 1000000     12      3      4      5      6      7"
            + "      8      9    409 \n",
        Capture.of(
            out -> BuddyinfoText.print(List.of(dma, zone("DMA32", 0, List.of()), normal), out)));
  }

  @Test
  void shouldPrintTheZonesOfALargeMachineWithinATerminal() {
    List<ZoneReport> zones = List.of(zone("Normal", 1L << 30, List.of()));
    List<String> lines = Capture.lines(out -> ZonesText.print(zones, out));
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), lines.toString());
    assertEquals(
        "   0  Normal  100000  1073741824  1073741824  1073741824  1073741824      63",
        lines.get(1));
    assertEquals("   0  Normal  1000  1250  1500", lines.getLast());
  }

  @Test
  void shouldPrintATranslationOnALine() {
    assertEquals(
        "0xffff800000000010 -> 0x1400010", TranslateText.line(space(0x140_0010, List.of()), BLOCK));
    assertEquals(
        "0x10 -> unmapped", TranslateText.line(space(AddressSpace.UNMAPPED, List.of()), 0x10));
  }

  @Test
  void shouldPrintEachLevelOfAWalk() {
    List<WalkStep> steps =
        List.of(
            step("PML4", 256, 0x120_0800, 0x141_2003, List.of("P", "RW")),
            step("PT", 0, 0x141_0000, 0, List.of()));
    assertEquals(
        List.of(
            "walk 0xffff800000000010, root 0x1200000",
            "  PML4  index 256  entry at 0x0001200800  0x0000000001412003  P RW",
            "  PT    index   0  entry at 0x0001410000  0x0000000000000000  not present",
            "0xffff800000000010 -> unmapped"),
        Capture.lines(out -> WalkText.print(space(AddressSpace.UNMAPPED, steps), BLOCK, out)));
  }

  private static WalkStep step(
      String name, int index, long address, long entry, List<String> flags) {
    return new WalkStep(
        4, name, index, address, entry, new LinkedHashSet<>(flags), entry & -4096, false);
  }

  @Test
  void shouldSayThatAnAddressIsNotCanonical() {
    List<String> lines =
        Capture.lines(
            out -> WalkText.print(space(AddressSpace.UNMAPPED, List.of()), 1L << 50, out));
    assertTrue(lines.get(1).contains("not canonical"), lines.toString());
  }

  @Test
  void shouldPrintTheStateOfTheTiersWithFramesAsBytes() {
    TierStatus frames =
        new TierStatus(
            Tier.PHYSMEM,
            "buddy",
            "Linux",
            "physmem.buddy",
            "0.1.0.SNAPSHOT",
            "active",
            census(4, 19),
            0);
    List<String> lines = Capture.lines(out -> TiersText.print(List.of(frames), 4096, out));
    assertEquals(
        "physmem  buddy     0.1.0    physmem.buddy  active     4  76.0 KiB", lines.getLast());
  }

  private static CensusSummary census(long count, long units) {
    CensusCount census = new CensusCount();
    for (int i = 0; i < count; i++) {
      census.visit(100L * i, i == 0 ? units - count + 1 : 1, 0);
    }
    return census.summary(1_000);
  }

  @Test
  void shouldMarkTheLinesOfACheckThatFailedAndShowAllOfTheFinding() {
    String finding = "0x1400010 " + "is not where it should be, ".repeat(6) + "at all";
    List<CheckLine> lines =
        List.of(new CheckLine("zones", 2, true, "fine"), new CheckLine("b", 0, false, finding));
    boolean[] good = {true};
    String text = Capture.of(out -> good[0] = CheckText.print(lines, out));
    assertFalse(good[0]);
    assertTrue(text.contains("BAD  b"), text);
    assertTrue(text.replaceAll("\\s+", " ").contains(finding), text);
  }

  @Test
  void shouldSayWhetherEverythingWentHome() {
    Levels levels = new Levels(10, 1, 4_096, 20, 3);
    ReplayResult result = new ReplayResult(2, 1, 0, List.of(), levels, levels, 1, 2_000_000);
    ReplayReport report =
        new ReplayReport("t.trace", "buddy", "arena", "dl", "/x/m.txt", 0, result);
    FrameUsage home = new FrameUsage(100, 10, 90, 0, 0, 0);
    FrameUsage away = new FrameUsage(100, 10, 80, 3, 5, 2);
    String good = text(new ReplayOutcome(report, List.of(), home, false));
    assertTrue(good.contains("on m.txt, stack buddy / arena / dl"), good);
    assertTrue(good.contains("2 operations in 2.0 ms"), good);
    assertTrue(good.contains("1 failures, contents not checked"), good);
    assertTrue(good.contains("every frame but the kernel's own is home"), good);
    String bad = text(new ReplayOutcome(report, List.of(), away, false));
    assertTrue(bad.contains("NOT home: 3 frames of tables, 5 behind ranges, 2 held"), bad);
    assertFalse(text(new ReplayOutcome(report, List.of(), away, true)).contains("home"));
  }

  private static String text(ReplayOutcome outcome) {
    return Capture.of(out -> OutcomeText.print(outcome, false, out));
  }
}
