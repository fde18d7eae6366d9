package shell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementsTest {
  @Test
  void shouldEndStatementsAtSemicolonsAndLineFeeds() {
    assertEquals(List.of("tiers", "walk 0x1", "check"), Statements.of("tiers; walk 0x1\r\ncheck;"));
  }

  @Test
  void shouldKeepQuotesAndBracketsWhole() {
    assertEquals(
        List.of("echo 'a;b'", "each [1 2] { x; y }", "say \"; \\\" ;\""),
        Statements.of("echo 'a;b'; each [1 2] { x; y }; say \"; \\\" ;\""));
  }

  @Test
  void shouldLeaveCommentsAndBlankLinesOut() {
    assertEquals(
        List.of("tiers", "echo a#b"), Statements.of("# head\n\ntiers # tail; no\n  echo a#b\n"));
  }

  @Test
  void shouldSurviveAnUnfinishedQuote() {
    assertEquals(List.of("echo 'a; b"), Statements.of("echo 'a; b"));
  }
}
