package vmem.tree;

/** Arithmetic of unsigned 64-bit addresses. All of it wraps, so 2^64 is 0. */
final class Unsigned {
  private Unsigned() {}

  /** {@return whether one value is below another} */
  static boolean below(long value, long other) {
    return Long.compareUnsigned(value, other) < 0;
  }

  /** {@return the lower of two values} */
  static long min(long value, long other) {
    return below(value, other) ? value : other;
  }

  /** {@return the higher of two values} */
  static long max(long value, long other) {
    return below(value, other) ? other : value;
  }

  /** {@return a value rounded up to a multiple of a power of two; 0 if that is 2^64} */
  static long roundUp(long value, long unit) {
    return (value + unit - 1) & -unit;
  }

  /** {@return whether a value is no multiple of a power of two} */
  static boolean isOff(long value, long unit) {
    return (value & (unit - 1)) != 0;
  }
}
