package shell.text;

import allocator.api.Settings;
import java.util.Locale;

/** Numbers as people write and read them. */
public final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final int STEP = 1024;
  private static final double HALF = 0.5;
  private static final double WHOLE_FROM =
      99.95; // from here on one decimal would be a fourth digit

  private Sizes() {}

  /**
   * {@return a number of bytes in the largest unit that keeps it at least 1, to three digits or
   * four}
   *
   * @param bytes the number
   */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= STEP - HALF && unit < UNITS.length - 1) { // 1023.9 would be shown as 1024
      value /= STEP;
      unit++;
    }
    String format = unit == 0 || value >= WHOLE_FROM ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }

  /**
   * {@return a number with its thousands apart}
   *
   * @param number the number
   */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * {@return an address in the usual form}
   *
   * @param address the address
   */
  public static String address(long address) {
    return String.format(Locale.ROOT, "0x%016x", address);
  }

  /**
   * Reads an address.
   *
   * @param text hexadecimal with {@code 0x}, or decimal; underscores may stand between digits
   * @return the address, unsigned
   * @throws IllegalArgumentException if it is no address
   */
  public static long parseAddress(String text) {
    String plain = text.strip().replace("_", "").toLowerCase(Locale.ROOT);
    try {
      return plain.startsWith("0x")
          ? Long.parseUnsignedLong(plain.substring(2), 16)
          : Long.parseUnsignedLong(plain);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          text + " is no address; write it like 0xffff800000000000", e);
    }
  }

  /**
   * Reads a number of bytes.
   *
   * @param text digits with an optional K, M, G or T
   * @return the number
   * @throws IllegalArgumentException if it is no number of bytes
   */
  public static long parseBytes(String text) {
    return Settings.parseBytes(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                text + " is no number of bytes; write it like 4096, 64K or 2M"));
  }
}
