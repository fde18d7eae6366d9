package heap.slab;

/**
 * The general size classes, those of Linux's {@code kmalloc}: powers of two from 8 bytes to 8 KiB,
 * and 96 and 192, which halve the waste where most requests are. Larger requests are whole pages.
 */
final class SizeClasses {
  /** The largest request in bytes that a class serves. */
  static final int LARGEST = 8192;

  private static final int[] SIZES = {
    8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192
  };
  private static final int KILO = 1024;
  private static final int GRANULE_SHIFT = 3; // sizes are multiples of 8

  private static final byte[] CLASS = classes();

  private SizeClasses() {}

  /** {@return the number of classes} */
  static int count() {
    return SIZES.length;
  }

  /** {@return the size of a class in bytes} */
  static int size(int index) {
    return SIZES[index];
  }

  /** {@return the smallest class that holds a request of 0 to {@link #LARGEST} bytes} */
  static int of(long bytes) {
    return CLASS[(int) ((bytes + (1 << GRANULE_SHIFT) - 1) >>> GRANULE_SHIFT)];
  }

  /** {@return the name as in {@code slabinfo}} */
  static String name(int index) {
    int size = SIZES[index];
    return "kmalloc-" + (size < KILO ? size : size / KILO + "k");
  }

  /** {@return the alignment in bytes that every object of a class has} */
  static int align(int index, int pageBytes) {
    return Math.min(Integer.lowestOneBit(SIZES[index]), pageBytes);
  }

  private static byte[] classes() {
    byte[] table = new byte[(LARGEST >>> GRANULE_SHIFT) + 1];
    int index = 0;
    for (int i = 0; i < table.length; i++) {
      index += i << GRANULE_SHIFT > SIZES[index] ? 1 : 0;
      table[i] = (byte) index;
    }
    return table;
  }
}
