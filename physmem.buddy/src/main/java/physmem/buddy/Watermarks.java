package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.TYPES;

/**
 * The kernel's formulae for watermarks, reserves and the size of per-CPU lists, after {@code
 * mm/page_alloc.c} of Linux 6.1. All figures are frames unless a name says otherwise.
 *
 * @param min below it only urgent requests are served
 * @param low below it reclaim would begin
 * @param high at it reclaim would end
 */
record Watermarks(long min, long low, long high) {
  /** The kernel's least and greatest {@code min_free_kbytes}. */
  private static final long LEAST_KIB = 128;

  private static final long MOST_KIB = 262144;

  private static final int SCALE_UNIT = 10000; // watermark_scale_factor is in 1/10000 of a zone

  /** {@code min_free_kbytes} grows as 4 sqrt(n): sqrt(16 n). */
  private static final long ROOT_FACTOR = 16;

  private static final int SPARE_SHARE = 20; // khugepaged asks for 5 % at most

  private static final long BATCH_CAP_BYTES = 1L << 20; // per-CPU batches are cut from 1 MiB
  private static final int BATCH_SHARE = 10; // ... or from 1/1024 of the zone

  /**
   * {@return {@code min_free_kbytes} in KiB}
   *
   * @param lowmemKib what all zones manage, in KiB
   */
  static long minFreeKib(long lowmemKib) {
    long root = (long) Math.sqrt((double) (lowmemKib * ROOT_FACTOR));
    return Math.clamp(root, LEAST_KIB, MOST_KIB);
  }

  /**
   * {@return the minimum kept free that khugepaged asks for, so that each zone has pageblocks to
   * spare for each type: frames, for all zones together}
   *
   * @param zones zones with RAM, zone Movable not counted
   * @param spare what these zones manage above their high watermarks
   */
  static long forHugePages(int zones, long spare) {
    long each = BLOCK_FRAMES * (2L + TYPES * TYPES);
    return Math.min(zones * each, spare / SPARE_SHARE);
  }

  /**
   * {@return the watermarks of a zone}
   *
   * @param minFree the minimum for all zones together
   * @param managed what the zone manages
   * @param total what all zones manage, at least 1
   * @param scale {@code watermark_scale_factor}
   */
  static Watermarks of(long minFree, long managed, long total, long scale) {
    long min = multiplyDivide(minFree, managed, total);
    long gap = Math.max(min >> 2, multiplyDivide(managed, scale, SCALE_UNIT));
    return new Watermarks(min, min + gap, min + 2 * gap);
  }

  private static long multiplyDivide(long value, long factor, long divisor) {
    long high = Math.multiplyHigh(value, factor);
    if (high == 0 && value * factor >= 0) {
      return value * factor / divisor;
    }
    return (long) ((double) value / divisor * factor);
  }

  /**
   * {@return what an urgent request may go down to: half of the minimum for its priority, and a
   * quarter off that because it cannot wait}
   */
  long atomicMin() {
    long half = min - min / 2;
    return half - half / 4;
  }

  /**
   * {@return how many frames go to or come from a per-CPU list at once: a power of two less one}
   *
   * @param managed what the zone manages
   * @param pageBytes size of a frame
   */
  static int batch(long managed, int pageBytes) {
    long share = Math.min(managed >> BATCH_SHARE, BATCH_CAP_BYTES / pageBytes) / 4;
    long batch = Math.max(1, share);
    return (int) Math.max(1, Long.highestOneBit(batch + batch / 2) - 1);
  }

  /**
   * {@return how many frames a per-CPU list holds before it gives some back}
   *
   * @param cpus CPUs of the zone's node; all of them share the low watermark
   * @param batch the zone's batch
   */
  int cacheHigh(int cpus, int batch) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(low / cpus, 4L * batch));
  }
}
