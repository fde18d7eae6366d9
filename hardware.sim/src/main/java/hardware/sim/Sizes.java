package hardware.sim;

import java.util.Locale;

/** Numbers of bytes as people write them. */
final class Sizes {
  private static final String UNITS = "KMGTPE"; // rising powers of 1024

  private Sizes() {}

  /**
   * {@return a number of bytes in the largest unit of which there is at least one}
   *
   * @param bytes a number of bytes, at least 0
   */
  static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    int unit = (Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = bytes / (double) (1L << (10 * unit));
    String format = value == Math.rint(value) ? "%.0f %ciB" : "%.1f %ciB";
    return String.format(Locale.ROOT, format, value, UNITS.charAt(unit - 1));
  }
}
