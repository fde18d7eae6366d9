package ${package};

import allocator.api.MisuseException;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.FitPolicy;

/** Random operations on an arena of two spans and on a set of quanta, which must agree. */
final class Model {
  private static final int QUANTA = 400;
  private static final int SPLIT = 150; // the second span begins here
  private static final long BASE = 0xffff_8000_0000_0000L;

  private final AddressArena arena;
  private final long quantum;
  private final int seed;
  private final Random random;
  private final BitSet taken = new BitSet();
  private final TreeMap<Long, Long> live = new TreeMap<>(); // base to size

  Model(AddressArena arena, long quantum, int seed) {
    this.arena = arena;
    this.quantum = quantum;
    this.seed = seed;
    this.random = new Random(seed);
    arena.addSpan(BASE, SPLIT * quantum);
    arena.addSpan(BASE + SPLIT * quantum, (QUANTA - SPLIT) * quantum);
  }

  /** Makes some steps and frees all. */
  void run(int steps, Runnable check) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> allocate();
        case 2 -> allocateConstrained();
        case 3 -> misuse();
        default -> free();
      }
      check.run();
      compare();
    }
    while (!live.isEmpty()) {
      free();
    }
    check.run();
    compare();
  }

  private FitPolicy policy() {
    return FitPolicy.values()[random.nextInt(4)];
  }

  private void allocate() {
    long size = 1 + random.nextLong(40 * quantum);
    took(arena.allocate(0, size, policy()), size, new AddressConstraints(0, 0, 0, 0, 0));
  }

  private void allocateConstrained() {
    long size = 1 + random.nextLong(15 * quantum);
    long align = quantum << random.nextInt(5);
    long phase = random.nextLong(align / quantum) * quantum;
    long nocross = random.nextBoolean() ? 0 : quantum << 5;
    long min = random.nextBoolean() ? 0 : BASE + random.nextInt(QUANTA) * quantum;
    long max = random.nextBoolean() ? 0 : BASE + random.nextInt(QUANTA) * quantum;
    AddressConstraints where = new AddressConstraints(align, phase, nocross, min, max);
    boolean possible = nocross == 0 || phase + size <= nocross;
    try {
      took(arena.allocateConstrained(0, size, where, policy()), size, where);
      expect(possible, "accepted " + where, 0, size);
    } catch (IllegalArgumentException e) {
      expect(!possible, "refused " + where, 0, size);
    }
  }

  private void took(long base, long size, AddressConstraints where) {
    if (base == AddressArena.NONE) {
      for (int i = 0; i < QUANTA; i++) {
        expect(!fits(BASE + i * quantum, size, where), "refused " + where, i, size);
      }
      return;
    }
    expect(fits(base, size, where), "outside of " + where + " or taken", base, size);
    taken.set(first(base), end(base, size));
    live.put(base, size);
  }

  private boolean fits(long base, long size, AddressConstraints where) {
    int first = first(base);
    int end = end(base, size);
    int next = taken.nextSetBit(first);
    long align = Math.max(where.align(), quantum);
    long last = base + size - 1;
    return (base & quantum - 1) == 0
        && end <= QUANTA
        && (end <= SPLIT || first >= SPLIT)
        && (next < 0 || next >= end)
        && (base - where.phase() & align - 1) == 0
        && ((base ^ last) & -where.nocross()) == 0
        && Long.compareUnsigned(base, where.min()) >= 0
        && Long.compareUnsigned(last, where.max() - 1) <= 0;
  }

  private int first(long base) {
    return (int) ((base - BASE) / quantum);
  }

  private int end(long base, long size) {
    return (int) ((base - BASE + size + quantum - 1) / quantum);
  }

  private void free() {
    Map.Entry<Long, Long> any = live.ceilingEntry(BASE + random.nextInt(QUANTA) * quantum);
    Map.Entry<Long, Long> range = any == null ? live.firstEntry() : any;
    if (range != null) {
      live.remove(range.getKey());
      arena.free(0, range.getKey(), range.getValue());
      taken.clear(first(range.getKey()), end(range.getKey(), range.getValue()));
    }
  }

  private void misuse() {
    long base = BASE + random.nextInt(QUANTA) * quantum;
    if (live.containsKey(base)) {
      return;
    }
    try {
      arena.free(0, base, quantum);
      expect(false, "a wrong free was taken", base, quantum);
    } catch (MisuseException e) {
      expect(!e.getMessage().isBlank(), "no message", base, quantum);
    }
  }

  private void compare() {
    long free = (QUANTA - taken.cardinality()) * quantum;
    expect(arena.freeBytes() == free, "free bytes", arena.freeBytes(), free);
    TreeMap<Long, Long> seen = new TreeMap<>();
    arena.walkAllocated((base, size, attributes) -> seen.put(base, size) == null);
    expect(seen.equals(live), "walk", seen.size(), live.size());
  }

  private void expect(boolean fact, String what, long base, long size) {
    if (!fact) {
      throw new AssertionError("seed %d: %s: 0x%x, 0x%x".formatted(seed, what, base, size));
    }
  }
}
