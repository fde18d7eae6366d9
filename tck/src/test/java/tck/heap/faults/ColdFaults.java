package tck.heap.faults;

import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.Explanation;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import heap.api.HeapContext;
import heap.api.HeapRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What is wrong in cold calls: figures, walks, transfer and the end. */
public final class ColdFaults {
  private ColdFaults() {}

  /** Zeroed blocks are counted twice. */
  public static final class CountsTwice extends NaiveProvider {
    /** Makes it. */
    public CountsTwice() {
      super(CountsTwiceHeap::new);
    }

    private static final class CountsTwiceHeap extends NaiveHeap {
      private final Set<Long> zeroed = new HashSet<>();

      CountsTwiceHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void clear(long at, long bytes) {
        super.clear(at, bytes);
        zeroed.add(at);
      }

      @Override
      public synchronized CensusSummary census() {
        CensusSummary census = super.census();
        zeroed.retainAll(blocks.keySet());
        return new CensusSummary(
            census.liveCount() + zeroed.size(),
            census.liveUnits(),
            census.managedUnits(),
            census.checksum());
      }
    }
  }

  /**
   * Blocks of 64 bytes that were freed wait in a cache that no drain empties, and count as live.
   */
  public static final class CensusMissesCached extends NaiveProvider {
    /** Makes it. */
    public CensusMissesCached() {
      super(CensusMissesCachedHeap::new);
    }

    private static final class CensusMissesCachedHeap extends NaiveHeap {
      private final Deque<Long> cached = new ArrayDeque<>();

      CensusMissesCachedHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long allocate(int cpu, long bytes) {
        return usable(bytes) == 64 && !cached.isEmpty() ? cached.pop() : super.allocate(cpu, bytes);
      }

      @Override
      protected long requireLive(long address) {
        return super.requireLive(cached.contains(address) ? 0 : address);
      }

      @Override
      protected void give(long address) {
        if (blocks.getOrDefault(address, 0L) == 64 && cached.size() < 4) {
          cached.push(address);
        } else {
          super.give(address);
        }
      }
    }
  }

  /** A walk does not listen to its visitor. */
  public static final class WalkGoesOn extends NaiveProvider {
    /** Makes it. */
    public WalkGoesOn() {
      super(WalkGoesOnHeap::new);
    }

    private static final class WalkGoesOnHeap extends NaiveHeap {
      WalkGoesOnHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void walk(RangeVisitor visitor) {
        super.walk((base, size, attributes) -> {
          visitor.visit(base, size, attributes);
          return true;
        });
      }
    }
  }

  /** Draining writes a mark into the last byte of a block. */
  public static final class DrainWrites extends NaiveProvider {
    /** Makes it. */
    public DrainWrites() {
      super(DrainWritesHeap::new);
    }

    private static final class DrainWritesHeap extends NaiveHeap {
      DrainWritesHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void drain() {
        if (!blocks.isEmpty()) {
          long last = blocks.lastKey() + blocks.lastEntry().getValue() - 1;
          context.window().putByte(last, (byte) 0xEE);
        }
      }
    }
  }

  /** The report of a heap that holds nothing fails. */
  public static final class ReportFailsWhenEmpty extends NaiveProvider {
    /** Makes it. */
    public ReportFailsWhenEmpty() {
      super(ReportFailsWhenEmptyHeap::new);
    }

    private static final class ReportFailsWhenEmptyHeap extends NaiveHeap {
      ReportFailsWhenEmptyHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized List<String> report(String name) {
        List<String> lines = super.report(name);
        return List.of(lines.getFirst());
      }
    }
  }

  /** Closing it a second time fails. */
  public static final class SecondCloseThrows extends NaiveProvider {
    /** Makes it. */
    public SecondCloseThrows() {
      super(SecondCloseThrowsHeap::new);
    }

    private static final class SecondCloseThrowsHeap extends NaiveHeap {
      private boolean closed;

      SecondCloseThrowsHeap(HeapContext context) {
        super(context);
      }

      @Override
      public void close() {
        if (closed) {
          throw new IllegalStateException("closed already");
        }
        closed = true;
      }
    }
  }

  /** Checking looks at nothing. */
  public static final class BlindInvariants extends NaiveProvider {
    /** Makes it. */
    public BlindInvariants() {
      super(BlindInvariantsHeap::new);
    }

    private static final class BlindInvariantsHeap extends NaiveHeap {
      BlindInvariantsHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized long checkInvariants() {
        return 0;
      }
    }
  }

  /** A rehearsal takes the blocks over. */
  public static final class RehearsalChanges extends NaiveProvider {
    /** Makes it. */
    public RehearsalChanges() {
      super(RehearsalChangesHeap::new);
    }

    private static final class RehearsalChangesHeap extends NaiveHeap {
      RehearsalChangesHeap(HeapContext context) {
        super(context);
      }

      @Override
      protected void forget() {}
    }
  }

  /** One block is not taken over when there are more than five. */
  public static final class RebuildForgetsOne extends NaiveProvider {
    /** Makes it. */
    public RebuildForgetsOne() {
      super(RebuildForgetsOneHeap::new);
    }

    private static final class RebuildForgetsOneHeap extends NaiveHeap {
      private boolean rebuilding;

      RebuildForgetsOneHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void rebuild(Estate estate, boolean dryRun) {
        rebuilding = true;
        super.rebuild(estate, dryRun);
        rebuilding = false;
      }

      @Override
      protected boolean represent(long at, long bytes, long attributes) {
        return (rebuilding && blocks.size() == 5) || super.represent(at, bytes, attributes);
      }
    }
  }

  /** A block of 64 bytes is not adopted. */
  public static final class AdoptForgetsOne extends NaiveProvider {
    /** Makes it. */
    public AdoptForgetsOne() {
      super(AdoptForgetsOneHeap::new);
    }

    private static final class AdoptForgetsOneHeap extends NaiveHeap {
      private boolean rebuilding;

      AdoptForgetsOneHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void rebuild(Estate estate, boolean dryRun) {
        rebuilding = true;
        super.rebuild(estate, dryRun);
        rebuilding = false;
      }

      @Override
      protected boolean represent(long at, long bytes, long attributes) {
        return (!rebuilding && bytes == 64) || super.represent(at, bytes, attributes);
      }
    }
  }

  /** Rebuilds nothing, and does not say why. */
  public static final class RefusesWithoutReason extends NaiveProvider {
    /** Makes it. */
    public RefusesWithoutReason() {
      super(RefusesWithoutReasonHeap::new);
    }

    private static final class RefusesWithoutReasonHeap extends NaiveHeap {
      RefusesWithoutReasonHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void rebuild(Estate estate, boolean dryRun) {
        throw new TransferRefusedException("");
      }
    }
  }

  /** What was handed over is given back to below when it is closed. */
  public static final class KeepsHandedOver extends NaiveProvider {
    /** Makes it. */
    public KeepsHandedOver() {
      super(KeepsHandedOverHeap::new);
    }

    private static final class KeepsHandedOverHeap extends NaiveHeap {
      private boolean handed;

      KeepsHandedOverHeap(HeapContext context) {
        super(context);
      }

      @Override
      public void handedOver() {
        handed = true;
      }

      @Override
      public synchronized void close() {
        if (handed) {
          spans.forEach((at, bytes) -> context.spans().release(at, bytes));
          spans.clear();
        }
      }
    }
  }

  /** Explains an allocation by making it. */
  public static final class ExplainAllocates extends NaiveProvider {
    /** Makes it. */
    public ExplainAllocates() {
      super(ExplainAllocatesHeap::new);
    }

    private static final class ExplainAllocatesHeap extends ExplainingHeap {
      ExplainAllocatesHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized Explanation explain(HeapRequest request) {
        return request.kind() == HeapRequest.Kind.ALLOCATE
            ? new Explanation(
                List.of("tried"), OptionalLong.of(allocate(request.cpu(), request.bytes())))
            : super.explain(request);
      }
    }
  }

  /** Does not think of the alignment that was asked for. */
  public static final class ExplainsElsewhere extends NaiveProvider {
    /** Makes it. */
    public ExplainsElsewhere() {
      super(ExplainsElsewhereHeap::new);
    }

    private static final class ExplainsElsewhereHeap extends ExplainingHeap {
      ExplainsElsewhereHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized Explanation explain(HeapRequest request) {
        return super.explain(
            new HeapRequest(request.kind(), request.cpu(), request.address(), 0, request.bytes()));
      }
    }
  }

  /** From the fifth walk on only the first thousand blocks are shown. */
  public static final class RelievedForgets extends NaiveProvider {
    /** Makes it. */
    public RelievedForgets() {
      super(RelievedForgetsHeap::new);
    }

    private static final class RelievedForgetsHeap extends NaiveHeap {
      private int walks;

      RelievedForgetsHeap(HeapContext context) {
        super(context);
      }

      @Override
      public synchronized void walk(RangeVisitor visitor) {
        walks++;
        int[] shown = {0};
        super.walk((base, size, attributes) ->
            (walks > 4 && ++shown[0] > 1000) || visitor.visit(base, size, attributes));
      }
    }
  }
}
