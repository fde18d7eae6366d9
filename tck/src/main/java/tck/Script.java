package tck;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Calls of one tier's engine as text, a line each, that can be run again: by {@code quarry verify
 * --script FILE} and by {@link Kit#play}.
 *
 * <pre>
 * # quarry verify script 1
 * tier heap
 * given memory 64M
 * a = allocate 0 640
 * free 1 a
 * </pre>
 *
 * <p>A step is words apart by single spaces. A step that begins with {@code NAME =} names what it
 * gets; a step that uses a name that nothing has (any more) is passed over, so that any step can be
 * taken out and what is left still runs. Lines that begin with {@code #} are passed over.
 *
 * @param tier whose engine is called
 * @param given what the engine stands on: names and values that the tier's kit knows
 * @param steps the calls
 */
public record Script(Tier tier, Map<String, String> given, List<String> steps) {
  private static final String TITLE = "# quarry verify script 1";

  /** Copies. */
  public Script {
    given = Collections.unmodifiableMap(new TreeMap<>(given));
    steps = List.copyOf(steps);
  }

  /**
   * {@return the same with other steps}
   *
   * @param others the steps, a line each
   */
  public Script withSteps(List<String> others) {
    return new Script(tier, given, others);
  }

  /**
   * {@return what a name was given as, or something else if it was not}
   *
   * @param name the word behind {@code given}
   * @param otherwise what is returned if it does not occur
   */
  public String given(String name, String otherwise) {
    return given.getOrDefault(name, otherwise);
  }

  /** {@return its lines as one text} */
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    text.append("tier ").append(tier.label()).append('\n');
    given.forEach(
        (name, value) -> text.append("given ").append(name).append(' ').append(value).append('\n'));
    steps.forEach(step -> text.append(step).append('\n'));
    return text.toString();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @param source named in messages
   * @param lines the lines
   * @return the script
   * @throws IllegalArgumentException if a line is not understood; the message says which
   */
  public static Script parse(String source, List<String> lines) {
    Optional<Tier> tier = Optional.empty();
    Map<String, String> given = new LinkedHashMap<>();
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "", "#" -> {}
        case "tier" -> tier = Optional.of(tier(words, source, i));
        case "given" -> {
          if (words.length != 3) {
            throw new IllegalArgumentException(
                "%s:%d: %s: expected given NAME VALUE".formatted(source, i + 1, line));
          }
          given.put(words[1], words[2]);
        }
        default -> {
          if (!line.startsWith("#")) {
            steps.add(line);
          }
        }
      }
    }
    return new Script(
        tier.orElseThrow(() ->
            new IllegalArgumentException(
                source + ": no line says whose it is: tier physmem, tier vmem or tier heap")),
        given,
        steps);
  }

  private static Tier tier(String[] words, String source, int line) {
    return Arrays.stream(Tier.values())
        .filter(each -> words.length == 2 && each.label().equals(words[1]))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s:%d: %s: expected tier physmem, tier vmem or tier heap"
                    .formatted(source, line + 1, String.join(" ", words))));
  }
}
