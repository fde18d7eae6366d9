package vmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The reports against the layout of the debugger's {@code vmem} and {@code vmem_seg}. */
class VmemReportTest {
  private static final long PAGE = 0x1000;

  private final VmemArena heap = Arenas.plain(PAGE, 0x10000, 16 * PAGE);
  private final VmemArena ids = Arenas.of("a name of more than twenty-one", 1);
  private final VmemArena child = below("kmem_va", heap);
  private final VmemArena grandchild = below("kmem_default", child);

  private static VmemArena below(String name, AddressArena parent) {
    return Arenas.of(new ArenaSpec(name, PAGE, Optional.of(new ArenaSource(parent)), 0, false));
  }

  @Test
  void shouldPrintArenasBelowTheirSources() {
    heap.allocate(0, 3 * PAGE, FitPolicy.INSTANT);
    grandchild.allocate(0, 2 * PAGE, FitPolicy.INSTANT);
    ids.allocate(0, 1, FitPolicy.INSTANT);
    assertEquals(
        List.of(
            "ADDR             NAME                        INUSE        TOTAL   SUCCEED  FAIL",
            "0000000000000000 a name of more than t           0            0         0     1",
            "0000000000000001 plain                       20480        65536         2     0",
            "0000000000000003   kmem_va                    8192         8192         1     0",
            "0000000000000002     kmem_default             8192         8192         1     0"),
        VmemReport.vmem(List.of(ids, heap, grandchild, child)));
  }

  @Test
  void shouldPrintEverySegmentAfterItsSpan() {
    long first = heap.allocate(0, PAGE, FitPolicy.INSTANT);
    heap.allocate(0, 5000, FitPolicy.INSTANT);
    heap.free(0, first, PAGE);
    ids.addSpan(5, 2);
    assertEquals(
        List.of(
            "            ADDR TYPE            START              END WHO",
            "0000000000000000 SPAN 0000000000010000 0000000000020000",
            "0000000000000001 FREE 0000000000010000 0000000000011000",
            "0000000000000002 ALLC 0000000000011000 0000000000012388",
            "0000000000000003 FREE 0000000000013000 0000000000020000",
            "0000000100000000 SPAN 0000000000000005 0000000000000007",
            "0000000100000001 FREE 0000000000000005 0000000000000007"),
        VmemReport.segments(List.of(heap, ids)));
  }

  @Test
  void shouldBeReportsOfTheEngine() {
    var engine = EngineTest.open(java.util.Map.of());
    assertEquals(List.of("vmem", "vmem_seg"), engine.reports());
    engine.createArena(ArenaSpec.of("heap", PAGE));
    assertEquals(2, engine.report("vmem").size());
    assertEquals(1, engine.report("vmem_seg").size());
    String message =
        assertThrows(IllegalArgumentException.class, () -> engine.report("zprint")).toString();
    assertTrue(message.contains("it has vmem, vmem_seg"), message);
  }
}
