package bench;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The built distribution of the checkout that this jar lies in. */
final class Distribution {
  private Distribution() {}

  /** {@return the checkout: the jar lies in {@code bench/target}} */
  static Path root() {
    Path jar =
        Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    return Optional.ofNullable(jar.getParent())
        .map(target -> target.resolve("../..").normalize())
        .orElse(Path.of(""));
  }

  /**
   * Replays a trace as a user does, in a JVM of its own.
   *
   * @param trace the trace
   * @param options more options of {@code quarry replay}
   * @return the nanoseconds that it reports, or empty if the distribution is not built
   */
  static OptionalLong replay(Path trace, String... options)
      throws IOException, InterruptedException {
    Path script = root().resolve("quarry");
    if (!Files.exists(script) || !Files.isDirectory(root().resolve("launcher/target"))) {
      return OptionalLong.empty();
    }
    List<String> command = new ArrayList<>(List.of(script.toString(), "replay", "--json", "-"));
    command.addAll(List.of(options));
    command.add(trace.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var answer = process.inputReader()) {
      String line = Optional.ofNullable(answer.readLine()).orElse("");
      return process.waitFor() == 0
          ? OptionalLong.of(
              JsonParser.parseString(line).getAsJsonObject().get("wallNanos").getAsLong())
          : OptionalLong.empty();
    }
  }
}
