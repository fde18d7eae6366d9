package tck.heap.faults;

import heap.api.HeapContext;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong in freeing and in the sizes of blocks. */
public final class FreeFaults {
  private static final int LARGE = 1000;

  private FreeFaults() {}

  /** Freeing what is no block does nothing. */
  public static final class DoubleFreeAccepted extends NaiveProvider {
    /** Makes it. */
    public DoubleFreeAccepted() {
      super(DoubleFreeAcceptedHeap::new);
    }

    private static final class DoubleFreeAcceptedHeap extends NaiveHeap {
      DoubleFreeAcceptedHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void free(int cpu, long address) {
        if (blocks.containsKey(address)) {
          super.free(cpu, address);
        }
      }
    }
  }

  /** An address inside a block stands for the block. */
  public static final class FreeInsideAccepted extends NaiveProvider {
    /** Makes it. */
    public FreeInsideAccepted() {
      super(FreeInsideAcceptedHeap::new);
    }

    private static final class FreeInsideAcceptedHeap extends NaiveHeap {
      FreeInsideAcceptedHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long requireLive(long address) {
        Map.Entry<Long, Long> block = blocks.floorEntry(address);
        return block == null || address >= block.getKey() + block.getValue()
            ? super.requireLive(address)
            : super.requireLive(block.getKey()) + block.getKey() - address;
      }
    }
  }

  /** The last of many blocks is not freed. */
  public static final class BulkSkipsLast extends NaiveProvider {
    /** Makes it. */
    public BulkSkipsLast() {
      super(BulkSkipsLastHeap::new);
    }

    private static final class BulkSkipsLastHeap extends NaiveHeap {
      BulkSkipsLastHeap(HeapContext context) {
        super(context);
      }

      @Override
      public void freeBulk(int cpu, long[] addresses, int from, int count) {
        int left = from + count;
        while (left > from && addresses[left - 1] == NULL) {
          left--;
        }
        super.freeBulk(cpu, addresses, from, Math.max(0, left - 1 - from));
        addresses[Math.max(from, left - 1)] = NULL;
      }
    }
  }

  /** Freeing many clears the entry behind them. */
  public static final class BulkClearsBeyond extends NaiveProvider {
    /** Makes it. */
    public BulkClearsBeyond() {
      super(BulkClearsBeyondHeap::new);
    }

    private static final class BulkClearsBeyondHeap extends NaiveHeap {
      BulkClearsBeyondHeap(HeapContext context) {
        super(context);
      }

      @Override
      public void freeBulk(int cpu, long[] addresses, int from, int count) {
        super.freeBulk(cpu, addresses, from, count);
        if (from + count < addresses.length) {
          addresses[from + count] = NULL;
        }
      }
    }
  }

  /** The size of a block falls when it is asked for a second time. */
  public static final class SizeOtherThanWalk extends NaiveProvider {
    /** Makes it. */
    public SizeOtherThanWalk() {
      super(SizeOtherThanWalkHeap::new);
    }

    private static final class SizeOtherThanWalkHeap extends NaiveHeap {
      private final TreeMap<Long, Long> asked = new TreeMap<>();

      SizeOtherThanWalkHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void give(long address) {
        asked.remove(address);
        super.give(address);
      }

      @Override
      public synchronized long usableSize(long address) {
        long bytes = super.usableSize(address);
        Long before = asked.put(address, bytes);
        return before != null && before == bytes && bytes > LARGE ? bytes - ALIGNMENT : bytes;
      }
    }
  }

  /** Blocks that were freed are never handed out again. */
  public static final class NeverReuses extends NaiveProvider {
    /** Makes it. */
    public NeverReuses() {
      super(NeverReusesHeap::new);
    }

    private static final class NeverReusesHeap extends NaiveHeap {
      NeverReusesHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void give(long address) {
        kept.add(address);
      }
    }
  }
}
