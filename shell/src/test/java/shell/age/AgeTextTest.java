package shell.age;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import workbench.age.AgeDay;
import workbench.age.AgeResult;

final class AgeTextTest {
  private static final List<Long> NONE = Collections.nCopies(11, 0L);

  private static AgeDay day(int day, int got, long freeHuge) {
    return new AgeDay(day, 100, 900, 4, got, freeHuge, NONE, -1000, 7, 1, 0, 10);
  }

  private static AgeResult result(boolean compaction, AgeDay... days) {
    return new AgeResult("buddy", "map", compaction, 1024, 2, List.of(days));
  }

  private static List<String> lines(AgeResult... results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      new AgeText(out).print(List.of(results));
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void shouldShowRunsSideBySide() {
    List<String> lines =
        lines(
            result(false, day(0, 4, 50), day(1, 1, 2), day(2, 0, 0)),
            result(true, day(0, 4, 50), day(1, 4, 8), day(2, 2, 4)));
    assertEquals(
        "4 MiB of RAM, 2 CPUs, 2 days; each midnight 4 blocks of order 9 are asked for",
        lines.getFirst());
    assertTrue(lines.contains("DAY  BUDDY  BUDDY+COMPACT"), lines.toString());
    assertTrue(lines.contains("  1     25            100"), lines.toString());
    assertTrue(lines.contains("  2      0             50"), lines.toString());
  }

  @Test
  void shouldDrawAllRunsOnOneScale() {
    List<String> lines =
        lines(
            result(false, day(0, 4, 50), day(1, 1, 2), day(2, 0, 0)),
            result(true, day(0, 4, 50), day(1, 4, 8), day(2, 2, 4)));
    assertTrue(lines.contains("buddy              0        25  ▃▁"), lines.toString());
    assertTrue(lines.contains("buddy+compact     50       100  █▅"), lines.toString());
    assertTrue(lines.contains("free huge, from day 1, bars from 0 to 8:"), lines.toString());
  }

  @Test
  void shouldAddUpTheDays() {
    List<String> lines = lines(result(false, day(0, 4, 50), day(1, 1, 2), day(2, 0, 0)));
    String last = lines.getLast();
    assertTrue(last.matches("buddy +0\\.000 +0\\.000 +-1\\.000 +7 +3 +0 +30"), last);
  }

  @Test
  void shouldShowTheLastDayOfMany() {
    AgeDay[] days =
        IntStream.rangeClosed(0, 200).mapToObj(i -> day(i, 2, 5)).toArray(AgeDay[]::new);
    List<String> lines = lines(result(false, days));
    assertTrue(lines.contains("200     50"), lines.toString());
    assertTrue(lines.contains("180     50"), lines.toString());
  }
}
