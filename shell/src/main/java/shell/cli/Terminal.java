package shell.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: results to one stream, what is said about them to the other.
 *
 * @param out results
 * @param err messages and progress
 * @param live whether a person watches the messages, so that progress may be drawn
 */
record Terminal(PrintStream out, PrintStream err, boolean live) {
  /** {@return the process's own streams, which gogo has not replaced} */
  static Terminal ofProcess() {
    return new Terminal(
        stream(FileDescriptor.out, "stdout.encoding"),
        stream(FileDescriptor.err, "stderr.encoding"),
        System.getenv("TERM") != null && isTerminal());
  }

  private static PrintStream stream(FileDescriptor descriptor, String encoding) {
    String name = System.getProperty(encoding);
    Charset charset = name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    return new PrintStream(new FileOutputStream(descriptor), true, charset);
  }

  @SuppressWarnings("SystemConsoleNull") // null only where the platform has no console at all
  private static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }
}
