package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import workbench.synthetic.BenchResult;
import workbench.synthetic.Generators;

final class BenchTextTest {
  private static BenchResult result(String stack, Map<String, Long> counts) {
    return new BenchResult(
        "larson",
        stack,
        2,
        2_000_000,
        3,
        255,
        counts,
        List.of(1_000_000_000L, 500_000_000L, 4_000_000_000L));
  }

  @Test
  void shouldShowMedianLeastAndMost() {
    List<String> lines =
        Capture.lines(out ->
            new BenchText(out)
                .print(
                    List.of(
                        result("b/a/dl", Map.of("peak footprint", 2048L)),
                        result("b/a/slab", Map.of("remote frees", 1234L)))));
    assertEquals(
        "larson, 2 threads; wall clock of this host: million calls per second, median of 3 runs",
        lines.getFirst());
    assertTrue(
        lines.contains("b/a/dl    2,000,000       3    2.00   0.50  4.00"), lines.toString());
    assertTrue(lines.contains("COUNTED               DL      SLAB"), lines.toString());
    assertTrue(lines.contains("peak footprint   2.0 KiB       0 B"), lines.toString());
    assertTrue(lines.contains("remote frees           0     1,234"), lines.toString());
    assertTrue(lines.contains("requests        000000ff  000000ff"), lines.toString());
  }

  @Test
  void shouldListAllGenerators() {
    String text = Capture.of(out -> new BenchText(out).list(Generators.all()));
    Generators.all().forEach(each -> assertTrue(text.contains(each.name()), each.name()));
  }

  @Test
  void shouldDescribeParameters() {
    List<String> lines =
        Capture.lines(out -> new BenchText(out).describe(Generators.named("fix_align")));
    assertEquals("fix_align, vmem", lines.getFirst());
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("shift +15 +12 +30 +log2 of the alignment")),
        lines.toString());
  }
}
