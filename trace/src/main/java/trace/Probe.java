package trace;

import heap.api.Heap;

/**
 * The owner's view of what the tiers hold while a trace is replayed. The replayer asks only at the
 * beginning and at the end: peaks are exact because the tiers keep them as they grow, not because
 * anybody samples.
 *
 * <p>Used by the replaying thread only.
 */
public interface Probe {
  /**
   * What the tiers hold.
   *
   * @param footprintBytes bytes that the heap holds from below
   * @param frames page frames in use
   * @param pageTableFrames those of them that hold page tables
   */
  record Holdings(long footprintBytes, long frames, long pageTableFrames) {}

  /** Is told that a replay begins: {@link #peak} counts from here. */
  void begin();

  /** Returns what is held at this moment. */
  Holdings current();

  /** Returns the most that was held since {@link #begin}, each figure at its own moment. */
  Holdings peak();

  /**
   * Returns a probe that knows a heap's footprint and nothing of the tiers below. Its peak is that
   * of the heap's whole life.
   */
  static Probe of(Heap heap) {
    return new Probe() {
      @Override
      public void begin() {
        // The heap has counted since it was opened and cannot be told to begin again.
      }

      @Override
      public Holdings current() {
        return new Holdings(heap.footprint(), 0, 0);
      }

      @Override
      public Holdings peak() {
        return new Holdings(heap.peakFootprint(), 0, 0);
      }
    };
  }
}
