package workbench.answers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs experiments and writes the page that tells what came of them: {@code quarry answers}.
 *
 * <p>Nothing is written before every experiment has run and every text has been filled in, so a
 * page is whole or untouched.
 */
public final class Answers {
  private static final List<Question> QUESTIONS =
      List.of(
          new BeginQuestion(),
          new ShrinkQuestion(),
          new ReuseQuestion(),
          new FixedQuestion(),
          new ZonesQuestion(),
          new SpansQuestion(),
          new ConceptQuestion());

  private final Lab lab;
  private final PlotFile plots;

  /** Draws a plot into a file. */
  @FunctionalInterface
  public interface PlotFile {
    /**
     * Draws.
     *
     * @param plot what to draw
     * @param file where to; replaced if it exists
     * @throws IOException if it cannot be written
     */
    void write(Plot plot, Path file) throws IOException;
  }

  /**
   * Prepares.
   *
   * @param lab what to experiment with
   * @param plots draws the plots
   */
  public Answers(Lab lab, PlotFile plots) {
    this.lab = lab;
    this.plots = plots;
  }

  /** {@return the names of the questions, in the order of the page} */
  public static List<String> keys() {
    return QUESTIONS.stream().map(Question::key).toList();
  }

  /**
   * Asks and writes.
   *
   * @param keys which questions, by {@link #keys}
   * @param page the file to write; plots go into the directory beside it that is named as it is
   * @param date the day to write into it
   * @param version the version of Quarry to write into it
   * @throws IOException if a sample cannot be read, or a file cannot be written
   * @throws AnswerException if a text does not fit its figures, or an experiment fails
   */
  public void write(List<String> keys, Path page, LocalDate date, String version)
      throws IOException {
    String folder = page.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    Findings frame = new Findings();
    frame.figure("date", 0, date.toString());
    frame.figure("version", 0, version);
    StringBuilder text = new StringBuilder(Template.shipped("page.md").filled(frame, folder));
    Map<String, Plot> drawn = new TreeMap<>();
    for (Question question : QUESTIONS) {
      if (keys.contains(question.key())) {
        lab.progress().accept(question.key());
        Findings findings = question.ask(lab);
        text.append('\n').append(Template.shipped(question.key() + ".md").filled(findings, folder));
        drawn.putAll(findings.plots());
      }
    }
    write(page, folder, text.toString(), drawn);
  }

  private void write(Path page, String folder, String text, Map<String, Plot> drawn)
      throws IOException {
    Path directory = page.resolveSibling(folder);
    Files.createDirectories(directory);
    for (Map.Entry<String, Plot> one : drawn.entrySet()) {
      plots.write(one.getValue(), directory.resolve(one.getKey() + ".svg"));
    }
    Files.writeString(page, text);
  }
}
