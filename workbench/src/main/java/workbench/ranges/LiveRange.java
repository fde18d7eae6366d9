package workbench.ranges;

/**
 * A range that an arena has handed out. An arena takes it back only as it was; what the program
 * unmaps of it before is kept with the rest.
 *
 * @param base its first address
 * @param size its length as the arena knows it, in bytes
 * @param constrained whether it was got, and has to be freed, with constraints
 */
record LiveRange(long base, long size, boolean constrained) {
  long end() {
    return base + size;
  }
}
