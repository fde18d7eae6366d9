package shell.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import shell.text.Sizes;
import workbench.load.LoadShape;
import workbench.load.LoadSpec;
import workbench.load.LoadWork;

/**
 * The options of {@code load start}, read into a specification.
 *
 * @param cwd where relative names of files begin
 * @param samples where they are looked for besides
 */
record LoadOptions(Path cwd, Path samples) {
  /** How to write them. */
  static final String USAGE =
      "load start [--threads N] [--shape larson|balloon|mixed] [--live BYTES] [--blocks N]"
          + " [--largest BYTES] | [--trace FILE [--loop]], [--seed S] [--rate CALLS_PER_SECOND]"
          + " [--seconds S]";

  private static final String LOOP = "--loop";
  private static final String TRACE = "--trace";
  private static final List<String> OF_MADE_UP_WORK =
      List.of("--shape", "--live", "--blocks", "--largest");
  private static final List<String> OTHERS = List.of("--threads", "--seed", "--rate", "--seconds");

  /**
   * Reads options.
   *
   * @param words the words behind {@code load start}
   * @return what they ask for
   * @throws IllegalArgumentException if one is not known, lacks its value, or does not fit the
   *     others
   */
  LoadSpec parse(List<String> words) {
    Map<String, String> values = values(words);
    LoadSpec spec = LoadSpec.DEFAULT.withWork(work(values));
    for (Map.Entry<String, String> option : values.entrySet()) {
      String value = option.getValue();
      spec =
          switch (option.getKey()) {
            case "--threads" -> spec.withThreads(threads(value));
            case "--seed" -> spec.withSeed(number("--seed", value));
            case "--rate" -> spec.withRate(number("--rate", value));
            case "--seconds" -> spec.withSeconds(number("--seconds", value));
            default -> spec;
          };
    }
    return spec;
  }

  private static Map<String, String> values(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String option = words.get(i);
      requireKnown(option);
      String value = "";
      if (!option.equals(LOOP)) {
        i++;
        value = i < words.size() ? words.get(i) : "--";
        require(!value.startsWith("--"), option + " needs a value; usage: " + USAGE);
      }
      require(values.put(option, value) == null, option + " is given twice");
    }
    return values;
  }

  private static void requireKnown(String option) {
    require(
        OF_MADE_UP_WORK.contains(option)
            || OTHERS.contains(option)
            || option.equals(TRACE)
            || option.equals(LOOP),
        option + " is no option; usage: " + USAGE);
  }

  private LoadWork work(Map<String, String> values) {
    String trace = values.get(TRACE);
    if (trace == null) {
      require(!values.containsKey(LOOP), "--loop needs --trace: only a trace can be looped");
      return madeUp(values);
    }
    for (String option : OF_MADE_UP_WORK) {
      require(
          !values.containsKey(option),
          option + " is for made-up work; leave it out, or leave out --trace");
    }
    return new LoadWork.Traced(find(trace), values.containsKey(LOOP));
  }

  private static LoadWork madeUp(Map<String, String> values) {
    String shape = values.getOrDefault("--shape", LoadShape.MIXED.label());
    return new LoadWork.Synthetic(
        LoadShape.named(shape)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "--shape " + shape + " is not known; known are " + shapes())),
        optional(values, "--live", Sizes::parseBytes),
        optional(values, "--blocks", value -> number("--blocks", value)),
        optional(values, "--largest", Sizes::parseBytes));
  }

  private static OptionalLong optional(
      Map<String, String> values, String option, ToLongFunction<String> read) {
    String value = values.get(option);
    return value == null ? OptionalLong.empty() : OptionalLong.of(read.applyAsLong(value));
  }

  private static String shapes() {
    return Arrays.stream(LoadShape.values())
        .map(LoadShape::label)
        .collect(Collectors.joining(", "));
  }

  /** Looks where the user is, then among the samples; a name that is nowhere stays as it is. */
  private Path find(String name) {
    Path here = cwd.resolve(name);
    for (Path place : List.of(samples.resolve(name), samples.resolve("traces").resolve(name))) {
      if (!Files.exists(here) && Files.isRegularFile(place)) {
        return place;
      }
    }
    return here;
  }

  private static int threads(String value) {
    return Math.clamp(number("--threads", value), 0, Integer.MAX_VALUE);
  }

  private static long number(String option, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " " + value + " is no whole number", e);
    }
  }

  private static void require(boolean fact, String text) {
    if (!fact) {
      throw new IllegalArgumentException(text);
    }
  }
}
