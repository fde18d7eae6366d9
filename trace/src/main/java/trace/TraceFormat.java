package trace;

import java.util.Locale;
import java.util.Optional;

/** A text format in which traces are found; {@code docs/formats.md} describes each. */
public enum TraceFormat {
  /** Quarry's own text: {@code a ID SIZE}, {@code r OLD NEW SIZE}, {@code f ID} and so on. */
  QUARRY("quarry", "Quarry trace text"),

  /** The {@code .rep} files of the CMU malloc lab: four header lines, then events. */
  MALLOC_LAB("rep", "CMU malloc-lab .rep"),

  /** The log that the GNU C library's {@code mtrace(3)} writes. */
  MTRACE("mtrace", "glibc mtrace log");

  private final String key;
  private final String title;

  TraceFormat(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Returns the word that names this format on a command line. */
  public String key() {
    return key;
  }

  /** Returns the name for people to read. */
  public String title() {
    return title;
  }

  /** Returns the format that {@code key} names, in any case, if there is one. */
  public static Optional<TraceFormat> named(String key) {
    String wanted = key.toLowerCase(Locale.ROOT);
    for (TraceFormat format : values()) {
      if (format.key.equals(wanted)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
