package heap.zone;

/**
 * The size classes of {@code kalloc}, from the tables of XNU's {@code kalloc.c}: two for each power
 * of two, as the heaps for variable sizes have them, or the 27 (29 on arm64) that objects of known
 * types are put in. Immutable.
 */
final class SizeClasses {
  /** Elements begin at multiples of so many bytes, with memory tagging as on arm64. */
  static final int GRANULE = 16;

  private static final int[] VARIABLE = {
    16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192,
    12288, 16384, 24576, 32768
  };
  private static final int[] TYPED = {
    16, 32, 48, 64, 80, 96, 128, 160, 192, 224, 256, 288, 368, 400, 512, 576, 768, 1024, 1152, 1280,
    1664, 2048, 4096, 6144, 8192, 12288, 16384, 24576, 32768
  };

  private static final int SHIFT = 4; // sizes are multiples of 16

  private final int[] sizes;
  private final byte[] lookup;
  private final String heap;

  private SizeClasses(String heap, int[] table, int largest) {
    this.heap = heap;
    this.sizes = java.util.Arrays.stream(table).filter(size -> size <= largest).toArray();
    this.lookup = lookup(sizes, largest);
  }

  /**
   * {@return the classes}
   *
   * @param typed whether those of {@code kalloc.type}, else those of {@code kalloc.type.var}
   * @param largest the largest class, 16384 or 32768
   */
  static SizeClasses of(boolean typed, int largest) {
    return typed
        ? new SizeClasses("kalloc.type0", TYPED, largest)
        : new SizeClasses("kalloc.type.var0", VARIABLE, largest);
  }

  private static byte[] lookup(int[] sizes, int largest) {
    byte[] table = new byte[(largest >>> SHIFT) + 1];
    int index = 0;
    for (int i = 0; i < table.length; i++) {
      index += i << SHIFT > sizes[index] ? 1 : 0;
      table[i] = (byte) index;
    }
    return table;
  }

  int count() {
    return sizes.length;
  }

  int size(int index) {
    return sizes[index];
  }

  int largest() {
    return sizes[sizes.length - 1];
  }

  /** {@return the smallest class that holds a request of 0 to {@link #largest} bytes} */
  int of(long bytes) {
    return lookup[(int) ((bytes + GRANULE - 1) >>> SHIFT)];
  }

  /** {@return the zone's name, as {@code zprint} shows it} */
  String name(int index) {
    return heap + "." + sizes[index];
  }
}
