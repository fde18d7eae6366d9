package shell.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import trace.TraceFormat;
import trace.importing.ImportReport;
import trace.importing.ImportReport.Part;
import trace.importing.TraceImport;

/**
 * Runs a program with the recorder's library preloaded, and converts what it leaves behind: a file
 * {@code r.PID} per process, {@code r.PID.N} for the N-th program that a process went on to
 * execute.
 */
final class Recorder {
  private static final String PREFIX = "r";

  private final Path library;
  private final Path folder;
  private long main = -1;

  /** Records with this library into this folder, which does not exist yet. */
  Recorder(Path library, Path folder) {
    this.library = library;
    this.folder = folder;
  }

  /**
   * What one process left behind.
   *
   * @param raw the recorder's file
   * @param process its number, and behind a dot that of the program it went on to execute
   * @param first whether it is of the program that was asked for
   */
  record Recorded(Path raw, String process, boolean first) {
    /** Writes the trace, to a name with the process in it if it is another process. */
    Converted convert(Path out) throws IOException {
      Path to = first ? out : named(out, process);
      ImportReport report = TraceImport.of(raw, Optional.of(TraceFormat.RECORDING)).convert(to);
      Part part = report.parts().getFirst();
      return new Converted(
          part.program(),
          part.operations(),
          part.figures().getOrDefault("threads", 0L),
          part.figures().getOrDefault("peak live bytes", 0L),
          part.oddities(),
          to);
    }

    private static Path named(Path out, String process) {
      String name = String.valueOf(out.getFileName());
      int dot = name.indexOf(".trace");
      int at = dot < 0 ? name.length() : dot;
      return out.resolveSibling(name.substring(0, at) + "." + process + name.substring(at));
    }
  }

  /**
   * A trace that was written.
   *
   * @param program the program's name
   * @param operations the number of calls
   * @param threads the number of threads
   * @param peakLiveBytes the most bytes that were live at once
   * @param oddities what was left out or put in
   * @param written the file
   */
  record Converted(
      String program,
      long operations,
      long threads,
      long peakLiveBytes,
      Map<String, Long> oddities,
      Path written) {}

  /** Runs the program to its end; returns its exit status. */
  int run(List<String> command) throws IOException, InterruptedException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          folder + " is there already: import what is in it, or remove it", e);
    }
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = builder.environment();
    Path loadable = loadable();
    environment.merge("LD_PRELOAD", loadable.toString(), (old, ours) -> ours + ":" + old);
    environment.put("QUARRY_RECORD", folder.resolve(PREFIX).toString());
    try {
      Process process = builder.start();
      main = process.pid();
      return process.waitFor();
    } catch (IOException e) {
      removeFolder();
      throw new IOException(command.getFirst() + " cannot be run: " + e.getMessage(), e);
    } finally {
      if (!loadable.equals(library)) {
        Files.deleteIfExists(loadable);
      }
    }
  }

  /** The loader takes blanks and colons for separators: then a copy without them is loaded. */
  private Path loadable() throws IOException {
    return library.toString().matches(".*[ :].*")
        ? Files.copy(
            library,
            Files.createTempFile("libquarry-record", ".so"),
            StandardCopyOption.REPLACE_EXISTING)
        : library;
  }

  /** Returns what was recorded, the program's own first; of that only its last execution counts. */
  List<Recorded> recorded(boolean alone) throws IOException {
    List<Recorded> all = new ArrayList<>();
    String first = "";
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted(Comparator.comparingLong(Recorder::order)).toList()) {
        String process = process(file);
        all.add(new Recorded(file, process, false));
        first = pid(process) == main ? process : first;
      }
    }
    String own = first;
    all.replaceAll(each -> new Recorded(each.raw(), each.process(), each.process().equals(own)));
    all.sort(Comparator.comparing(Recorded::first).reversed());
    if (alone) {
      all.removeIf(each -> !each.first());
    }
    return all;
  }

  /** Removes the raw recordings. */
  void removeFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static String process(Path file) {
    return String.valueOf(file.getFileName()).substring(PREFIX.length() + 1);
  }

  private static long pid(String process) {
    return Long.parseLong(process.split("\\.", 2)[0]);
  }

  /** Orders by process, then by execution. */
  private static long order(Path file) {
    String[] parts = process(file).split("\\.", -1);
    long execution = parts.length > 1 ? Long.parseLong(parts[1]) + 1 : 0;
    return Long.parseLong(parts[0]) * 100_000 + execution;
  }
}
