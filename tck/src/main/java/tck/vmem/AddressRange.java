package tck.vmem;

/**
 * A live range.
 *
 * @param arena the name of its arena
 * @param base the first address
 * @param size the bytes that were asked for, unsigned
 * @param constrained whether it was got with constraints
 */
record AddressRange(String arena, long base, long size, boolean constrained) {
  /** {@return the last address} */
  long last() {
    return base + size - 1;
  }

  /** {@return the same base with another size} */
  AddressRange sized(long other) {
    return new AddressRange(arena, base, other, constrained);
  }

  @Override
  public String toString() {
    return "0x%x + 0x%x".formatted(base, size);
  }
}
