package shell.text;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** What is printed, as text. */
final class Capture {
  private Capture() {}

  static String of(Consumer<PrintStream> action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      action.accept(out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static List<String> lines(Consumer<PrintStream> action) {
    return of(action).lines().toList();
  }
}
