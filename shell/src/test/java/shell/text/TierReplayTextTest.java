package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Statistic;
import java.util.List;
import kernel.api.FrameUsage;
import org.junit.jupiter.api.Test;
import physmem.api.ZoneReport;
import workbench.Aftermath;
import workbench.Changes;
import workbench.ReplayStage;
import workbench.frames.FrameFigures;
import workbench.frames.FrameOutcome;
import workbench.ranges.RangeFigures;
import workbench.ranges.RangeOutcome;
import workbench.ranges.SpaceLevel;

final class TierReplayTextTest {
  private static final int WIDTH = 80;

  private static ReplayStage stage(String trace, String physmem, String vmem) {
    return new ReplayStage("a/" + trace, "linux", physmem, vmem, "dl", "b/pc.txt", 50_000);
  }

  private static Aftermath aftermath(long held) {
    FrameUsage end = new FrameUsage(1_000, 10, 990 - held, 0, 0, held);
    return new Aftermath(List.of(), end, false);
  }

  private static FrameOutcome frames(String provider, long failures, List<Long> blocks) {
    ZoneReport zone = new ZoneReport(0, "DMA", 1, 1_000, 1_000, 1_000, 0, 8, 1, 2, 3, blocks);
    return new FrameOutcome(
        stage("f.gz", provider, "arena"),
        new FrameFigures(8_015, 5_302, failures, 16, 4_342, 2_637, 4_246, 2_589, 9, 4, 0, 801_500),
        new Changes(
            List.of(new Statistic("alloc", 5, "calls"), new Statistic("nr_free", 50, "frames")),
            List.of(
                new Statistic("alloc", 5_307, "calls"), new Statistic("nr_free", 40, "frames"))),
        List.of(zone),
        failures == 0 ? List.of() : List.of("block 7: what is wrong"),
        aftermath(failures));
  }

  private static RangeOutcome ranges(String provider) {
    SpaceLevel peak = new SpaceLevel(6, 552, 589_996_032, 716, 268_435_456, 122);
    return new RangeOutcome(
        stage("r.gz", "buddy", provider),
        new RangeFigures(
            2_366,
            0,
            peak,
            new SpaceLevel(1, 2, 8_192, 3, 0, 5),
            598_478_848,
            1_000,
            232,
            4,
            3,
            28,
            999,
            87_742,
            0,
            5_358,
            535_800,
            2_000_000),
        List.of(new Statistic("alloc", 2_679, "calls")),
        List.of(),
        aftermath(0));
  }

  private static void assertNarrow(String text) {
    text.lines().forEach(line -> assertTrue(line.length() <= WIDTH, line));
  }

  @Test
  void shouldPrintAFrameReplay() {
    String text =
        Capture.of(out -> FrameText.print(frames("buddy", 0, List.of(4L, 0L, 3L)), false, out));
    assertTrue(text.contains("on pc.txt, frames by buddy, recorded from linux"), text);
    assertTrue(text.contains("8,015 operations, 0.8 ms of wall clock in calls, 100 ns each"), text);
    assertTrue(text.contains("9 CPUs of the trace on 4 of the machine"), text);
    assertTrue(text.contains("Node 0, zone      DMA      4      0      3 \n"), text);
    assertTrue(text.contains("24 frames free, 8 of them in per-CPU lists"), text);
    assertTrue(text.contains("largest free order 2"), text);
    assertTrue(text.contains("alloc +5,302, nr_free -10"), text);
    assertTrue(text.contains("2589 live blocks freed; every frame but the kernel's"), text);
    assertNarrow(text);
  }

  @Test
  void shouldTableFrameProvidersAndSayWhatIsWrong() {
    List<FrameOutcome> both =
        List.of(frames("buddy", 0, List.of(4L, 2L)), frames("llfree", 3, List.of(0L)));
    String text = Capture.of(out -> FrameText.printTable(both, true, out));
    List<String> lines = text.lines().toList();
    assertEquals("f.gz on pc.txt: 8,015 operations, 4,342 frames live at the peak", lines.get(0));
    assertTrue(lines.get(2).startsWith("buddy") && lines.get(2).endsWith("good"), text);
    assertTrue(lines.get(3).startsWith("llfree") && lines.get(3).endsWith("BAD"), text);
    assertTrue(lines.get(3).contains("none"), text);
    assertEquals("llfree: block 7: what is wrong", lines.get(4));
    assertNarrow(text);
  }

  @Test
  void shouldPrintARangeReplay() {
    String text = Capture.of(out -> RangeText.print(ranges("tree"), true, out));
    assertTrue(text.contains("ranges by tree, tables in frames by buddy"), text);
    assertTrue(
        text.contains("5,358 calls of arenas in 0.54 ms, 100 ns each; page tables 2.0 ms"), text);
    assertTrue(text.contains("compared with a shadow: 0 corruptions"), text);
    assertTrue(text.contains("571 MiB from the lowest to the highest"), text);
    assertTrue(text.contains("23.2 % of it not for the first time"), text);
    assertTrue(text.contains("4 ranges wanted at an address, 3 placed elsewhere; 28 moved"), text);
    assertTrue(text.contains("999 TLB flushes of 87,742 pages"), text);
    assertNarrow(text);
  }

  @Test
  void shouldTableRangeProviders() {
    String text =
        Capture.of(
            out -> RangeText.printTable(List.of(ranges("arena"), ranges("bump")), false, out));
    List<String> lines = text.lines().toList();
    assertTrue(lines.get(2).startsWith("buddy/arena"), text);
    assertTrue(lines.get(3).startsWith("buddy/bump"), text);
    assertFalse(text.contains("BAD"), text);
  }
}
