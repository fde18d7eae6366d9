package trace;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.Heap;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A naive heap for tests: live blocks in a sorted map, first fit between them. Each of its defects
 * is switched on by a test that wants to see it found.
 */
final class FirstFitHeap implements Heap {
  static final long BASE = 0xffff_8000_0000_0000L;

  /** Live blocks: offset to size. */
  final TreeMap<Long, Long> blocks = new TreeMap<>();

  final List<Integer> cpusOpened = new ArrayList<>();
  final List<Integer> cpusCalled = new ArrayList<>();
  boolean forgetsToZero;
  boolean forgetsToAlign;
  boolean forgetsToCopy;
  boolean overlapsNext;
  boolean placesOutside;
  long refuseAbove = Long.MAX_VALUE;
  int openPorts;
  private final ArrayWindow window;
  private long peak;

  FirstFitHeap(int size) {
    window = new ArrayWindow(BASE, size);
  }

  @Override
  public HeapPort open(int cpu) {
    cpusOpened.add(cpu);
    openPorts++;
    return new Port(cpu);
  }

  @Override
  public ObjectCache createCache(CacheSpec spec) {
    throw new UnsupportedOperationException("no cache of " + spec);
  }

  @Override
  public Window window() {
    return window;
  }

  @Override
  public long lowestAddress() {
    return BASE;
  }

  @Override
  public String provider() {
    return "firstfit";
  }

  @Override
  public long footprint() {
    return blocks.isEmpty() ? 0 : blocks.lastKey() + blocks.lastEntry().getValue();
  }

  @Override
  public long peakFootprint() {
    return peak;
  }

  @Override
  public CensusSummary census() {
    return CensusSummary.EMPTY;
  }

  @Override
  public List<Statistic> statistics() {
    return List.of();
  }

  private long place(long align, long bytes) {
    if (bytes > refuseAbove || bytes > window.size()) {
      return 0;
    }
    long room = Math.max(16, (bytes + 15) & -16);
    long offset = 0;
    for (Map.Entry<Long, Long> block : blocks.entrySet()) {
      if (block.getKey() - offset >= room) {
        break;
      }
      offset = Math.max(offset, block.getKey() + block.getValue() + align - 1 & -align);
    }
    if (offset + room > window.size()) {
      return 0;
    }
    blocks.put(offset, room);
    peak = Math.max(peak, footprint());
    return BASE + offset;
  }

  private final class Port implements HeapPort {
    private final int cpu;

    Port(int cpu) {
      this.cpu = cpu;
    }

    @Override
    public int cpu() {
      return cpu;
    }

    @Override
    public long allocate(long bytes) {
      cpusCalled.add(cpu);
      if (placesOutside && bytes == 100) {
        blocks.put(window.size() - 16, 16L);
        return BASE + window.size() - 16;
      }
      long address = place(16, bytes);
      if (overlapsNext && bytes == 48) {
        blocks.remove(address - BASE);
        blocks.put(address - BASE + 8, 8L);
        return address - 8;
      }
      return address;
    }

    @Override
    public long allocateZeroed(long bytes) {
      long address = allocate(bytes);
      if (address != 0 && !forgetsToZero) {
        window.fill(address, bytes, (byte) 0);
      }
      return address;
    }

    @Override
    public boolean allocateAll(long[] sizes, boolean zeroed, long[] into) {
      throw new UnsupportedOperationException("traces have no such event");
    }

    @Override
    public long allocateAligned(long align, long bytes) {
      long address = place(forgetsToAlign ? 16 : Math.max(16, align), bytes);
      return address;
    }

    @Override
    public long resize(long address, long bytes) {
      long old = blocks.getOrDefault(address - BASE, 0L);
      long moved = allocate(bytes);
      if (moved != 0) {
        if (!forgetsToCopy) {
          window.copy(address, moved, Math.min(old, bytes));
        }
        free(address);
      }
      return moved;
    }

    @Override
    public boolean resizeInPlace(long address, long bytes) {
      return false;
    }

    @Override
    public void free(long address) {
      if (blocks.remove(address - BASE) == null && !overlapsNext) {
        throw new IllegalStateException("no block at 0x" + Long.toHexString(address));
      }
    }

    @Override
    public void freeSized(long address, long bytes) {
      free(address);
    }

    @Override
    public void freeBulk(long[] addresses, int from, int count) {
      for (int i = from; i < from + count; i++) {
        free(addresses[i]);
      }
    }

    @Override
    public long usableSize(long address) {
      return blocks.getOrDefault(address - BASE, 0L);
    }

    @Override
    public long trim(long keep) {
      return 0;
    }

    @Override
    public void close() {
      openPorts--;
    }
  }
}
