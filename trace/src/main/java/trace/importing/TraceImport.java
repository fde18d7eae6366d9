package trace.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import trace.FormatDetector;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;
import trace.importing.ImportReport.Part;

/**
 * Reads a trace file in any format, says what it is, and writes it as Quarry text.
 *
 * <p>A file is read twice when it is converted: Quarry's texts begin with what they hold, and a
 * fault in the file is found before anything is written.
 */
public final class TraceImport {
  private final Path file;
  private final TraceFormat format;

  private TraceImport(Path file, TraceFormat format) {
    this.file = file;
    this.format = format;
  }

  /**
   * Begins an import.
   *
   * @param file the file to read
   * @param format the format to read it as; empty to find it out
   * @return the import
   * @throws TraceException if the file cannot be read or its format not be found out
   */
  public static TraceImport of(Path file, Optional<TraceFormat> format) throws TraceException {
    return new TraceImport(file, format.isPresent() ? format.get() : detect(file));
  }

  private static TraceFormat detect(Path file) throws TraceException {
    try (LineSource lines = LineSource.open(file)) {
      return FormatDetector.detect(lines);
    }
  }

  /**
   * Says what the file is.
   *
   * @throws TraceException if it cannot be read to its end
   */
  public ImportReport inspect() throws TraceException {
    return run(Optional.empty());
  }

  /**
   * Says what the file is and converts it. If it holds events of two tiers, the second goes to a
   * file of its own, {@code out.frames.trace.gz} beside {@code out.trace.gz}.
   *
   * @param out the file to write; gzip if its name ends in {@code .gz}
   * @throws TraceException if reading or writing fails
   */
  public ImportReport convert(Path out) throws TraceException {
    return run(Optional.of(out));
  }

  private ImportReport run(Optional<Path> out) throws TraceException {
    List<TierPart> parts = new ArrayList<>();
    for (TraceFormat.Tier tier : TraceFormat.Tier.values()) {
      if (format.tiers().contains(tier)) {
        parts.add(TierPart.read(file, format, tier));
      }
    }
    // Without any event a file is still one of its format; HEAP comes last.
    if (parts.stream().anyMatch(part -> part.operations() > 0)) {
      parts.removeIf(part -> part.operations() == 0);
    } else {
      parts.subList(0, parts.size() - 1).clear();
    }
    List<Part> done = new ArrayList<>();
    for (TierPart part : parts) {
      boolean beside = parts.size() > 1 && part.tier() == TraceFormat.Tier.PHYSMEM;
      done.add(
          out.isEmpty() ? part.report(out) : write(part, beside ? frames(out.get()) : out.get()));
    }
    return new ImportReport(file, format, parts.getLast().variant(), done);
  }

  private Part write(TierPart part, Path out) throws TraceException {
    if (isSameFile(file, out)) {
      throw new TraceException(
          out.toString(), 0, "", "would overwrite the trace that is read", "name another file");
    }
    part.write(file, format, out);
    return part.report(Optional.of(out));
  }

  /** Returns {@code a.frames.trace.gz} for {@code a.trace.gz}, {@code a.frames} for {@code a}. */
  private static Path frames(Path out) {
    String name = String.valueOf(out.getFileName());
    int dot = name.indexOf(".trace");
    int at = dot < 0 ? name.indexOf('.') : dot;
    String stem = at < 0 ? name : name.substring(0, at);
    return out.resolveSibling(stem + ".frames" + (at < 0 ? "" : name.substring(at)));
  }

  private static boolean isSameFile(Path from, Path to) {
    try {
      return Files.isSameFile(from, to);
    } catch (IOException absent) {
      return false;
    }
  }
}
