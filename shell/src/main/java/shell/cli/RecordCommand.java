package shell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quarry record}: runs a program and records its calls to the allocator. */
@Command(
    name = "record",
    description = {
      "Runs a program and records its calls to malloc, calloc, realloc, free and their kin, and"
          + " those of the processes it starts. Linux only; programs that are statically linked or"
          + " bring an allocator of other names cannot be recorded.",
      "The exit status is the program's; 1 if nothing could be recorded."
    })
final class RecordCommand implements Callable<Integer> {
  private static final String LIBRARY = "libquarry-record.so";
  private static final int INTERRUPTED = 130; // as a shell has it for SIGINT
  private static final int LOOKS = 10;
  private static final long MILLIS_BETWEEN_LOOKS = 20;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = {
        "The trace to write, gzip if the name ends in .gz; those of further processes get their"
            + " numbers into the name. Default: PROGRAM.trace.gz."
      })
  @Nullable Path output;

  @Option(
      names = "--no-children",
      description = "Keep the trace of the program itself only, not of processes that it starts.")
  boolean alone;

  @Option(
      names = "--keep",
      description = "Keep the raw recordings, from which `quarry import` makes the same traces.")
  boolean keep;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments, after --.")
  List<String> command = new ArrayList<>();

  private final House house;
  private final Terminal terminal;

  RecordCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path library = library();
    Path out = output == null ? Path.of(name() + ".trace.gz") : output;
    Path folder = out.toAbsolutePath().resolveSibling(out.getFileName() + ".recording");
    Recorder recorder = new Recorder(library, folder);
    int status = recorder.run(command);
    if (interrupted()) {
      terminal
          .err()
          .println(
              "quarry: interrupted; the raw recordings stay in "
                  + folder
                  + "; quarry import "
                  + folder
                  + "/r.NUMBER -o "
                  + out);
      return INTERRUPTED;
    }
    List<Recorder.Recorded> recorded = recorder.recorded(alone);
    if (recorded.isEmpty()) {
      recorder.removeFolder();
      terminal
          .err()
          .println(
              "quarry: "
                  + command.getFirst()
                  + " recorded nothing: it ended early, is statically linked, runs with the rights"
                  + " of another user, or is no Linux program");
      return status == 0 ? 1 : status;
    }
    convert(recorded, out);
    if (keep) {
      terminal.err().println("quarry: raw recordings are in " + folder);
    } else {
      recorder.removeFolder();
    }
    return status;
  }

  /** Ctrl-C reaches the program and us alike; that it did so shows a moment later. */
  private boolean interrupted() throws InterruptedException {
    for (int i = 0; i < LOOKS && !house.ending(); i++) {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    }
    return house.ending();
  }

  private void convert(List<Recorder.Recorded> recorded, Path out) throws IOException {
    for (Recorder.Recorded each : recorded) {
      Recorder.Converted made = each.convert(out);
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "quarry: process %s, %s: %,d operations, %d threads, peak %,d bytes in %s%n",
              each.process(),
              made.program(),
              made.operations(),
              made.threads(),
              made.peakLiveBytes(),
              made.written());
      made.oddities()
          .forEach((what, count) ->
              terminal.err().printf(Locale.ROOT, "quarry:   %,d %s%n", count, what));
    }
  }

  private String name() {
    Path file = Path.of(command.getFirst()).getFileName();
    return file == null ? "program" : file.toString();
  }

  private Path library() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new IllegalArgumentException(
          "record works on Linux only; record there, and replay the trace here");
    }
    Path library = house.samples().home().resolve("lib").resolve(LIBRARY).toAbsolutePath();
    if (!Files.isReadable(library)) {
      throw new IllegalArgumentException(
          library
              + " is missing: no C compiler was there when this Quarry was built. Install one"
              + " (Debian: apt install gcc libc6-dev) and run in Quarry's sources: sh"
              + " launcher/src/main/c/build.sh launcher/src/main/c/quarry-record.c "
              + library);
    }
    return library;
  }
}
