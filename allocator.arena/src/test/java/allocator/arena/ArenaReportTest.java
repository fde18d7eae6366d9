package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The form of the debugger's report. */
class ArenaReportTest {
  @Test
  void shouldPrintALineForEachArena() {
    Arena first = Arenas.plain(0x10, 0, 0x1000);
    first.allocate(0, 0x20, Fit.INSTANT);
    first.allocate(0, 0x2000, Fit.INSTANT);
    Arena second = Arenas.of("a name of more than 21 letters", 1);
    assertEquals(
        List.of(
            "ADDR             NAME                        INUSE        TOTAL   SUCCEED  FAIL",
            "0000000000000000 plain                          32         4096         1     1",
            "0000000000000001 a name of more than 2           0            0         0     0"),
        ArenaReport.vmem(List.of(first, second)));
  }
}
