package tck.heap.faults;

import allocator.api.RangeVisitor;
import heap.api.HeapContext;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** What is wrong in hot calls. */
public final class HotFaults {
  private static final int LARGE = 1000;

  private HotFaults() {}

  /** Blocks of more than 1000 bytes end 16 bytes too early, so the next one overlaps. */
  public static final class Overlap extends NaiveProvider {
    /** Makes it. */
    public Overlap() {
      super(OverlapHeap::new);
    }

    private static final class OverlapHeap extends NaiveHeap {
      OverlapHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long usableSize(long address) {
        long bytes = super.usableSize(address);
        return bytes > LARGE ? bytes + ALIGNMENT : bytes;
      }
    }
  }

  /** Alignments from 4096 on are kept only to 2048. */
  public static final class MisalignedAt4096 extends NaiveProvider {
    /** Makes it. */
    public MisalignedAt4096() {
      super(MisalignedAt4096Heap::new);
    }

    private static final class MisalignedAt4096Heap extends NaiveHeap {
      MisalignedAt4096Heap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long allocateAligned(int cpu, long align, long bytes) {
        return super.allocateAligned(cpu, align >= 4096 ? align / 2 : align, bytes);
      }
    }
  }

  /** A size that lacks a byte to a multiple of 16 gets 16 too few. */
  public static final class TooShort extends NaiveProvider {
    /** Makes it. */
    public TooShort() {
      super(TooShortHeap::new);
    }

    private static final class TooShortHeap extends NaiveHeap {
      TooShortHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long usable(long bytes) {
        return super.usable(bytes > ALIGNMENT && bytes % ALIGNMENT == 15 ? bytes - 15 : bytes);
      }
    }
  }

  /** All blocks of no bytes are the same. */
  public static final class ZeroBytesShared extends NaiveProvider {
    /** Makes it. */
    public ZeroBytesShared() {
      super(ZeroBytesSharedHeap::new);
    }

    private static final class ZeroBytesSharedHeap extends NaiveHeap {
      private long empty;

      ZeroBytesSharedHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long allocate(int cpu, long bytes) {
        if (bytes != 0) {
          return super.allocate(cpu, bytes);
        }
        if (!blocks.containsKey(empty)) {
          empty = super.allocate(cpu, 0);
        }
        return empty;
      }
    }
  }

  /** A negative size is taken for 0. */
  public static final class NegativeSizeTaken extends NaiveProvider {
    /** Makes it. */
    public NegativeSizeTaken() {
      super(NegativeSizeTakenHeap::new);
    }

    private static final class NegativeSizeTakenHeap extends NaiveHeap {
      NegativeSizeTakenHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long usable(long bytes) {
        return super.usable(Math.max(0, bytes));
      }
    }
  }

  /** Zeroed blocks are cleared only where memory is fresh, which is not looked at. */
  public static final class DirtyZeroed extends NaiveProvider {
    /** Makes it. */
    public DirtyZeroed() {
      super(DirtyZeroedHeap::new);
    }

    private static final class DirtyZeroedHeap extends NaiveHeap {
      DirtyZeroedHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void clear(long at, long bytes) {
        if (blocks.size() < 2) {
          super.clear(at, bytes);
        }
      }
    }
  }

  /** A group that is to read as zero does not. */
  public static final class DirtyGroup extends NaiveProvider {
    /** Makes it. */
    public DirtyGroup() {
      super(DirtyGroupHeap::new);
    }

    private static final class DirtyGroupHeap extends NaiveHeap {
      DirtyGroupHeap(HeapContext context) {
        super(context);
      }

      @Override
      public boolean allocateAll(int cpu, long[] sizes, boolean zeroed, long[] into) {
        return super.allocateAll(cpu, sizes, false, into);
      }
    }
  }

  /** What a group got before memory ran out stays allocated. */
  public static final class HalfGroup extends NaiveProvider {
    /** Makes it. */
    public HalfGroup() {
      super(HalfGroupHeap::new);
    }

    private static final class HalfGroupHeap extends NaiveHeap {
      HalfGroupHeap(HeapContext context) {
        super(context);
      }

      @Override
      public boolean allocateAll(int cpu, long[] sizes, boolean zeroed, long[] into) {
        for (long size : sizes) {
          usable(size);
        }
        for (int i = 0; i < sizes.length; i++) {
          into[i] = allocate(cpu, sizes[i]);
          if (into[i] == NULL) {
            return false;
          }
        }
        return true;
      }
    }
  }

  /** A block that moves to a smaller one loses its last bytes. */
  public static final class ResizeLosesTail extends NaiveProvider {
    /** Makes it. */
    public ResizeLosesTail() {
      super(ResizeLosesTailHeap::new);
    }

    private static final class ResizeLosesTailHeap extends NaiveHeap {
      ResizeLosesTailHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long copied(long old, long now) {
        return super.copied(old, now) - ALIGNMENT;
      }
    }
  }

  /** A block whose resize fails is freed. */
  public static final class FailedResizeFrees extends NaiveProvider {
    /** Makes it. */
    public FailedResizeFrees() {
      super(FailedResizeFreesHeap::new);
    }

    private static final class FailedResizeFreesHeap extends NaiveHeap {
      FailedResizeFreesHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long resize(int cpu, long address, long bytes) {
        long there = super.resize(cpu, address, bytes);
        if (there == NULL) {
          give(address);
        }
        return there;
      }
    }
  }

  /** Says that a block has grown in place, and nothing has changed. */
  public static final class InPlaceLies extends NaiveProvider {
    /** Makes it. */
    public InPlaceLies() {
      super(InPlaceLiesHeap::new);
    }

    private static final class InPlaceLiesHeap extends NaiveHeap {
      InPlaceLiesHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized boolean resizeInPlace(int cpu, long address, long bytes) {
        return super.resizeInPlace(cpu, address, bytes) || bytes < LARGE;
      }
    }
  }

  /** The 500th free never ends. */
  public static final class SlowHang extends NaiveProvider {
    /** Makes it. */
    public SlowHang() {
      super(SlowHangHeap::new);
    }

    private static final class SlowHangHeap extends NaiveHeap {
      private int frees;

      SlowHangHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void free(int cpu, long address) {
        super.free(cpu, address);
        if (++frees == 500) {
          while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(1_000_000); // until the check is given up
          }
        }
      }
    }
  }

  /** When memory is exhausted a helper fails with an exception of its own. */
  public static final class UndocumentedException extends NaiveProvider {
    /** Makes it. */
    public UndocumentedException() {
      super(UndocumentedExceptionHeap::new);
    }

    private static final class UndocumentedExceptionHeap extends NaiveHeap {
      UndocumentedExceptionHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long importSpan(long bytes) {
        long at = super.importSpan(bytes);
        if (at == NULL) {
          throw new UnsupportedOperationException("no span of " + bytes);
        }
        return at;
      }
    }
  }

  /** The number of live blocks is counted without the lock. */
  public static final class RaceOnCounter extends NaiveProvider {
    /** Makes it. */
    public RaceOnCounter() {
      super(RacingHeap::new);
    }
  }

  /** Which blocks are live stands in a static field. */
  public static final class SharedStaticState extends NaiveProvider {
    private static final TreeMap<Long, Long> SHARED = new TreeMap<>();

    /** Makes it. */
    public SharedStaticState() {
      super(SharedStaticStateHeap::new);
    }

    private static final class SharedStaticStateHeap extends NaiveHeap {
      SharedStaticStateHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected long take(long bytes, long align) {
        long at = super.take(bytes, align);
        synchronized (SHARED) {
          SHARED.put(at, bytes);
        }
        return at;
      }

      @Override
      public synchronized void walk(RangeVisitor visitor) {
        synchronized (SHARED) {
          SHARED.forEach((at, bytes) -> visitor.visit(at, bytes, 0));
        }
      }

      @Override
      protected void give(long address) {
        super.give(address);
        synchronized (SHARED) {
          SHARED.remove(address);
        }
      }
    }
  }
}
