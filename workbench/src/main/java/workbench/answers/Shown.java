package workbench.answers;

import java.util.Locale;

/** How figures are written in prose and tables. */
final class Shown {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final double ROUND = 100; // from here on, decimals say nothing
  private static final double SHORT = 10;
  private static final double PERCENT = 100;
  private static final double SECONDS_A_MINUTE = 60;
  private static final double SECONDS_AN_HOUR = 3_600;
  private static final double SECONDS_A_DAY = 86_400;
  private static final double DAYS_A_YEAR = 365.25;

  private Shown() {}

  /** {@return a whole number in groups of three digits} */
  static String count(double value) {
    return String.format(Locale.ROOT, "%,d", Math.round(value));
  }

  /** {@return a whole number in groups of three digits} */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@return bytes in the largest binary unit of which there is at least one} */
  static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** {@return a number with as many decimals as it deserves} */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= ROUND || value == Math.rint(value)) {
      return count(value);
    }
    return String.format(Locale.ROOT, size >= SHORT ? "%.1f" : "%.2f", value);
  }

  /** {@return a share of 1 as a percentage} */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
  }

  /** {@return bytes in the largest binary unit of which there is at least one} */
  static String bytes(double bytes) {
    double size = Math.abs(bytes);
    if (size >= TIB) {
      return number(bytes / TIB) + " TiB";
    }
    if (size >= GIB) {
      return number(bytes / GIB) + " GiB";
    }
    if (size >= MIB) {
      return number(bytes / MIB) + " MiB";
    }
    return size >= KIB ? number(bytes / KIB) + " KiB" : count(bytes) + " bytes";
  }

  /** {@return seconds in the largest unit of time of which there is at least one} */
  static String duration(double seconds) {
    double days = seconds / SECONDS_A_DAY;
    if (days >= DAYS_A_YEAR) {
      return number(days / DAYS_A_YEAR) + " years";
    }
    if (days >= 1) {
      return number(days) + " days";
    }
    if (seconds >= SECONDS_AN_HOUR) {
      return number(seconds / SECONDS_AN_HOUR) + " hours";
    }
    return seconds >= SECONDS_A_MINUTE
        ? number(seconds / SECONDS_A_MINUTE) + " minutes"
        : number(seconds) + " seconds";
  }
}
