package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heap.api.CacheSpec;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Reports look like those of the original: the expected lines with figures were printed by the
 * functions of zprint.c of system_cmds 1026.100.5 itself, from the same figures.
 */
class ReportTest {
  private final Ground ground = new Ground(64L << 20);
  private final ZoneHeap heap = ground.heap();

  private ObjectCache named(String name, long bytes) {
    return heap.createCache(new CacheSpec(name, bytes, 0, Optional.empty(), Optional.empty()))
        .orElseThrow();
  }

  private void allocate() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      blocks.add(heap.allocate(0, 64));
    }
    blocks.subList(100, 150).forEach(block -> heap.free(0, block));
    heap.trim(0);
    ObjectCache pages = named("a very long zone name of many letters", 48);
    for (int i = 0; i < 85; i++) {
      pages.allocate(0);
    }
    named("exactly twentyfour chars", 6144).allocate(0);
  }

  private List<String> lines(String report) {
    List<String> lines = new ArrayList<>();
    for (String line : heap.report(report)) {
      if (!line.startsWith("kalloc") || line.startsWith("kalloc.type.var0.64 ")) {
        lines.add(line);
      }
    }
    return lines;
  }

  @Test
  void shouldPrintZonesAsZprintDoes() {
    allocate();
    assertEquals(
        List.of(
            "                            elem         cur         max        cur         max       "
                + "  cur  alloc  alloc    ",
            "zone name                   size        size        size      #elts       #elts      "
                + " inuse   size  count    ",
            "-------------------------------------------------------------------------------------------------------------",
            "kalloc.type.var0.64           64          8K         12K        128         192       "
                + "  100     4K     64  C",
            "a.very.long.zone.name.of$     48          4K          4K         85          85       "
                + "   85     4K     85  C",
            "exactly.twentyfour.chars    6144         12K         12K          2           2       "
                + "    1    12K      2  C"),
        lines("zprint"));
  }

  @Test
  void shouldPrintWasteAndTotalsAsZprintDoes() {
    allocate();
    assertEquals(
        List.of(
            "                            elem         cur         max        cur         max       "
                + "  cur  alloc  alloc         frag      free             total ",
            "zone name                   size        size        size      #elts       #elts      "
                + " inuse   size  count         size      size            allocs ",
            "---------------------------------------------------------------------------------------------------------------------------------------------------",
            "kalloc.type.var0.64           64          8K         12K        128         192       "
                + "  100     4K     64  C        1K        0B                9K",
            "a.very.long.zone.name.of$     48          4K          4K         85          85       "
                + "   85     4K     85  C       16B        0B                3K",
            "exactly.twentyfour.chars    6144         12K         12K          2           2       "
                + "    1    12K      2  C        6K        0B                6K",
            "",
            "ZONE TOTALS",
            "---------------------------------------------",
            "TOTAL SIZE        = 24576",
            "TOTAL USED        = 16624",
            "TOTAL WASTED      = 7952",
            "TOTAL FRAGMENTED  = 7952",
            "TOTAL COLLECTABLE = 0",
            "TOTAL ALLOCS      = 19824"),
        lines("zprint-wt"));
  }

  @Test
  void shouldSayWhereZonesAreAndWhatIsGuarded() {
    allocate();
    List<String> lines = heap.report("zones");
    assertTrue(lines.get(0).startsWith("sequestered; "), lines.get(0));
    assertTrue(lines.get(1).startsWith("GEN0: "), lines.get(1));
    assertEquals(6 + 20 + 2, lines.size());
    assertTrue(lines.getLast().contains("exactly twentyfour chars"), lines.getLast());
  }

  @Test
  void shouldNameItsReportsWhenAskedForAnother() {
    for (String name : heap.reports()) {
      assertTrue(heap.report(name).size() > 0, name);
    }
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> heap.report("slabinfo"));
    assertTrue(thrown.toString().contains("zprint, zprint-wt, zones, exhaustion"));
  }
}
