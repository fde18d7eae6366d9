package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import workbench.load.Damage;
import workbench.load.LoadInterval;
import workbench.load.LoadStatus;

final class LoadTextTest {
  private static final LoadInterval ALL =
      new LoadInterval(12.34, 12_345_678, 2, 1, 310, 1_500, 20_250, 3_600_000_000_000L);
  private static final LoadInterval MARKED =
      new LoadInterval(2, 2_000_000, 0, 0, 300, 1_400, 19_000, 88_000);

  private static LoadStatus status(LoadStatus.State state, boolean paced, List<String> failures) {
    Damage damage = new Damage(Damage.Kind.CONTENT, 1, 12, 0xffff_8000_0000_1000L, 64, 8, 90, 0);
    return new LoadStatus(
        state,
        4,
        paced,
        ALL,
        MARKED,
        1_234,
        4 << 20,
        failures,
        failures.isEmpty() ? List.of() : List.of(damage));
  }

  @Test
  void shouldShowEachFigureSinceTheStartAndSinceTheMark() {
    LoadStatus status = status(LoadStatus.State.RUNNING, false, List.of());
    assertEquals(
        List.of(
            "LOAD              SINCE START  SINCE MARK",
            "state                 running",
            "seconds                  12.3         2.0",
            "operations         12,345,678   2,000,000",
            "ops/s               1,000,460   1,000,000",
            "failures                    2           0",
            "corruptions                 1           0",
            "live blocks             1,234",
            "live bytes            4.0 MiB",
            "p50 us                   0.31        0.30",
            "p99 us                   1.50        1.40",
            "p99.9 us                20.25       19.00",
            "max us       3,600,000,000.00       88.00",
            "4 threads; latencies corrected for calls that a waiting thread did not make"),
        Capture.lines(out -> LoadText.print(status, out)));
  }

  @Test
  void shouldShowWhatWentWrongWithinATerminalsWidth() {
    String failure = "thread 0, operation 7: allocate of 64 bytes: no memory, " + "x ".repeat(60);
    LoadStatus status = status(LoadStatus.State.FINISHED, true, List.of(failure));
    List<String> lines = Capture.lines(out -> LoadText.print(status, out));
    String text = String.join("\n", lines);
    assertTrue(text.contains("\n4 threads; latencies from the moment at which a call"), text);
    assertTrue(text.contains("\nfailed: thread 0, operation 7: allocate of 64 bytes"), text);
    assertTrue(text.contains("\ndamaged: thread 1, operation 12: block of 64 bytes"), text);
    assertTrue(text.endsWith("\n1,234 blocks could not be freed"), text);
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), text);
  }
}
