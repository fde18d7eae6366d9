package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import physmem.api.FrameSpan;

/**
 * Kills an allocator between two accesses to its metadata, in any call, and recovers another from
 * what the lower level's metadata say: every frame that a client held is live in the same range,
 * every other one is free, and the call under way has happened or has not. The recovered one works
 * on and is killed in turn. {@code -Dllfree.kills=N} for more than 10,000.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("llfree.kills", 10_000);
  private static final long SEED = Long.getLong("llfree.seed", 23);
  private static final long BORDER = 1 << 20; // two zones meet
  private static final long BASE = BORDER - 3000;
  private static final long FRAMES = 7000;

  private final Random random = new Random(SEED);
  private final TestRam ram =
      TestRam.of(
          2,
          List.of(new FrameSpan(BASE, FRAMES, 0)),
          List.of(new FrameSpan(BASE, 4321, 0), new FrameSpan(BASE + 4350, FRAMES - 4350, 0)));
  private final List<CrashClient> clients = new ArrayList<>();
  private CrashingCells cells = new CrashingCells();
  private long pendingSeen;
  private long countsSeen;

  private static LlfreeSettings settings(int trees, String init) {
    Map<String, String> values =
        Map.of("trees", Integer.toString(trees), "init", init, "store", "memory");
    return LlfreeSettings.read(new Settings("physmem.llfree", values));
  }

  private LlfreeFrames open(int trees, String init, MemorySegment image) {
    ram.reserved().clear();
    return new LlfreeFrames(
        ram, settings(trees, init), cells, map -> Optional.of(new Store(image, map)));
  }

  @Test
  @Timeout(600)
  void shouldLoseNoFrameAndHandNoneOutTwiceWhenKilledAnywhere() {
    clients.add(new CrashClient(SEED, BORDER));
    kill(2, KILLS / 2, this::workAlone);
  }

  @Test
  @Timeout(600)
  void shouldDoSoInLargeTrees() {
    clients.add(new CrashClient(SEED + 1, BORDER));
    kill(32, KILLS / 4, this::workAlone);
  }

  @Test
  @Timeout(600)
  void shouldDoSoWhenSeveralThreadsAreStoppedAtOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      clients.add(new CrashClient(SEED + 2 + i, BORDER));
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(clients.size())) {
      kill(4, KILLS / 4, engine -> workTogether(engine, pool));
    }
  }

  private interface Work {
    void run(LlfreeFrames engine);
  }

  private void kill(int trees, int kills, Work work) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(64 << 10, Long.BYTES);
      LlfreeFrames engine = open(trees, "free", image);
      for (int i = 0; i < kills; i++) {
        cells.arm(1 + random.nextInt(1 << 4 + random.nextInt(8)));
        work.run(engine);
        engine = recover(trees, image);
        checkAgainstModel(engine);
      }
      finish(engine);
    }
    assertTrue(pendingSeen > kills / 500, "pending ranges were seen: " + pendingSeen);
    assertTrue(countsSeen > kills / 500, "wrong counts were seen: " + countsSeen);
  }

  private void workAlone(LlfreeFrames engine) {
    try {
      while (true) {
        clients.getFirst().step(engine, random.nextInt(2), BASE, FRAMES);
      }
    } catch (CrashingCells.Killed e) {
      assertTrue(cells.isDead());
    }
  }

  private void workTogether(LlfreeFrames engine, ExecutorService pool) {
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      CrashClient client = clients.get(i);
      int cpu = i % 2;
      ends.add(pool.submit(() -> work(engine, client, cpu)));
    }
    for (Future<?> end : ends) {
      try {
        end.get();
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        throw new AssertionError("seed " + SEED, e);
      }
    }
  }

  private void work(LlfreeFrames engine, CrashClient client, int cpu) {
    try {
      while (true) {
        client.step(engine, cpu, BASE, FRAMES);
      }
    } catch (CrashingCells.Killed e) {
      assertTrue(cells.isDead());
    }
  }

  /** Recovers, and every now and then is killed while doing so. */
  private LlfreeFrames recover(int trees, MemorySegment image) {
    if (random.nextInt(8) == 0) {
      lookAt(trees, image);
    }
    while (random.nextInt(4) == 0) {
      cells = new CrashingCells();
      cells.arm(random.nextInt(1 << 1 + random.nextInt(10)));
      try {
        return open(trees, "recover", image);
      } catch (CrashingCells.Killed e) {
        assertTrue(cells.isDead());
      }
    }
    cells = new CrashingCells();
    return open(trees, "recover", image);
  }

  /** Counts what is to be repaired, in a copy. */
  private void lookAt(int trees, MemorySegment image) {
    try (Arena arena = Arena.ofConfined()) {
      RamMap map = new RamMapBuilder(ram, trees * Layout.CHILD_FRAMES).build();
      Store store = new Store(image, map);
      Memory memory = Memory.reserve(ram, map, ram.cpus(), Optional.of(store)).copyLower(arena);
      Machine copy = new Machine(map, memory, ram.cpus(), true, new Cells());
      Recovery.Findings found = new Recovery(copy).repair();
      pendingSeen += found.pending();
      countsSeen += found.counts();
    }
  }

  private void checkAgainstModel(LlfreeFrames engine) {
    engine.checkInvariants();
    NavigableMap<Long, Long> live = new TreeMap<>();
    engine.walk((base, size, attributes) -> live.put(base, size) == null);
    long sum = live.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(FRAMES - 29 - sum, engine.freeFrames());
    NavigableMap<Long, Long> extra = new TreeMap<>(live);
    clients.forEach(client -> settle(client, extra));
    clients.forEach(client -> adopt(client, extra));
    assertTrue(extra.isEmpty(), () -> "seed %d: nobody allocated %s".formatted(SEED, extra));
  }

  /** Takes what a client holds out of the live ranges. */
  private void settle(CrashClient client, NavigableMap<Long, Long> live) {
    for (long[] part : client.freeing) {
      for (Map.Entry<Long, Long> range : client.heldIn(part[0], part[0] + part[1])) {
        settle(client, live, range, part[0], part[0] + part[1]);
      }
    }
    client.freeing = List.of();
    client.held.forEach((frame, length) ->
        assertTrue(
            live.remove(frame, length),
            () -> "seed %d: range [%x, +%x) was lost".formatted(SEED, frame, length)));
  }

  /**
   * Settles a range that was being freed from some frame to another. Either all of this part is
   * free, or the range stands, perhaps cut where the part ends.
   */
  private static void settle(
      CrashClient client,
      NavigableMap<Long, Long> live,
      Map.Entry<Long, Long> range,
      long from,
      long to) {
    long first = range.getKey();
    long end = first + range.getValue();
    long low = Math.max(first, from);
    long high = Math.min(end, to);
    boolean intact = has(live, first, end);
    boolean cut = high < end && has(live, first, high) && has(live, high, end);
    CrashClient.cut(client.held, high);
    if (intact && high < end) {
      client.held.remove(high);
      client.held.put(first, end - first);
    }
    if (!intact && !cut) {
      CrashClient.cut(client.held, low);
      client.held.remove(low);
    }
  }

  private static boolean has(NavigableMap<Long, Long> ranges, long from, long to) {
    Long length = ranges.get(from);
    return length != null && length == to - from;
  }

  /** Gives a client what its call made that did not return. */
  private static void adopt(CrashClient client, NavigableMap<Long, Long> extra) {
    for (int i = 0; i < client.many; i++) {
      Long found = null;
      for (Map.Entry<Long, Long> each : extra.entrySet()) {
        boolean here = client.place < 0 || client.place == each.getKey();
        if (here && each.getValue() == client.wanted) {
          found = each.getKey();
        }
      }
      if (found == null) {
        break;
      }
      extra.remove(found);
      CrashClient.hold(client.held, found, client.wanted);
    }
    client.many = 0;
  }

  private void finish(LlfreeFrames engine) {
    for (CrashClient client : clients) {
      client.held.forEach((frame, length) -> engine.freeRange(0, frame, length));
    }
    engine.drain();
    engine.checkInvariants();
    assertEquals(FRAMES - 29, engine.freeFrames());
    LlfreeFrames fresh = ram.open();
    assertEquals(fresh.zones().get(1).freeBlocks(), engine.zones().get(1).freeBlocks());
  }
}
