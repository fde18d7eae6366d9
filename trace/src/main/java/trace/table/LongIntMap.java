package trace.table;

/**
 * A hash map from any {@code long} to a non-negative {@code int}: open addressing with linear
 * probing in two primitive arrays. Removal shifts the rest of a probe sequence back, so there are
 * no tombstones and the table never degrades however long it is used; it doubles at three quarters
 * full and does not shrink. Modelled on Knuth, The Art of Computer Programming, volume 3, algorithm
 * 6.4 R.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class LongIntMap {
  /** What a look-up returns for a key that the map does not hold. */
  public static final int ABSENT = -1;

  /** 2^64 divided by the golden ratio, odd: consecutive keys land far apart (Knuth 6.4). */
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** Enough for the live set of a small program, so that most traces never rehash. */
  private static final int INITIAL_CAPACITY = 1024;

  private static final int MAXIMUM_CAPACITY = 1 << 30;

  private long[] keys = new long[INITIAL_CAPACITY];

  /** Value plus one at the position of its key; 0 marks a free position. */
  private int[] marks = new int[INITIAL_CAPACITY];

  private int shift = Long.SIZE - Integer.numberOfTrailingZeros(INITIAL_CAPACITY);
  private int size;

  /** Creates an empty map. */
  public LongIntMap() {}

  /** Returns the number of keys held. */
  public int size() {
    return size;
  }

  /** Returns the value of {@code key}, or {@link #ABSENT}. */
  public int get(long key) {
    int position = find(key);
    return marks[position] - 1;
  }

  /**
   * Adds a key that must not be present yet.
   *
   * @param key any value
   * @param value 0 to {@code Integer.MAX_VALUE - 1}
   * @return whether it was added; false, with nothing changed, if the map holds the key
   * @throws IllegalArgumentException if the value is out of range
   */
  public boolean add(long key, int value) {
    if (value < 0 || value == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("value " + value + " is not in 0 .. 2147483646");
    }
    int position = find(key);
    if (marks[position] != 0) {
      return false;
    }
    keys[position] = key;
    marks[position] = value + 1;
    size++;
    if (size > keys.length - (keys.length >> 2)) {
      grow();
    }
    return true;
  }

  /** Removes {@code key} and returns the value it had, or {@link #ABSENT}. */
  public int remove(long key) {
    int position = find(key);
    int value = marks[position] - 1;
    if (value >= 0) {
      size--;
      closeGap(position);
    }
    return value;
  }

  /**
   * Recomputes what the map keeps incrementally: every key is found where probing looks for it and
   * the count is right. Takes time proportional to the capacity.
   *
   * @throws IllegalStateException if the map is damaged
   */
  public void checkInvariants() {
    int counted = 0;
    for (int i = 0; i < keys.length; i++) {
      if (marks[i] != 0) {
        counted++;
        if (find(keys[i]) != i) {
          throw new IllegalStateException("key " + keys[i] + " at " + i + " is not reachable");
        }
      }
    }
    if (counted != size) {
      throw new IllegalStateException("size is " + size + " but " + counted + " keys are held");
    }
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int position = home(key);
    while (marks[position] != 0 && keys[position] != key) {
      position = (position + 1) & mask;
    }
    return position;
  }

  private int home(long key) {
    return (int) ((key * GOLDEN) >>> shift);
  }

  /** Moves later members of the probe sequence back so that none is cut off by the gap. */
  private void closeGap(int start) {
    int mask = keys.length - 1;
    int gap = start;
    int next = (gap + 1) & mask;
    while (marks[next] != 0) {
      int displacement = (next - home(keys[next])) & mask;
      if (displacement >= ((next - gap) & mask)) {
        keys[gap] = keys[next];
        marks[gap] = marks[next];
        gap = next;
      }
      next = (next + 1) & mask;
    }
    marks[gap] = 0;
  }

  private void grow() {
    if (keys.length == MAXIMUM_CAPACITY) {
      throw new IllegalStateException("more than " + size + " keys");
    }
    final long[] oldKeys = keys;
    final int[] oldMarks = marks;
    keys = new long[oldKeys.length * 2];
    marks = new int[oldKeys.length * 2];
    shift--;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldMarks[i] != 0) {
        int position = find(oldKeys[i]);
        keys[position] = oldKeys[i];
        marks[position] = oldMarks[i];
      }
    }
  }
}
