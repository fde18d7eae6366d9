package vmem.bump;

import java.util.Arrays;

/**
 * The spans of one arena in rising order of address, each with its frontier and the number of its
 * live ranges, in parallel primitive arrays. A span is named by its index, which another one that
 * is inserted or removed below it changes.
 *
 * <p>Ends and frontiers may be 0 for 2^64. Guarded by the arena's lock.
 */
final class Spans {
  /** No span. */
  static final int NOBODY = -1;

  private static final int FEW = 4; // most arenas have one span; importing ones grow from here

  private long[] bases = new long[FEW];
  private long[] ends = new long[FEW];
  private long[] frontiers = new long[FEW];
  private int[] lives = new int[FEW];
  private boolean[] imports = new boolean[FEW];
  private int count;
  private int open; // all spans before it are full
  private int latest = NOBODY; // the span that grew last
  private long widest; // no span has more room; at times none has as much

  /** Makes room for one more, so that the next {@link #insert} cannot fail. */
  void reserve() {
    if (count == bases.length) {
      int more = 2 * count;
      long[] newBases = Arrays.copyOf(bases, more);
      long[] newEnds = Arrays.copyOf(ends, more);
      long[] newFrontiers = Arrays.copyOf(frontiers, more);
      int[] newLives = Arrays.copyOf(lives, more);
      imports = Arrays.copyOf(imports, more);
      lives = newLives;
      frontiers = newFrontiers;
      ends = newEnds;
      bases = newBases; // last: its length is what the next call looks at
    }
  }

  /** Adds a span that overlaps none, with its frontier at its base, and returns its index. */
  int insert(long base, long size, boolean imported) {
    int at = under(base) + 1;
    shift(at, at + 1);
    count++;
    bases[at] = base;
    ends[at] = base + size;
    frontiers[at] = base;
    lives[at] = 0;
    imports[at] = imported;
    open = Math.min(open, at);
    latest += latest >= at ? 1 : 0;
    widest = Unsigned.max(widest, size);
    return at;
  }

  /** Takes a span out. */
  void remove(int span) {
    shift(span + 1, span);
    count--;
    open -= span < open ? 1 : 0;
    latest = latest == span ? NOBODY : latest - (span < latest ? 1 : 0);
  }

  private void shift(int from, int to) {
    int moved = count - from;
    System.arraycopy(bases, from, bases, to, moved);
    System.arraycopy(ends, from, ends, to, moved);
    System.arraycopy(frontiers, from, frontiers, to, moved);
    System.arraycopy(lives, from, lives, to, moved);
    System.arraycopy(imports, from, imports, to, moved);
  }

  /** {@return the highest span that begins at or below an address, or {@link #NOBODY}} */
  int under(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Unsigned.below(address, bases[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  /** {@return the highest span that has an address of a range, or {@link #NOBODY}} */
  int overlapping(long base, long size) {
    int highest = under(base + size - 1);
    return highest == NOBODY || Unsigned.below(last(highest), base) ? NOBODY : highest;
  }

  /** {@return whether one span has all addresses of a range} */
  boolean contain(long base, long size) {
    long last = base + size - 1;
    int span = under(base);
    return span != NOBODY && !Unsigned.below(last, base) && !Unsigned.below(last(span), last);
  }

  /** Moves a frontier up behind a new live range. */
  void advance(int span, long frontier) {
    frontiers[span] = frontier;
    lives[span]++;
    latest = span;
  }

  /** Moves the frontier of a span that is taken over up to where it was. */
  void raise(int span, long frontier) {
    frontiers[span] = frontier;
  }

  /** Counts a range that is not live any more, and returns how many are. */
  int retire(int span) {
    return --lives[span];
  }

  /** {@return the first span that may have room; those below are full} */
  int firstOpen() {
    while (open < count && room(open) == 0) {
      open++;
    }
    return open;
  }

  /** {@return the number of spans that are known to be full and lie below all others} */
  int knownFull() {
    return open;
  }

  /** {@return the span that grew last, or {@link #NOBODY} if it is not there any more} */
  int latest() {
    return latest;
  }

  /** {@return an upper bound of the room in any span, in bytes} */
  long widest() {
    return widest;
  }

  /** Lowers the bound to what a look at every open span has found. */
  void narrow(long found) {
    widest = found;
  }

  /** {@return the number of spans} */
  int count() {
    return count;
  }

  /** {@return the first address} */
  long base(int span) {
    return bases[span];
  }

  /** {@return the last address} */
  long last(int span) {
    return ends[span] - 1;
  }

  /** {@return the length in bytes} */
  long size(int span) {
    return ends[span] - bases[span];
  }

  /** {@return the first address that was never handed out or skipped; the end if there is none} */
  long frontier(int span) {
    return frontiers[span];
  }

  /** {@return bytes below the frontier} */
  long consumed(int span) {
    return frontiers[span] - bases[span];
  }

  /** {@return bytes above the frontier} */
  long room(int span) {
    return ends[span] - frontiers[span];
  }

  /** {@return bytes above all frontiers} */
  long totalRoom() {
    long total = 0;
    for (int span = 0; span < count; span++) {
      total += room(span);
    }
    return total;
  }

  /** {@return the most bytes above one frontier} */
  long largestRoom() {
    long largest = 0;
    for (int span = 0; span < count; span++) {
      largest = Unsigned.max(largest, room(span));
    }
    return largest;
  }

  /** {@return the number of live ranges} */
  int lives(int span) {
    return lives[span];
  }

  /** {@return whether the span came from the arena's source} */
  boolean isImported(int span) {
    return imports[span];
  }

  /** {@return a copy that stays as it is} */
  Spans copy() {
    Spans copy = new Spans();
    copy.bases = bases.clone();
    copy.ends = ends.clone();
    copy.frontiers = frontiers.clone();
    copy.lives = lives.clone();
    copy.imports = imports.clone();
    copy.count = count;
    copy.open = open;
    copy.latest = latest;
    copy.widest = widest;
    return copy;
  }
}
