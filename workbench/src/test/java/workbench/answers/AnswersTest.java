package workbench.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import workbench.PlainKernel;

final class AnswersTest {
  @TempDir private Path directory;

  private final List<String> drawn = new ArrayList<>();

  private Path written(String question) throws IOException {
    Lab lab =
        new Lab(
            PlainKernel.full(),
            PlainKernel.maps(),
            PlainKernel.SAMPLES,
            directory,
            List.of(),
            2,
            what -> {});
    Path page = directory.resolve("page.md");
    new Answers(lab, (plot, file) -> drawn.add(directory.relativize(file).toString()))
        .write(List.of(question), page, LocalDate.of(2026, 11, 28), "1.2.3");
    return page;
  }

  @Test
  void shouldAnswerAQuestionFromTheSamples() throws IOException {
    String page = Files.readString(written("concept"));
    assertTrue(page.contains("version 1.2.3, on 2026-11-28"), page);
    assertTrue(page.contains("\n## 7. Frames, addresses, blocks: one concept or three?\n"), page);
    assertFalse(page.contains("{{"), page);
    assertTrue(page.contains("![") && page.contains("(page/concept-frames.svg)"), page);
    assertEquals(List.of("page/concept-frames.svg"), drawn);
    assertTrue(Files.isDirectory(directory.resolve("page")));
  }

  @Test
  void shouldShipATemplateForEachQuestion() throws IOException {
    assertEquals(
        List.of("begin", "shrink", "reuse", "fixed", "zones", "spans", "concept"), Answers.keys());
    int number = 0;
    for (String key : Answers.keys()) {
      number++;
      try (InputStream in =
          Objects.requireNonNull(Answers.class.getResourceAsStream(key + ".md"), key)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(text.startsWith("## " + number + ". "), key);
        for (String part : List.of("**Question.**", "**Experiment.**", "**Figures.**")) {
          assertTrue(text.contains(part), key + " lacks " + part);
        }
        assertTrue(text.contains("**Conclusion.**") && text.contains("**When it does not hold.**"));
        assertTrue(text.contains("{{expect "), key + " checks nothing");
      }
    }
  }
}
