package tck.heap;

import allocator.api.MisuseException;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import tck.Expect;

/** A naive heap beside the real one: a sorted map of blocks, each filled with its own pattern. */
public final class HeapModel {
  private record Block(long bytes, byte pattern) {}

  private final HeapGround ground;
  private final HeapEngine heap;
  private final Random random;
  private final long most;
  private final TreeMap<Long, Block> live = new TreeMap<>();
  private final List<ObjectCache> caches = new ArrayList<>();
  private long facts;
  private int refused;

  /**
   * Begins with an empty heap.
   *
   * @param ground what it stands on
   * @param heap the heap
   * @param seed decides everything
   * @param most the largest size to ask for, not included
   */
  public HeapModel(HeapGround ground, HeapEngine heap, long seed, long most) {
    this.ground = ground;
    this.heap = heap;
    this.random = new Random(seed);
    this.most = most;
  }

  /** {@return the heap} */
  public HeapEngine heap() {
    return heap;
  }

  /**
   * Has objects of a cache allocated as well.
   *
   * @param cache a cache of the heap under test
   */
  public void add(ObjectCache cache) {
    caches.add(cache);
  }

  /** {@return the blocks that are live, by address} */
  public NavigableSet<Long> live() {
    return live.navigableKeySet();
  }

  /** {@return facts checked so far} */
  public long facts() {
    return facts;
  }

  /** {@return requests that were not met so far} */
  public int refused() {
    return refused;
  }

  /** Makes one operation. */
  public void step() {
    switch (random.nextInt(22)) {
      case 0, 1, 2, 3, 4, 5, 6 -> allocate();
      case 7 -> zeroed();
      case 8 -> aligned();
      case 9, 10, 11 -> resize();
      case 12 -> resizeInPlace();
      case 13 -> burst();
      case 14 -> bulk();
      case 15 -> object();
      case 16 -> cold();
      default -> free();
    }
  }

  private int cpu() {
    return random.nextInt(ground.cpus);
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
    born(heap.allocate(cpu(), bytes), bytes, heap.alignment());
  }

  private void burst() {
    long bytes = size() % 500;
    for (int i = random.nextInt(60); i > 0; i--) {
      born(heap.allocate(cpu(), bytes), bytes, heap.alignment());
    }
  }

  private void zeroed() {
    long bytes = size();
    long address = heap.allocateZeroed(cpu(), bytes);
    for (long i = 0; address != 0 && i < bytes; i++) {
      Expect.equal((byte) 0, ground.memory.getByte(address + i), "zeroed byte " + i);
    }
    born(address, bytes, heap.alignment());
  }

  private void aligned() {
    long align = 1L << random.nextInt(15);
    long bytes = size();
    born(heap.allocateAligned(cpu(), align, bytes), bytes, Math.max(heap.alignment(), align));
  }

  private void object() {
    if (!caches.isEmpty()) {
      ObjectCache cache = caches.get(random.nextInt(caches.size()));
      long align = Math.max(heap.alignment(), cache.spec().align());
      born(cache.allocate(cpu()), cache.spec().objectBytes(), align);
    }
  }

  private void cold() {
    switch (random.nextInt(4)) {
      case 0 -> heap.drain();
      case 1 -> heap.trim(0);
      case 2 -> heap.trim(random.nextInt(3) * 300_000L);
      default -> caches.forEach(ObjectCache::reap);
    }
  }

  private void born(long address, long bytes, long align) {
    if (address == 0) {
      refused++;
      return;
    }
    long usable = heap.usableSize(address);
    Expect.that(usable >= bytes, usable + " usable of " + bytes);
    Expect.equal(0L, address & (align - 1), "alignment " + align);
    Map.Entry<Long, Block> below = live.floorEntry(address);
    Long above = live.ceilingKey(address);
    Expect.that(
        below == null || below.getKey() + Math.max(1, below.getValue().bytes()) <= address,
        "below");
    Expect.that(above == null || address + Math.max(1, bytes) <= above, "overlaps what is above");
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
        heap.free(cpu(), address);
      } else {
        heap.freeSized(cpu(), address, block.bytes());
      }
      try {
        heap.free(cpu(), address);
        throw new AssertionError("a second free of 0x%x passed".formatted(address));
      } catch (MisuseException e) {
        facts++;
      }
    }
  }

  private void bulk() {
    List<Long> picked = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0 && !live.isEmpty(); i--) {
      long address = any();
      take(address);
      picked.add(address);
    }
    long[] blocks = new long[picked.size() + 2]; // zeros are passed over
    for (int i = 0; i < picked.size(); i++) {
      blocks[i + 1] = picked.get(i);
    }
    heap.freeBulk(cpu(), blocks, 0, blocks.length);
    for (long block : blocks) {
      Expect.equal(0L, block, "entry after bulk free");
    }
  }

  private void resize() {
    if (live.isEmpty()) {
      return;
    }
    long address = any();
    Block old = Objects.requireNonNull(live.get(address));
    long bytes = size();
    long now = heap.resize(cpu(), address, bytes);
    if (now == 0) {
      refused++;
      verify(address, old.bytes(), old.pattern());
      return;
    }
    live.remove(address);
    verify(now, Math.min(bytes, old.bytes()), old.pattern());
    born(now, bytes, heap.alignment());
  }

  private void resizeInPlace() {
    if (live.isEmpty()) {
      return;
    }
    long address = any();
    Block old = Objects.requireNonNull(live.get(address));
    long bytes = size();
    if (heap.resizeInPlace(cpu(), address, bytes)) {
      live.remove(address);
      verify(address, Math.min(bytes, old.bytes()), old.pattern());
      born(address, bytes, heap.alignment());
    } else {
      verify(address, old.bytes(), old.pattern());
    }
  }

  /** Compares everything. */
  public void check() {
    facts += heap.checkInvariants();
    TreeMap<Long, Block> left = new TreeMap<>(live);
    heap.walk((base, size, attributes) -> {
      Block block = left.remove(base);
      Expect.that(block != null && size >= block.bytes(), "walk shows a block that is not live");
      return true;
    });
    Expect.that(left.isEmpty(), "walk misses blocks");
    Expect.equal((long) live.size(), heap.census().liveCount(), "live");
    Expect.equal(heap.footprint(), heap.census().managedUnits(), "managed");
    Expect.equal(heap.footprint(), ground.backedBytes(), "held from below");
  }

  /** Frees everything and requires that every frame went home. */
  public void freeAll() {
    freeBlocks();
    heap.trim(0);
    Expect.equal(0L, ground.backedBytes(), "held at the end");
  }

  /** Frees every block. */
  public void freeBlocks() {
    for (long address : List.copyOf(live.keySet())) {
      take(address);
      heap.free(cpu(), address);
    }
    check();
    caches.forEach(ObjectCache::close);
    check();
  }
}
