package ${package};

import hardware.api.Window;
import heap.api.HeapEngine;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random operations, and what must be so after each of them. */
final class Model {
  private final HeapEngine heap;
  private final Window memory;
  private final Random random;
  private final int seed;
  private final TreeMap<Long, Long> live = new TreeMap<>(); // address to the size asked for

  /** Called now and then. */
  Runnable check = () -> {};

  Model(HeapEngine heap, Window memory, int seed) {
    this.heap = heap;
    this.memory = memory;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Makes some steps and frees all. */
  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> allocate();
        case 2 -> resize();
        default -> free();
      }
      if (step % 16 == 0) {
        check.run();
      }
    }
    while (!live.isEmpty()) {
      free();
    }
    check.run();
  }

  private void allocate() {
    long bytes = random.nextInt(random.nextInt(8) == 0 ? 100_000 : 500);
    long align = 1L << random.nextInt(random.nextInt(8) == 0 ? 14 : 4);
    long address = heap.allocateAligned(seed % 4, align, bytes);
    if (address != HeapEngine.NULL) {
      expect((address & (align - 1)) == 0, "alignment of", address);
      add(address, bytes);
    }
  }

  private void add(long address, long bytes) {
    expect(heap.usableSize(address) >= bytes, "usable size of", address);
    Map.Entry<Long, Long> below = live.lowerEntry(address);
    expect(below == null || below.getKey() + below.getValue() <= address, "overlap at", address);
    Long above = live.ceilingKey(address);
    expect(above == null || address + bytes <= above, "overlap behind", address);
    live.put(address, bytes);
    write(address, bytes);
  }

  private void resize() {
    if (live.isEmpty()) {
      return;
    }
    long address = pick();
    long old = live.get(address);
    long bytes = random.nextInt(2000);
    long moved = heap.resize(seed % 4, address, bytes);
    if (moved != HeapEngine.NULL) {
      read(moved, address, Math.min(old, bytes));
      live.remove(address);
      add(moved, bytes);
    }
  }

  private void free() {
    if (live.isEmpty()) {
      return;
    }
    long address = pick();
    read(address, address, live.remove(address));
    heap.free(seed % 4, address);
  }

  private long pick() {
    long from = live.firstKey() + random.nextLong(live.lastKey() - live.firstKey() + 1);
    return live.ceilingKey(from);
  }

  private void write(long address, long bytes) {
    for (long i = 0; i < bytes; i++) {
      memory.putByte(address + i, (byte) (address >> 4 ^ i));
    }
  }

  private void read(long address, long written, long bytes) {
    for (long i = 0; i < bytes; i++) {
      expect(memory.getByte(address + i) == (byte) (written >> 4 ^ i), "contents of", address);
    }
  }

  private void expect(boolean fact, String what, long address) {
    if (!fact) {
      throw new AssertionError("seed %d: %s 0x%x".formatted(seed, what, address));
    }
  }
}
