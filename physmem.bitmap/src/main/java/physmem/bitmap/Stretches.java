package physmem.bitmap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import physmem.api.FrameSpan;

/**
 * Which frame has which bit. A <i>stretch</i> is a run of managed frames without a hole; its bits
 * are a run too, as far apart as its frames, and a bit is aligned as its frame is. Between two
 * stretches is at least one bit that stands for no frame, so that nothing free reaches across.
 * Immutable.
 */
final class Stretches {
  /** No bit. */
  static final long NONE = -1;

  private static final long LARGEST = 1L << BitmapFrames.MAX_ORDER; // frames of the largest block

  private final long[] starts; // first frame of each stretch, rising
  private final long[] ends; // the frame behind each
  private final long[] shifts; // bit less frame
  private final long bits;

  /**
   * Lays out the bits.
   *
   * @param spans managed frames, in rising order; those that adjoin become one stretch
   */
  Stretches(List<FrameSpan> spans) {
    List<long[]> runs = merge(spans);
    this.starts = runs.stream().mapToLong(run -> run[0]).toArray();
    this.ends = runs.stream().mapToLong(run -> run[1]).toArray();
    this.shifts = new long[starts.length];
    long next = 0;
    for (int i = 0; i < starts.length; i++) {
      long first = next + Math.floorMod(starts[i] - next, LARGEST);
      shifts[i] = first - starts[i];
      next = ends[i] + shifts[i] + 1;
    }
    this.bits = Math.max(0, next - 1);
  }

  private static List<long[]> merge(List<FrameSpan> spans) {
    List<long[]> runs = new ArrayList<>();
    for (FrameSpan span : spans) {
      long last = runs.isEmpty() ? -1 : runs.getLast()[1];
      if (span.start() < last || span.start() < 0) {
        throw new IllegalArgumentException("spans are not in rising order: " + span);
      }
      if (span.start() == last) {
        runs.getLast()[1] = span.end();
      } else {
        runs.add(new long[] {span.start(), span.end()});
      }
    }
    return runs;
  }

  int count() {
    return starts.length;
  }

  /** {@return the bit of a stretch's first frame} */
  long firstBit(int stretch) {
    return starts[stretch] + shifts[stretch];
  }

  /** {@return the bit behind that of a stretch's last frame} */
  long endBit(int stretch) {
    return ends[stretch] + shifts[stretch];
  }

  /** {@return the number of bits, those between stretches included} */
  long bits() {
    return bits;
  }

  long frames() {
    long sum = 0;
    for (int i = 0; i < starts.length; i++) {
      sum += ends[i] - starts[i];
    }
    return sum;
  }

  /** {@return the bit of the first of some frames if one stretch has them all, or NONE} */
  long bitOf(long frame, long count) {
    int stretch = atOrBelow(starts, frame);
    boolean inside = stretch >= 0 && frame < ends[stretch] && count <= ends[stretch] - frame;
    return inside ? frame + shifts[stretch] : NONE;
  }

  /** {@return the first bit that stands for a frame not below a limit} */
  long limitBit(long frame) {
    int stretch = atOrBelow(starts, frame - 1);
    if (stretch < 0) {
      return 0;
    }
    return Math.min(frame, ends[stretch]) + shifts[stretch];
  }

  /** {@return the frame of a bit} */
  long frameOf(long bit) {
    return bit - shifts[indexOf(bit)];
  }

  /** {@return the stretch of a bit, or the one below it} */
  int indexOf(long bit) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstBit(middle) <= bit) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static int atOrBelow(long[] rising, long value) {
    int found = Arrays.binarySearch(rising, value);
    return found >= 0 ? found : -found - 2;
  }
}
