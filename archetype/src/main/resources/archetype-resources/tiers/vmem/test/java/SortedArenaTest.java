package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEstate;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

class SortedArenaTest {
  private static final long NONE = AddressArena.NONE;
  private static final long Q = 0x1000;
  private static final long BASE = 0xffff_8000_0000_0000L;

  private final SortedEngine engine = new SortedEngine();
  private final AddressArena arena = engine.createArena(ArenaSpec.of("test", Q));

  @AfterEach
  void checkInvariants() {
    engine.checkInvariants();
  }

  @Test
  void shouldRoundUpAndKeepApart() {
    arena.addSpan(BASE, 10 * Q);
    assertEquals(BASE, arena.allocate(0, 1, FitPolicy.FIRST));
    assertEquals(BASE + Q, arena.allocate(0, Q + 1, FitPolicy.FIRST));
    assertEquals(BASE + 3 * Q, arena.allocate(0, Q, FitPolicy.FIRST));
    assertEquals(6 * Q, arena.freeBytes());
    assertEquals(2 * Q + 2, arena.allocatedBytes());
  }

  @Test
  void shouldJoinWithNeighboursButNotAcrossSpans() {
    arena.addSpan(BASE, 4 * Q);
    arena.addSpan(BASE + 4 * Q, 4 * Q);
    long one = arena.allocate(0, 2 * Q, FitPolicy.FIRST);
    long two = arena.allocate(0, 2 * Q, FitPolicy.FIRST);
    arena.free(0, one, 2 * Q);
    arena.free(0, two, 2 * Q);
    assertEquals(4 * Q, arena.largestFree());
    assertEquals(NONE, arena.allocate(0, 5 * Q, FitPolicy.FIRST));
  }

  @Test
  void shouldFollowThePolicies() {
    arena.addSpan(BASE, 20 * Q);
    for (int i = 0; i < 20; i++) {
      arena.allocate(0, Q, FitPolicy.FIRST);
    }
    free(2, 3);
    free(8, 1);
    free(12, 1);
    assertEquals(BASE + 12 * Q, arena.allocate(0, Q, FitPolicy.BEST), "freed last");
    assertEquals(BASE + 2 * Q, arena.allocate(0, Q, FitPolicy.FIRST));
    assertEquals(BASE + 3 * Q, arena.allocate(0, Q, FitPolicy.NEXT));
    assertEquals(BASE + 4 * Q, arena.allocate(0, Q, FitPolicy.NEXT));
    free(3, 1);
    assertEquals(BASE + 8 * Q, arena.allocate(0, Q, FitPolicy.NEXT));
    assertEquals(BASE + 3 * Q, arena.allocate(0, Q, FitPolicy.NEXT), "round again");
    assertEquals(NONE, arena.allocate(0, Q, FitPolicy.INSTANT));
  }

  private void free(int from, int count) {
    for (int i = from; i < from + count; i++) {
      arena.free(0, BASE + i * Q, Q);
    }
  }

  @Test
  void shouldKeepToConstraints() {
    arena.addSpan(BASE, 64 * Q);
    long base = constrained(3 * Q, new AddressConstraints(8 * Q, 2 * Q, 16 * Q, 0, 0));
    assertEquals(BASE + 2 * Q, base);
    assertEquals(BASE + 40 * Q, constrained(Q, AddressConstraints.exactly(BASE + 40 * Q, Q, Q)));
    assertEquals(NONE, constrained(Q, AddressConstraints.exactly(BASE + 40 * Q, Q, Q)));
    assertEquals(BASE + 16 * Q, constrained(12 * Q, new AddressConstraints(0, 0, 16 * Q, 0, 0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> constrained(Q, new AddressConstraints(3 * Q, 0, 0, 0, 0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> constrained(9 * Q, new AddressConstraints(Q, 0, 8 * Q, 0, 0)));
  }

  private long constrained(long size, AddressConstraints where) {
    return arena.allocateConstrained(0, size, where, FitPolicy.FIRST);
  }

  @Test
  void shouldServeTheLastAddress() {
    arena.addSpan(-4 * Q, 4 * Q);
    assertEquals(-4 * Q, arena.allocate(0, 4 * Q, FitPolicy.BEST));
    arena.free(0, -4 * Q, 4 * Q);
    assertEquals(4 * Q, arena.freeBytes());
    assertEquals(NONE, arena.allocate(0, -1, FitPolicy.FIRST));
  }

  @Test
  void shouldRefuseMisuseAndChangeNothing() {
    arena.addSpan(BASE, 8 * Q);
    long base = arena.allocate(0, Q, FitPolicy.FIRST);
    assertThrows(MisuseException.class, () -> arena.allocate(0, 0, FitPolicy.FIRST));
    assertThrows(MisuseException.class, () -> arena.free(0, base, 2 * Q));
    assertThrows(MisuseException.class, () -> arena.free(0, base + Q, Q));
    assertThrows(MisuseException.class, () -> arena.addSpan(BASE + 7 * Q, 2 * Q));
    assertThrows(MisuseException.class, () -> arena.addSpan(BASE + 64 * Q, 1));
    assertThrows(MisuseException.class, () -> arena.addSpan(-Q, 2 * Q));
    assertThrows(MisuseException.class, arena::close);
    assertThrows(MisuseException.class, () -> engine.createArena(ArenaSpec.of("test", 1)));
    arena.free(0, base, Q);
    assertThrows(MisuseException.class, () -> arena.free(0, base, Q));
    assertEquals(8 * Q, arena.freeBytes());
  }

  @Test
  void shouldImportAndReturnSpans() {
    arena.addSpan(BASE, 64 * Q);
    AddressArena above = above("above");
    long one = above.allocate(0, 3 * Q, FitPolicy.FIRST);
    long two =
        above.allocateConstrained(0, Q, AddressConstraints.aligned(8 * Q), FitPolicy.FIRST);
    assertEquals(0, two % (8 * Q));
    assertEquals(NONE, above.allocate(0, 65 * Q, FitPolicy.FIRST));
    assertTrue(arena.allocatedBytes() > 0);
    above.free(0, one, 3 * Q);
    above.freeConstrained(0, two, Q);
    assertEquals(0, arena.allocatedBytes());
    above.close();
    assertEquals(1, engine.arenas().size());
  }

  private AddressArena above(String name) {
    Optional<vmem.api.AddressSource> source = Optional.of(new ArenaSource(arena));
    return engine.createArena(new ArenaSpec(name, Q, source, 0, false));
  }

  @Test
  void shouldKnowWhatItContains() {
    arena.addSpan(BASE, 4 * Q);
    assertTrue(arena.contains(BASE + 1, 4 * Q - 1));
    assertFalse(arena.contains(BASE + 1, 4 * Q));
    assertFalse(arena.contains(BASE - 1, 1));
  }

  @Test
  void shouldTakeOverAnEstate() {
    arena.addSpan(BASE, 64 * Q);
    AddressArena above = above("above");
    arena.allocate(0, 1, FitPolicy.FIRST);
    long kept = above.allocate(0, 100, FitPolicy.FIRST);
    SortedEngine successor = new SortedEngine();
    successor.rebuild(new Left(engine), true);
    assertEquals(List.of(), successor.arenas());
    successor.rebuild(new Left(engine), false);
    assertEquals(engine.census(), successor.census());
    assertTrue(successor.checkInvariants() > 0);
    successor.arenas().get(1).free(0, kept, 100);
    assertThrows(TransferRefusedException.class, () -> successor.rebuild(new Left(engine), true));
  }

  private record Left(SortedEngine engine) implements AddressEstate {
    @Override
    public List<ArenaSpec> arenas() {
      return engine.arenas().stream().map(AddressArena::spec).toList();
    }

    @Override
    public void managed(RangeVisitor visitor) {
      engine.managed(visitor);
    }

    @Override
    public void live(RangeVisitor visitor) {
      engine.walk(visitor);
    }

    @Override
    public CensusSummary census() {
      return engine.census();
    }
  }

  @Test
  void shouldServeSeveralThreads() throws Exception {
    arena.addSpan(BASE, 4096 * Q);
    AddressArena above = above("above");
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int cpu = 0; cpu < 4; cpu++) {
        int seed = cpu;
        ends.add(threads.submit(() -> allocateAndFree(above, seed)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertEquals(0, above.allocatedBytes());
    assertEquals(0, arena.allocatedBytes());
  }

  private static void allocateAndFree(AddressArena arena, int cpu) {
    Random random = new Random(cpu);
    List<long[]> mine = new ArrayList<>();
    for (int step = 0; step < 3_000; step++) {
      long size = 1 + random.nextLong(3 * Q);
      long base = mine.size() < 30 ? arena.allocate(cpu, size, FitPolicy.FIRST) : NONE;
      if (base != NONE) {
        mine.add(new long[] {base, size});
      } else if (!mine.isEmpty()) {
        long[] range = mine.remove(random.nextInt(mine.size()));
        arena.free(cpu, range[0], range[1]); // throws if another thread had it too
      }
    }
    mine.forEach(range -> arena.free(cpu, range[0], range[1]));
  }

  @Test
  void shouldAgreeWithTheModel() {
    for (int seed = 0; seed < 20; seed++) {
      AddressArena fresh = engine.createArena(ArenaSpec.of("model " + seed, Q));
      new Model(fresh, Q, seed).run(600, engine::checkInvariants);
      assertNotEquals(0, fresh.freeBytes());
      fresh.close();
    }
  }

  @Test
  void shouldEndTwice() {
    engine.close();
    engine.close();
  }
}
