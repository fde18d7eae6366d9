package trace.importing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trace.TraceFormat;

/**
 * What a trace file is.
 *
 * @param file the file
 * @param format the format that it was read as
 * @param variant which variant of the format, empty if it has none
 * @param parts what it holds for each tier that it has events of; one at least
 */
public record ImportReport(Path file, TraceFormat format, String variant, List<Part> parts) {

  /** Copies the list. */
  public ImportReport {
    parts = List.copyOf(parts);
  }

  /**
   * The events of one tier.
   *
   * @param tier the tier
   * @param program what was recorded, empty if the file does not say
   * @param operations the number of requests
   * @param span time from the first to the last event, if the format tells times
   * @param figures what the trace holds, in words and numbers, in the order to be shown
   * @param oddities what was left out, put in or could not be told, with how often
   * @param written the file it was converted to, if it was
   */
  public record Part(
      TraceFormat.Tier tier,
      String program,
      long operations,
      Optional<Duration> span,
      Map<String, Long> figures,
      Map<String, Long> oddities,
      Optional<Path> written) {

    /** Copies the maps. */
    public Part {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
      oddities = Collections.unmodifiableMap(new LinkedHashMap<>(oddities));
    }
  }
}
