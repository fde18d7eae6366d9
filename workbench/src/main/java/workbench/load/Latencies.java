package workbench.load;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The latencies of one thread's calls, in nanoseconds. That thread records without waiting and
 * without making objects; the other methods belong to one reader at a time.
 */
final class Latencies {
  /** An hour: nobody waits longer. What does is recorded as this. */
  static final long MOST_NANOS = 3_600_000_000_000L;

  /** Digits that are right: one part in a thousand, for 270 KiB per histogram. */
  static final int DIGITS = 3;

  /** Points that stand for the calls that waited for one: as fine as the digits. */
  private static final long MOST_POINTS = 1000;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, MOST_NANOS, DIGITS);
  private final Histogram all = empty();
  private final Histogram marked = empty();
  private Histogram fresh = recorder.getIntervalHistogram();

  static Histogram empty() {
    return new Histogram(1, MOST_NANOS, DIGITS);
  }

  /** Records a call; a time that is not at least 1 ns is that. */
  void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 1, MOST_NANOS));
  }

  /** Takes over what was recorded since the last call of this method. */
  void collect() {
    fresh = recorder.getIntervalHistogram(fresh);
    all.add(fresh);
    marked.add(fresh);
  }

  /** Begins a new interval; collect first. */
  void mark() {
    marked.reset();
  }

  /** Adds what was collected since the start to a sum; see {@link #add}. */
  void addAllTo(Histogram sum, boolean correct, long nanos) {
    add(all, sum, correct, nanos);
  }

  /** Adds what was collected since the mark to a sum; see {@link #add}. */
  void addMarkedTo(Histogram sum, boolean correct, long nanos) {
    add(marked, sum, correct, nanos);
  }

  /**
   * Adds a histogram to a sum. To correct it, each call that took longer than the thread's calls
   * are apart stands for those as well that would have been made, and have waited, in its time.
   */
  private static void add(Histogram part, Histogram sum, boolean correct, long nanos) {
    if (!correct || part.getTotalCount() == 0) {
      sum.add(part);
      return;
    }
    long apart = Math.max(1, nanos / part.getTotalCount());
    for (HistogramIterationValue bar : part.recordedValues()) {
      addWaiting(sum, bar.getValueIteratedTo(), bar.getCountAtValueIteratedTo(), apart);
    }
  }

  /**
   * Adds {@code count} calls that took so long, and those that waited meanwhile: one for each
   * multiple of {@code apart} by which it is shorter. Neighbours share a point if they are many, as
   * an hour holds more moments than anybody has time for; HdrHistogram's own method adds each.
   */
  private static void addWaiting(Histogram sum, long longest, long count, long apart) {
    sum.recordValueWithCount(longest, count);
    long missing = longest / apart - 1;
    long group = 1 + missing / MOST_POINTS;
    for (long i = 1; i <= missing; i += group) {
      long together = Math.min(group, missing - i + 1);
      sum.recordValueWithCount(longest - (i + together / 2) * apart, count * together);
    }
  }
}
