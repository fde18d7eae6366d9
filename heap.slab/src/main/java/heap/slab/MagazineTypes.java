package heap.slab;

/**
 * The sizes that magazines come in, after the table of the Solaris kernel: how many rounds, from
 * which object size on a cache begins with that type, and up to which it may grow beyond it. Small
 * objects get large magazines, so that what CPUs hoard is bounded in bytes.
 */
final class MagazineTypes {
  /** The most rounds of any type. */
  static final int MOST_ROUNDS = 143;

  private static final int[] ROUNDS = {1, 3, 7, 15, 31, 47, 63, 95, MOST_ROUNDS};

  /** A cache begins with the first type whose entry is below its object size, in bytes. */
  private static final int[] BEGINS_ABOVE = {3200, 256, 64, 0};

  /** A cache goes on from a type if its object size is below the entry, in bytes. */
  private static final int[] GROWS_BELOW = {65536, 32768, 16384, 8192, 4096, 2048, 1024, 512, 0};

  private MagazineTypes() {}

  /** {@return the rounds of a type} */
  static int rounds(int type) {
    return ROUNDS[type];
  }

  /**
   * {@return the type that a cache begins with}
   *
   * @param stride the distance of two objects in bytes
   * @param wanted rounds to begin with, or 0 to go by the stride
   * @param most the most rounds allowed
   */
  static int first(int stride, int wanted, int most) {
    int type = 0;
    while (wanted == 0 ? stride <= BEGINS_ABOVE[type] : hasNext(type, wanted)) {
      type++;
    }
    while (ROUNDS[type] > most) {
      type--;
    }
    return type;
  }

  /** {@return whether a cache may go on from a type to the next} */
  static boolean grows(int type, int stride, int most) {
    return stride < GROWS_BELOW[type] && hasNext(type, most);
  }

  private static boolean hasNext(int type, int most) {
    return type + 1 < ROUNDS.length && ROUNDS[type + 1] <= most;
  }
}
