package hardware.sim;

import hardware.api.map.SanitisedMap;
import java.util.Arrays;

/** Which frames are RAM: the usable spans of the firmware map, in frames. */
final class RamSpans {
  private final long[] starts;
  private final long[] ends;

  /**
   * Takes the spans of a map.
   *
   * @param map a map with at least one usable span
   */
  RamSpans(SanitisedMap map) {
    long page = map.pageSize();
    starts = map.usable().stream().mapToLong(span -> span.start() / page).toArray();
    ends = map.usable().stream().mapToLong(span -> span.end() / page).toArray();
  }

  /** {@return the number of spans} */
  int count() {
    return starts.length;
  }

  /** {@return the first frame of a span} */
  long start(int span) {
    return starts[span];
  }

  /** {@return the frame after the last one of a span} */
  long end(int span) {
    return ends[span];
  }

  /** {@return the frame after the last one of RAM} */
  long top() {
    return ends[ends.length - 1];
  }

  /** {@return whether all frames from one to before another are RAM} */
  boolean covers(long from, long end) {
    int found = Arrays.binarySearch(starts, from);
    int span = found >= 0 ? found : -found - 2;
    return span >= 0 && from < end && end <= ends[span];
  }

  /** {@return whether one frame is RAM} */
  boolean contains(long frame) {
    return covers(frame, frame + 1);
  }
}
