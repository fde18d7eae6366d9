package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** A naive heap beside the real one: a sorted map of blocks, each filled with its own pattern. */
final class HeapModel {
  /** What the model knows of a block. */
  record Block(long bytes, byte pattern) {}

  final Ground ground;
  final DlHeap heap;
  final Random random;
  final long most;
  final TreeMap<Long, Block> live = new TreeMap<>();
  long facts;
  int refused;

  HeapModel(Ground ground, DlHeap heap, long seed, long most) {
    this.ground = ground;
    this.heap = heap;
    this.random = new Random(seed);
    this.most = most;
  }

  void step() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> allocate();
      case 7 -> zeroed();
      case 8 -> aligned();
      case 9, 10, 11 -> resize();
      case 12 -> resizeInPlace();
      case 13 -> group();
      case 14 -> bulk();
      case 15 -> heap.trim(random.nextInt(3) * 10_000L);
      default -> free();
    }
  }

  private long size() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong(most);
      case 1, 2 -> random.nextInt(4096);
      case 3 -> 0;
      default -> random.nextInt(300);
    };
  }

  private void allocate() {
    long bytes = size();
    born(heap.allocate(0, bytes), bytes, 16);
  }

  private void zeroed() {
    long bytes = size();
    long address = heap.allocateZeroed(0, bytes);
    for (long i = 0; address != 0 && i < bytes; i++) {
      assertEquals(0, ground.memory.getByte(address + i), "zeroed byte " + i);
    }
    born(address, bytes, 16);
  }

  private void aligned() {
    long align = 1L << random.nextInt(14);
    long bytes = size();
    born(heap.allocateAligned(0, align, bytes), bytes, Math.max(16, align));
  }

  private void group() {
    long[] blocks = new long[1 + random.nextInt(6)];
    long[] sizes = new long[blocks.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = random.nextInt(500);
    }
    if (heap.allocateAll(0, sizes, false, blocks)) {
      for (int i = 0; i < blocks.length; i++) {
        born(blocks[i], sizes[i], 16);
      }
    }
  }

  private void born(long address, long bytes, long align) {
    if (address == 0) {
      refused++;
      return;
    }
    long usable = heap.usableSize(address);
    assertTrue(usable >= bytes, usable + " usable of " + bytes);
    assertEquals(0, address & (align - 1), "alignment " + align);
    Map.Entry<Long, Block> below = live.floorEntry(address);
    Long above = live.ceilingKey(address);
    assertTrue(
        below == null || below.getKey() + Math.max(1, below.getValue().bytes()) <= address,
        "below");
    assertTrue(above == null || address + Math.max(1, bytes) <= above, "overlaps what is above");
    byte pattern = (byte) random.nextInt();
    ground.memory.fill(address, bytes, pattern);
    live.put(address, new Block(bytes, pattern));
  }

  private void verify(long address, long bytes, byte pattern) {
    for (long i = 0; i < bytes; i++) {
      if (ground.memory.getByte(address + i) != pattern) {
        throw new AssertionError("byte %d of the block at 0x%x".formatted(i, address));
      }
    }
  }

  private long any() {
    long at = live.firstKey() + (long) (random.nextDouble() * (live.lastKey() - live.firstKey()));
    return live.floorKey(at);
  }

  private Block take(long address) {
    Block block = Objects.requireNonNull(live.remove(address));
    verify(address, block.bytes(), block.pattern());
    return block;
  }

  private void free() {
    if (!live.isEmpty()) {
      long address = any();
      Block block = take(address);
      if (random.nextBoolean()) {
        heap.free(0, address);
      } else {
        heap.freeSized(0, address, block.bytes());
      }
    }
  }

  private void bulk() {
    List<Long> picked = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0 && !live.isEmpty(); i--) {
      long address = any();
      take(address);
      picked.add(address);
      Long next = live.ceilingKey(address);
      if (next != null && random.nextBoolean()) {
        take(next);
        picked.add(next);
      }
    }
    long[] blocks = new long[picked.size() + 2]; // zeros are passed over
    for (int i = 0; i < picked.size(); i++) {
      blocks[i + 1] = picked.get(i);
    }
    heap.freeBulk(0, blocks, 0, blocks.length);
    for (long block : blocks) {
      assertEquals(0, block, "entry after bulk free");
    }
  }

  private void resize() {
    if (live.isEmpty()) {
      return;
    }
    long address = any();
    Block old = Objects.requireNonNull(live.get(address));
    long bytes = size();
    long now = heap.resize(0, address, bytes);
    if (now == 0) {
      refused++;
      verify(address, old.bytes(), old.pattern());
      return;
    }
    live.remove(address);
    verify(now, Math.min(bytes, old.bytes()), old.pattern());
    born(now, bytes, 16);
  }

  private void resizeInPlace() {
    if (live.isEmpty()) {
      return;
    }
    long address = any();
    Block old = Objects.requireNonNull(live.get(address));
    long bytes = size();
    if (heap.resizeInPlace(0, address, bytes)) {
      live.remove(address);
      verify(address, Math.min(bytes, old.bytes()), old.pattern());
      born(address, bytes, 16);
    } else {
      verify(address, old.bytes(), old.pattern());
    }
  }

  void check() {
    facts += heap.checkInvariants();
    TreeMap<Long, Block> left = new TreeMap<>(live);
    heap.walk((base, size, attributes) -> {
      Block block = left.remove(base);
      assertTrue(block != null && size >= block.bytes(), "walk shows a block that is not live");
      return true;
    });
    assertTrue(left.isEmpty(), "walk misses blocks");
    assertEquals(live.size(), heap.census().liveCount());
    assertEquals(heap.footprint(), heap.census().managedUnits());
    assertEquals(heap.footprint(), ground.takenBytes(), "held from below");
  }

  void freeAll() {
    for (long address : List.copyOf(live.keySet())) {
      take(address);
      heap.free(0, address);
    }
    check();
  }
}
