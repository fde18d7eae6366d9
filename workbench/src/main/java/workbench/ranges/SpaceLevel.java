package workbench.ranges;

/**
 * What one or several address spaces hold at one moment.
 *
 * @param spaces address spaces that hold anything
 * @param ranges ranges that are live
 * @param bytes bytes mapped, the heap segments included
 * @param mappings separate mappings: stretches of addresses with equal protection, as in {@code
 *     /proc/PID/maps}
 * @param heldBytes bytes that programs have unmapped and arenas cannot have back yet, since the
 *     rest of the range is mapped
 * @param tableFrames frames of the spaces' page tables, roots included
 */
public record SpaceLevel(
    long spaces, long ranges, long bytes, long mappings, long heldBytes, long tableFrames) {
  static final SpaceLevel NOTHING = new SpaceLevel(0, 0, 0, 0, 0, 0);

  SpaceLevel plus(SpaceLevel more) {
    return new SpaceLevel(
        spaces + more.spaces,
        ranges + more.ranges,
        bytes + more.bytes,
        mappings + more.mappings,
        heldBytes + more.heldBytes,
        tableFrames + more.tableFrames);
  }

  SpaceLevel minus(SpaceLevel less) {
    return new SpaceLevel(
        spaces - less.spaces,
        ranges - less.ranges,
        bytes - less.bytes,
        mappings - less.mappings,
        heldBytes - less.heldBytes,
        tableFrames - less.tableFrames);
  }

  /** Returns the larger of each figure. */
  SpaceLevel max(SpaceLevel other) {
    return new SpaceLevel(
        Math.max(spaces, other.spaces),
        Math.max(ranges, other.ranges),
        Math.max(bytes, other.bytes),
        Math.max(mappings, other.mappings),
        Math.max(heldBytes, other.heldBytes),
        Math.max(tableFrames, other.tableFrames));
  }
}
