package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the heap prints of itself says what is there. */
class ReportsTest {
  private final Ground ground = new Ground(8L << 20);

  /** Leaves chunks of many sizes free, in small bins, trees, a victim and top. */
  private static DlHeap used(DlHeap heap) {
    Random random = new Random(7);
    long[] blocks = new long[2000];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, random.nextInt(10) == 0 ? random.nextInt(9000) : i % 250);
    }
    for (int i = 0; i < blocks.length; i += 3) {
      heap.free(0, blocks[i]);
    }
    heap.allocate(0, 40);
    return heap;
  }

  private static long sum(List<String> lines, int column) {
    return lines.stream()
        .skip(1)
        .mapToLong(line -> Long.parseLong(line.substring(11).trim().split(" +", -1)[column]))
        .sum();
  }

  @Test
  void shouldPrintTheFieldsOfMallinfoInTheirOrder() {
    DlHeap heap = used(ground.heap());
    List<String> lines = heap.report("mallinfo");
    List<String> names = lines.stream().map(line -> line.split(" +", -1)[0]).toList();
    assertEquals(
        List.of(
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost"),
        names);
    assertEquals("arena    " + heap.footprint(), lines.getFirst());
    assertEquals("keepcost " + OracleTest.statistic(heap, "keepcost"), lines.getLast());
  }

  @Test
  void shouldPrintTheLinesOfMallocStats() {
    DlHeap heap = ground.heap();
    heap.free(0, heap.allocate(0, 100_000));
    assertEquals(
        List.of(
            "max system bytes =     102400",
            "system bytes     =     102400",
            "in use bytes     =          0"),
        heap.report("malloc_stats"));
  }

  @Test
  void shouldCountEveryFreeChunkInItsBin() {
    DlHeap heap = used(ground.heap());
    List<String> lines = heap.report("bins");
    assertTrue(lines.stream().filter(line -> line.startsWith("small")).count() > 5, "" + lines);
    assertTrue(lines.stream().filter(line -> line.startsWith("tree")).count() > 3, "" + lines);
    assertTrue(lines.getLast().startsWith("top "), lines.getLast());
    assertEquals(OracleTest.statistic(heap, "ordblks"), sum(lines, 1));
    long free = OracleTest.statistic(heap, "fordblks");
    assertEquals(free - Chunk.TOP_FOOT, sum(lines, 2));
  }

  @Test
  void shouldListSegmentsAndSpans() {
    DlHeap heap = ground.heap("contiguous", "off", "mmap.threshold", "100000");
    ground.gap = 1;
    heap.allocate(0, 1000);
    heap.allocate(0, 50_000);
    heap.allocate(0, 200_000);
    List<String> lines = heap.report("segments");
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(lines.getLast().endsWith("200704 direct"), lines.getLast());
    long[] bytes = {0};
    heap.managed((base, size, attributes) -> {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("0x%016x".formatted(base))));
      bytes[0] += size;
      return true;
    });
    assertEquals(heap.footprint(), bytes[0]);
  }

  @Test
  void shouldListChunksUpToANumber() {
    DlHeap heap = ground.heap();
    long first = heap.allocate(0, 24);
    heap.allocate(0, 24);
    heap.free(0, first);
    assertEquals(
        List.of(
            "chunk                     bytes state",
            "0x%016x           32 free".formatted(first - 16),
            "0x%016x           32 used".formatted(first + 16)),
        heap.report("inspect"));
    List<String> many = used(heap).report("inspect");
    assertEquals(1002, many.size());
    assertTrue(many.getLast().matches("and [0-9]+ more"), many.getLast());
  }

  @Test
  void shouldSayWhichReportsThereAreAndPrintThemForAnEmptyHeap() {
    DlHeap heap = ground.heap();
    for (String name : heap.reports()) {
      assertTrue(heap.report(name).size() >= 1, name);
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> heap.report("slabinfo")).toString();
    assertTrue(message.contains("mallinfo"), message);
  }
}
