package allocator.arena;

/**
 * The arithmetic of unsigned 64-bit addresses that the arena needs: powers of two, phases and
 * boundaries. All of it wraps at 2^64, so an end of 0 is the end of the address space.
 */
final class Numbers {
  private Numbers() {}

  /** {@return a value rounded up to a multiple of a power of two; 0 if that is 2^64} */
  static long roundUp(long value, long unit) {
    return -(-value & -unit);
  }

  /** {@return the lowest address from {@code value} upward that is {@code phase} above align} */
  static long phaseUp(long value, long align, long phase) {
    return phase - ((phase - value) & -align);
  }

  /** {@return how far it is from a value to the next multiple of a power of two; 0 if at one} */
  static long toNext(long value, long unit) {
    return -value & (unit - 1);
  }

  /** {@return whether a range has a multiple of {@code unit} inside; never if the unit is 0} */
  static boolean crosses(long base, long size, long unit) {
    return above(base ^ (base + size - 1), unit - 1);
  }

  /** {@return whether a value is no multiple of a power of two} */
  static boolean isOff(long value, long unit) {
    return (value & (unit - 1)) != 0;
  }

  /** {@return whether a value is 0 or a power of two, the top bit alone included} */
  static boolean isPower(long value) {
    return (value & (value - 1)) == 0;
  }

  /** {@return whether an unsigned value is above another} */
  static boolean above(long value, long other) {
    return Long.compareUnsigned(value, other) > 0;
  }

  /** {@return whether an unsigned value is below another} */
  static boolean below(long value, long other) {
    return Long.compareUnsigned(value, other) < 0;
  }

  /** {@return the higher of two unsigned values} */
  static long max(long value, long other) {
    return below(value, other) ? other : value;
  }

  /** {@return the lower of two unsigned values} */
  static long min(long value, long other) {
    return above(value, other) ? other : value;
  }
}
