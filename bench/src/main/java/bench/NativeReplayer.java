package bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import trace.EventBatch;
import trace.TraceReader;

/** A process of {@code native/replay.c} that holds one trace and replays it when told. */
final class NativeReplayer implements AutoCloseable {
  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;

  /**
   * Starts the process and has it read the trace.
   *
   * @param program what {@link #build} made
   * @param preload a library with another malloc, or empty for the C library's
   * @param trace the trace
   */
  NativeReplayer(Path program, Optional<Path> preload, Path trace) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    preload.ifPresent(library -> builder.environment().put("LD_PRELOAD", library.toString()));
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = new BufferedWriter(process.outputWriter(StandardCharsets.US_ASCII), 1 << 16);
    answers = process.inputReader(StandardCharsets.US_ASCII);
    send(trace);
  }

  /**
   * Compiles the program.
   *
   * @param directory where to put it
   * @return the program, or empty if there is no C compiler
   */
  static Optional<Path> build(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("replay.c");
    try (InputStream in = NativeReplayer.class.getResourceAsStream("/replay.c")) {
      Files.copy(java.util.Objects.requireNonNull(in, "replay.c is in the jar"), source);
    }
    Path program = directory.resolve("replay");
    for (String compiler : COMPILERS) {
      if (compiled(compiler, source, program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  private static boolean compiled(String compiler, Path source, Path program)
      throws InterruptedException {
    try {
      return new ProcessBuilder(compiler, "-O2", "-o", program.toString(), source.toString())
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // not installed: the next one may be
    }
  }

  private void send(Path trace) throws IOException {
    EventBatch batch = new EventBatch();
    try (TraceReader reader = TraceReader.open(trace)) {
      while (reader.read(batch)) {
        for (int i = 0; i < batch.length(); i++) {
          requests.write(line(batch, i));
        }
      }
    }
    requests.flush();
  }

  private static String line(EventBatch batch, int i) {
    long id = batch.id(i);
    return switch (batch.operation(i)) {
      case EventBatch.ALLOCATE -> "a " + id + " " + batch.size(i) + "\n";
      case EventBatch.ZEROED -> "c " + id + " " + batch.extra(i) + " " + batch.size(i) + "\n";
      case EventBatch.ALIGNED -> "m " + id + " " + batch.extra(i) + " " + batch.size(i) + "\n";
      case EventBatch.RESIZE -> "r " + batch.extra(i) + " " + id + " " + batch.size(i) + "\n";
      case EventBatch.FREE -> "f " + id + "\n";
      default -> "t 0\n";
    };
  }

  /** {@return nanoseconds of a replay whose malloc holds nothing yet} */
  long fresh() throws IOException {
    return ask("x\n");
  }

  /** {@return nanoseconds of a replay whose malloc has the memory of another one before it} */
  long kept() throws IOException {
    return ask("y\n");
  }

  private long ask(String request) throws IOException {
    requests.write(request);
    requests.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the native replayer died");
    }
    return Long.parseLong(answer);
  }

  @Override
  public void close() throws IOException {
    requests.close();
    answers.close();
    process.destroy();
  }
}
