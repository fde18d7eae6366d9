package workbench.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
  private final Findings findings = new Findings();

  @BeforeEach
  void find() {
    findings.bytes("small", 2048);
    findings.number("large", 1234);
  }

  private String filled(String text) {
    return new Template("test.md", text).filled(findings, "answers");
  }

  private String failure(String text) {
    return String.valueOf(assertThrows(AnswerException.class, () -> filled(text)).getMessage());
  }

  @Test
  void shouldFillFiguresTablesAndPlots() {
    Grid grid = new Grid("heap", "held");
    grid.row("dl", "1");
    findings.table("heaps", grid);
    Curve curve = Curve.line("dl");
    curve.add(1, 2);
    findings.plot(
        "course", new Plot("t", Plot.linear("x"), Plot.linear("y"), Curve.drawn(List.of(curve))));
    assertEquals(
        """
        2 KiB of 1,234
        | heap | held |
        |---|---:|
        | dl | 1 |
        ![what it shows](answers/course.svg)
        """,
        filled(
            """
            {{small}} of {{large}}
            {{table heaps}}
            {{plot course what it shows}}
            """));
  }

  @Test
  void shouldLeaveNothingOfAnExpectationThatHolds() {
    assertEquals("one\ntwo\n", filled("one\n{{expect 0.5 * large < small}}\ntwo\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"large <= 1233.9", "small < large", "small == 2 * large", "1 > 1"})
  void shouldFailAnExpectationThatDoesNotHold(String expectation) {
    String message = failure("one\n{{expect " + expectation + "}}\ntwo\n");
    assertTrue(message.startsWith("test.md:2: the text relies on \"" + expectation), message);
  }

  @Test
  void shouldNameTheFiguresOfAFailedExpectation() {
    assertEquals(
        "test.md:1: the text relies on \"large < 1000\", but the figures are 1,234 and 1,000;"
            + " find out what changed, then correct the text",
        failure("{{expect large < 1000}}\n"));
  }

  @Test
  void shouldRefuseWhatWasNotFound() {
    assertEquals("test.md: no figure huge; found were small, large", failure("{{huge}}"));
    assertEquals("test.md: no table heaps; found were []", failure("{{table heaps}}"));
    assertTrue(failure("\n{{expect huge < 1}}").startsWith("test.md:2: no figure huge"));
    assertTrue(failure("{{expect large}}").contains("is no expectation"));
  }

  @Test
  void shouldRefuseATableThatIsNeverShown() {
    findings.table("heaps", new Grid("heap"));
    assertEquals("test.md: table heaps is never shown", failure("{{small}}"));
  }
}
