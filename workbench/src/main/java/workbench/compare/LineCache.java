package workbench.compare;

import java.util.Arrays;

/**
 * A cache of 1 MiB in 16 ways of 64-byte lines, least recently used out first: the size of a
 * second-level cache of today's server cores. It is indexed by virtual address, so that the frames
 * below do not show in it. It sees what the client touches and not the heap's own metadata.
 */
final class LineCache {
  private static final int WAYS = 16;
  private static final int SETS = 1024;

  private final long[] lines = new long[SETS * WAYS]; // of each set the newest first
  private long touched;
  private long missed;

  LineCache() {
    Arrays.fill(lines, -1);
  }

  /** Touches the line of an address. */
  void touch(long address) {
    long line = address >>> ReuseMeter.LINE_SHIFT;
    int first = (int) (line & (SETS - 1)) * WAYS;
    int at = first;
    while (at < first + WAYS - 1 && lines[at] != line) {
      at++;
    }
    touched++;
    missed += lines[at] == line ? 0 : 1;
    System.arraycopy(lines, first, lines, first + 1, at - first);
    lines[first] = line;
  }

  long touched() {
    return touched;
  }

  long missed() {
    return missed;
  }
}
