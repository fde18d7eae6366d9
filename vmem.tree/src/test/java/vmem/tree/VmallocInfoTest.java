package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The report against lines as a real kernel prints them. */
class VmallocInfoTest {
  private static final long PAGE = 0x1000;

  @Test
  void shouldPrintTheLinesOfProcVmallocinfo() {
    TreeArena arena = Arenas.of(ArenaSpec.of("kernel", PAGE), Arenas.settings());
    arena.addSpan(0xffff_c900_0000_0000L, 1L << 30);
    arena.allocate(0, 4 * PAGE, FitPolicy.FIRST);
    long gone = arena.allocate(0, PAGE, FitPolicy.FIRST);
    arena.allocate(0, 1024 * PAGE, FitPolicy.FIRST);
    arena.free(0, gone, PAGE);
    TreeArena other = Arenas.of("task", PAGE);
    other.addSpan(PAGE, 2 * PAGE);
    other.allocate(0, 1, FitPolicy.FIRST);
    assertEquals(
        List.of(
            "0xffffc90000000000-0xffffc90000005000   20480 kernel pages=4 vmalloc",
            "0xffffc90000007000-0xffffc90000408000 4198400 kernel pages=1024 vmalloc",
            "0x0000000000001000-0x0000000000002000    4096 task pages=1 vmalloc",
            "0xffffc90000005000-0xffffc90000007000    8192 unpurged vm_area"),
        VmallocInfo.of(List.of(arena, other)));
  }

  @Test
  void shouldBeAReportOfTheEngine() {
    var engine = EngineTest.open(java.util.Map.of());
    assertEquals(List.of("vmallocinfo"), engine.reports());
    assertEquals(List.of(), engine.report("vmallocinfo"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> engine.report("slabinfo")).toString();
    assertTrue(message.contains("slabinfo; it has vmallocinfo"), message);
  }
}
