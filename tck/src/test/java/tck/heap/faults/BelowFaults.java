package tck.heap.faults;

import heap.api.CacheSpec;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong towards the tier below, and in caches. */
public final class BelowFaults {
  private BelowFaults() {}

  /** Memory is imported in two calls; if the second fails, the first is forgotten. */
  public static final class LeaksOnFailedImport extends NaiveProvider {
    /** Makes it. */
    public LeaksOnFailedImport() {
      super(LeaksOnFailedImportHeap::new);
    }

    private static final class LeaksOnFailedImportHeap extends NaiveHeap {
      LeaksOnFailedImportHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long importSpan(long bytes) {
        int page = context.spans().pageBytes();
        if (bytes == page) {
          return super.importSpan(bytes);
        }
        long at = super.importSpan(bytes - page);
        return at != NULL && context.spans().extend(at + bytes - page, page) ? at : NULL;
      }
    }
  }

  /** A span is taken off the books before it is given back, which may fail. */
  public static final class LosesSpanWhenReleaseThrows extends NaiveProvider {
    /** Makes it. */
    public LosesSpanWhenReleaseThrows() {
      super(LosesSpanWhenReleaseThrowsHeap::new);
    }

    private static final class LosesSpanWhenReleaseThrowsHeap extends NaiveHeap {
      private long lost;

      LosesSpanWhenReleaseThrowsHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void releaseSpan(long at, long bytes) {
        lost += bytes;
        super.releaseSpan(at, bytes);
        lost -= bytes;
      }

      @Override
      public synchronized long footprint() {
        return super.footprint() - lost;
      }
    }
  }

  /** A span that holds a single block of 24 bytes or less counts as free. */
  public static final class TrimGivesLive extends NaiveProvider {
    /** Makes it. */
    public TrimGivesLive() {
      super(TrimGivesLiveHeap::new);
    }

    private static final class TrimGivesLiveHeap extends NaiveHeap {
      TrimGivesLiveHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long trim(long keep) {
        for (Map.Entry<Long, Long> span : Map.copyOf(spans).entrySet()) {
          long at = span.getKey();
          Map<Long, Long> inside = blocks.subMap(at, at + span.getValue());
          if (inside.size() == 1) {
            context.spans().depopulate(at, context.spans().pageBytes());
          }
        }
        return super.trim(keep);
      }
    }
  }

  /** A span that is given back is given back again. */
  public static final class ReleasesTwice extends NaiveProvider {
    /** Makes it. */
    public ReleasesTwice() {
      super(ReleasesTwiceHeap::new);
    }

    private static final class ReleasesTwiceHeap extends NaiveHeap {
      ReleasesTwiceHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void releaseSpan(long at, long bytes) {
        super.releaseSpan(at, bytes);
        super.releaseSpan(at, bytes);
      }
    }
  }

  /** Large spans are imported to the byte. */
  public static final class UnpagedImport extends NaiveProvider {
    /** Makes it. */
    public UnpagedImport() {
      super(UnpagedImportHeap::new);
    }

    private static final class UnpagedImportHeap extends NaiveHeap {
      UnpagedImportHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long importSpan(long bytes) {
        return super.importSpan(bytes > 100_000 ? bytes - 16 : bytes);
      }
    }
  }

  /** The limit is looked at before the import is added. */
  public static final class PassesLimit extends NaiveProvider {
    /** Makes it. */
    public PassesLimit() {
      super(PassesLimitHeap::new);
    }

    private static final class PassesLimitHeap extends NaiveHeap {
      PassesLimitHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected boolean admits(long bytes) {
        return footprint() < limit;
      }
    }
  }

  /** The peak is that since the last trim. */
  public static final class PeakFalls extends NaiveProvider {
    /** Makes it. */
    public PeakFalls() {
      super(PeakFallsHeap::new);
    }

    private static final class PeakFallsHeap extends NaiveHeap {
      PeakFallsHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long peakFootprint() {
        return footprint();
      }
    }
  }

  /** Each trim keeps one span more. */
  public static final class GrowsEachRound extends NaiveProvider {
    /** Makes it. */
    public GrowsEachRound() {
      super(GrowsEachRoundHeap::new);
    }

    private static final class GrowsEachRoundHeap extends NaiveHeap {
      private long more;

      GrowsEachRoundHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long trim(long keep) {
        more += 16_384;
        return super.trim(keep + more);
      }
    }
  }

  /** Every tenth object is handed out as it comes. */
  public static final class UnconstructedObject extends NaiveProvider {
    /** Makes it. */
    public UnconstructedObject() {
      super(UnconstructedObjectHeap::new);
    }

    private static final class UnconstructedObjectHeap extends NaiveHeap {
      UnconstructedObjectHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized Optional<ObjectCache> createCache(CacheSpec spec) {
        return Optional.of(new UnconstructedObjectCache(this, spec));
      }
    }

    private static final class UnconstructedObjectCache extends NaiveCache {
      private int made;

      UnconstructedObjectCache(NaiveHeap heap, CacheSpec spec) {
        super(heap, spec);
      }

      @Override
      protected void construct(long object) {
        if (++made % 10 != 0) {
          super.construct(object);
        }
      }
    }
  }

  /** Objects are constructed each time that they are handed out. */
  public static final class ConstructsAgain extends NaiveProvider {
    /** Makes it. */
    public ConstructsAgain() {
      super(ConstructsAgainHeap::new);
    }

    private static final class ConstructsAgainHeap extends NaiveHeap {
      ConstructsAgainHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized Optional<ObjectCache> createCache(CacheSpec spec) {
        return Optional.of(new ConstructsAgainCache(this, spec));
      }
    }

    private static final class ConstructsAgainCache extends NaiveCache {
      private final Set<Long> seen = new HashSet<>();

      ConstructsAgainCache(NaiveHeap heap, CacheSpec spec) {
        super(heap, spec);
      }

      @Override
      public long allocate(int cpu) {
        long object = super.allocate(cpu);
        if (object != HeapEngine.NULL && !seen.add(object)) {
          construct(object);
        }
        return object;
      }
    }
  }

  /** A cache is closed whatever is live. */
  public static final class ClosesLiveCache extends NaiveProvider {
    /** Makes it. */
    public ClosesLiveCache() {
      super(ClosesLiveCacheHeap::new);
    }

    private static final class ClosesLiveCacheHeap extends NaiveHeap {
      ClosesLiveCacheHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized Optional<ObjectCache> createCache(CacheSpec spec) {
        return Optional.of(new ClosesLiveCacheCache(this, spec));
      }
    }

    private static final class ClosesLiveCacheCache extends NaiveCache {
      ClosesLiveCacheCache(NaiveHeap heap, CacheSpec spec) {
        super(heap, spec);
      }

      @Override
      public void close() {
        reap();
      }
    }
  }
}
