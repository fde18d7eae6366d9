package hardware.sim.map;

/** Numbers as maps write them: hexadecimal of at most 64 bits, or decimal. */
final class Hex {
  /** A group that captures a hexadecimal number of 1 to 16 digits behind an optional 0x. */
  static final String NUMBER = "(?:0[xX])?([0-9a-fA-F]{1,16})";

  /** A group that captures a hexadecimal number behind a mandatory 0x. */
  static final String PREFIXED = "0[xX]([0-9a-fA-F]{1,16})";

  /** A group that captures a bare hexadecimal number of 8 to 16 digits, as %016llx prints it. */
  static final String BARE = "([0-9a-fA-F]{8,16})";

  private Hex() {}

  /** The value of 1 to 16 hexadecimal digits, as an unsigned long. */
  static long parse(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  /** The value of a number that is hexadecimal if it begins with 0x, else decimal. */
  static long parseEither(String number) {
    return number.startsWith("0x") || number.startsWith("0X")
        ? parse(number.substring(2))
        : Long.parseUnsignedLong(number);
  }

  /** The address as reports print it: 0x and lower-case digits without leading zeros. */
  static String show(long address) {
    return "0x" + Long.toHexString(address);
  }
}
