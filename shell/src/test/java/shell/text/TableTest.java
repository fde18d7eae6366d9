package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void shouldAlignColumns() {
    Table table = new Table("name", ">count", "what");
    table.row("a", 1, "x y").row("longer", 1_000, "z");
    assertEquals(
        List.of("NAME    COUNT  WHAT", "a           1  x y", "longer   1000  z"),
        Capture.lines(table::print));
  }

  @Test
  void shouldGoOnInFurtherLinesWhereALineWouldBeTooLong() {
    String text = "word ".repeat(30).strip();
    List<String> lines = Capture.lines(new Table("key", "text").row("k", text)::print);
    assertEquals(3, lines.size());
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), lines.toString());
    assertTrue(lines.get(2).startsWith("     word"), lines.toString());
    assertEquals(
        "k " + text,
        lines.stream()
            .skip(1)
            .map(String::strip)
            .collect(Collectors.joining(" "))
            .replaceAll(" +", " "));
  }

  @Test
  void shouldCutAWordThatFitsNowhere() {
    List<String> lines = Capture.lines(new Table("k", "v").row("k", "x".repeat(200))::print);
    assertEquals("k  " + "x".repeat(76) + "…", lines.getLast());
  }

  @Test
  void shouldLeaveTextOfExactlyTheWidthAlone() {
    String exact = "y".repeat(77);
    List<String> lines = Capture.lines(new Table("k", "v").row("k", exact)::print);
    assertEquals("k  " + exact, lines.getLast());
  }

  @RepeatedTest(10)
  void shouldNeverBeWiderThanATerminal(RepetitionInfo repetition) {
    long seed = 5L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    Table table = new Table("one", ">two", "three", "four");
    for (int i = 0; i < 20; i++) {
      String text = "abc ".repeat(random.nextInt(60)) + "z".repeat(random.nextInt(100));
      table.row("a".repeat(random.nextInt(20)), random.nextInt(), "b".repeat(9), text);
    }
    for (String line : Capture.lines(table::print)) {
      assertTrue(line.length() <= 80, "seed " + seed + ": " + line);
      assertEquals(line.stripTrailing(), line, "seed " + seed);
    }
  }

  @Test
  void shouldRefuseARowOfAnotherLength() {
    assertThrows(IllegalArgumentException.class, () -> new Table("a", "b").row("x"));
  }
}
