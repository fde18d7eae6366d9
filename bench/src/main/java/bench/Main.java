package bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the benchmarks: {@code traces} replays whole traces, {@code swap} and {@code decay} measure
 * exchanges of providers, anything else goes to JMH with the flags that our code needs in the
 * forked machines, which see no manifest.
 */
public final class Main {
  static final String FORK_FLAGS =
      "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
          + " -XX:+UseSerialGC -Xmx512m";

  // Figures of a full run are medians over forks; a quick one shows orders of magnitude only.
  private static final List<String> FULL =
      List.of("-f", "3", "-wi", "5", "-i", "5", "-w", "1s", "-r", "1s");
  private static final List<String> QUICK =
      List.of("-f", "1", "-wi", "2", "-i", "2", "-w", "300ms", "-r", "200ms");

  private Main() {}

  /** Takes a command and its arguments, or those of JMH; {@code -h} lists the latter. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String command = args.length == 0 ? "" : args[0];
    switch (command) {
      case "traces" -> Traces.main(rest(args));
      case "swap" -> SwapCurve.main(rest(args));
      case "decay" -> Decay.main(rest(args));
      default -> jmh(args);
    }
  }

  private static String[] rest(String[] args) {
    return Arrays.copyOfRange(args, 1, args.length);
  }

  private static void jmh(String[] args) throws IOException {
    var all = new ArrayList<>(List.of(args));
    addMissing(all, System.getProperty("quick") == null ? FULL : QUICK);
    all.addAll(List.of("-jvmArgsAppend", FORK_FLAGS));
    org.openjdk.jmh.Main.main(all.toArray(String[]::new));
  }

  /** Adds each option, with its value, that the user did not give; JMH takes none twice. */
  private static void addMissing(List<String> arguments, List<String> defaults) {
    for (int i = 0; i < defaults.size(); i += 2) {
      if (!arguments.contains(defaults.get(i))) {
        arguments.addAll(defaults.subList(i, i + 2));
      }
    }
  }
}
