package vmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.TransferRefusedException;
import allocator.arena.ArenaTuning;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

class EngineTest {
  private static final long Q = 0x10;
  private static final List<FitPolicy> POLICIES = List.of(FitPolicy.values());

  static AddressEngine open(Map<String, String> settings) {
    return new ArenaProvider().open(new Context(), new Settings("vmem.arena", settings));
  }

  @Test
  void shouldKeepArenasByNameInTheOrderOfTheirMaking() {
    AddressEngine engine = open(Map.of());
    AddressArena a = engine.createArena(ArenaSpec.of("a", Q));
    AddressArena b = engine.createArena(ArenaSpec.of("b", Q));
    assertEquals(List.of(a, b), engine.arenas());
    assertThrows(MisuseException.class, () -> engine.createArena(ArenaSpec.of("a", 1)));
    a.close();
    assertEquals(List.of(b), engine.arenas());
    engine.createArena(ArenaSpec.of("a", 1));
    engine.close();
    engine.close();
    assertEquals(List.of(), engine.arenas());
    assertTrue(engine.model().contains("vmem"));
  }

  @Test
  void shouldSumTheFiguresOfItsArenasAndCountItsRanges() {
    AddressEngine engine = loaded(7);
    long live = engine.arenas().stream().mapToLong(AddressArena::allocatedBytes).sum();
    CensusSummary census = engine.census();
    assertEquals(live, census.liveUnits());
    long total =
        engine.statistics().stream()
            .filter(figure -> figure.name().equals("mem_total"))
            .findFirst()
            .orElseThrow()
            .value();
    assertEquals(total, census.managedUnits());
    assertTrue(engine.checkInvariants() > 1000);
  }

  @Test
  void shouldRebuildEveryArenaOfAPredecessor() {
    for (long seed = 1; seed <= 20; seed++) {
      AddressEngine old = loaded(seed);
      old.drain();
      for (boolean shuffled : new boolean[] {false, true}) {
        AddressEngine fresh = open(Map.of());
        Left left = new Left(old, shuffled ? new Random(seed) : null);
        fresh.rebuild(left, true);
        assertEquals(0, fresh.arenas().size());
        fresh.rebuild(left, false);
        fresh.checkInvariants();
        assertEquals(old.census(), fresh.census(), "seed " + seed);
        assertEquals(shown(old), shown(fresh), "seed " + seed);
      }
    }
  }

  private static String shown(AddressEngine engine) {
    return Arenas.shown(engine::walk) + " of " + Arenas.shown(engine::managed);
  }

  @Test
  void shouldReturnRebuiltImportsToTheirSource() {
    AddressEngine old = open(Map.of());
    AddressArena parent = old.createArena(ArenaSpec.of("parent", 0x100));
    parent.addSpan(0x1000, 0x1000);
    ArenaSpec spec = new ArenaSpec("child", Q, Optional.of(new ArenaSource(parent)), 0, false);
    AddressArena child = old.createArena(spec);
    long range = child.allocate(0, Q, FitPolicy.INSTANT);

    AddressEngine fresh = open(Map.of());
    fresh.rebuild(new Left(old, null), false);
    assertEquals(0x100, parent.allocatedBytes());
    fresh.arenas().get(1).free(0, range, Q);
    assertEquals(0, parent.allocatedBytes());
    assertThrows(MisuseException.class, () -> fresh.arenas().get(1).free(0, range, Q));
  }

  @Test
  void shouldReturnARebuiltImportThatNobodyUsesWhenDrained() {
    AddressEngine old = open(Map.of());
    AddressArena parent = old.createArena(ArenaSpec.of("parent", 0x100));
    parent.addSpan(0x1000, 0x1000);
    ArenaSpec spec = new ArenaSpec("child", Q, Optional.of(new ArenaSource(parent)), 0, false);
    AddressArena child = old.createArena(spec);
    long first = child.allocate(0, Q, FitPolicy.NEXT);
    child.free(0, child.allocate(0, Q, FitPolicy.NEXT), Q); // the rotor is in the span
    child.free(0, first, Q);
    assertEquals(0x100, parent.allocatedBytes());

    AddressEngine fresh = open(Map.of());
    fresh.rebuild(new Left(old, null), false);
    assertEquals(0x100, parent.allocatedBytes()); // the swap may still be undone
    fresh.drain();
    assertEquals(0, parent.allocatedBytes());
    assertTrue(fresh.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseAnEstateItCannotRepresentAndStayEmpty() {
    AddressEngine fresh = open(Map.of());
    long[][][] bad = { // spans, live ranges
      {{0x1000, 0x100}, {0x2000, Q}}, // outside
      {{0x1000, 0x100}, {0x10f0, 2 * Q}}, // over the end
      {{0x1000, 0x100}, {0x1000, 2 * Q}, {0x1010, Q}}, // overlap
      {{0x1000, 0x100}, {0x1008, Q}}, // misaligned
      {{0x1001, 0x100}}
    };
    for (long[][] each : bad) {
      Left left =
          new Left(
              List.of(ArenaSpec.of("a", Q)),
              List.<long[]>of(each[0]),
              List.of(each).subList(1, each.length));
      assertThrows(TransferRefusedException.class, () -> fresh.rebuild(left, false));
      assertEquals(0, fresh.arenas().size());
    }
    assertThrows(TransferRefusedException.class, () -> fresh.rebuild(new Plain(), false));
    AddressEngine tight = open(Map.of("segmentsMax", "64"));
    assertThrows(
        TransferRefusedException.class, () -> tight.rebuild(new Left(loaded(1), null), false));
    assertEquals(0, tight.arenas().size());
    fresh.createArena(ArenaSpec.of("a", Q));
    assertThrows(
        TransferRefusedException.class, () -> fresh.rebuild(new Left(loaded(1), null), false));
  }

  private static AddressEngine loaded(long seed) {
    Random random = new Random(seed);
    AddressEngine engine = open(Map.of());
    AddressArena root = engine.createArena(ArenaSpec.of("root", 0x100));
    root.addSpan(-0x10000, 0x8000);
    root.addSpan(0x10000, 0x8000);
    Optional<vmem.api.AddressSource> source = Optional.of(new ArenaSource(root));
    engine.createArena(new ArenaSpec("child", Q, source, 4 * Q, false));
    engine.createArena(ArenaSpec.of("empty", 1));
    List<Runnable> frees = new ArrayList<>();
    for (int step = 0; step < 1000; step++) {
      AddressArena arena = engine.arenas().get(random.nextInt(2));
      long size = 1 + random.nextInt(0x80);
      long got =
          arena.allocate(random.nextInt(2), size, POLICIES.get(random.nextInt(POLICIES.size())));
      if (got != AddressArena.NONE) {
        frees.add(() -> arena.free(0, got, size));
      }
      if (random.nextInt(5) < 3 && !frees.isEmpty()) {
        frees.remove(random.nextInt(frees.size())).run();
      }
    }
    return engine;
  }

  @Test
  void shouldRefuseBadSettingsAndSayWhatTheyTake() {
    Map<String, String> bad =
        Map.of(
            "allocator",
            "worst",
            "quantumCaches",
            "maybe",
            "magazineRounds",
            "1",
            "hashStart",
            "24",
            "segmentsMax",
            "2",
            "importLeast",
            "much");
    bad.forEach((key, value) -> {
      String message =
          assertThrows(BadSettingException.class, () -> open(Map.of(key, value))).toString();
      assertTrue(message.contains("vmem.arena:" + key + "=" + value), message);
    });
  }

  @Test
  void shouldHaveTheDefaultsThatTheMetatypeStates() {
    Map<String, String> stated = new java.util.HashMap<>();
    for (Method key : ArenaConfiguration.class.getDeclaredMethods()) {
      stated.put(key.getName(), String.valueOf(key.getDefaultValue()));
    }
    assertEquals(6, stated.size());
    assertEquals(ArenaTuning.DEFAULT, ArenaTuning.read(new Settings("vmem.arena", stated)));
  }

  /** Two CPUs and nothing else. */
  private static final class Context implements AddressContext {
    @Override
    public int cpus() {
      return 2;
    }

    @Override
    public int pageBytes() {
      return 4096;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return Arena.ofAuto().allocate(bytes);
    }
  }

  /** An estate that says nothing. */
  private static class Plain implements Estate {
    @Override
    public void managed(RangeVisitor visitor) {}

    @Override
    public void live(RangeVisitor visitor) {}

    @Override
    public CensusSummary census() {
      return CensusSummary.EMPTY;
    }
  }

  /** What an engine leaves, in order or shuffled; or what a test says. */
  private static final class Left extends Plain implements AddressEstate {
    private final List<ArenaSpec> specs;
    private final List<long[]> managed;
    private final List<long[]> live;

    Left(List<ArenaSpec> specs, List<long[]> managed, List<long[]> live) {
      this.specs = specs;
      this.managed = managed;
      this.live = live;
    }

    Left(AddressEngine engine, @org.jspecify.annotations.Nullable Random shuffle) {
      this(
          engine.arenas().stream().map(AddressArena::spec).toList(),
          new ArrayList<>(),
          new ArrayList<>());
      engine.managed((base, size, attributes) -> managed.add(new long[] {base, size, attributes}));
      engine.walk((base, size, attributes) -> live.add(new long[] {base, size, attributes}));
      if (shuffle != null) {
        Collections.shuffle(managed, shuffle);
        Collections.shuffle(live, shuffle);
      }
    }

    @Override
    public List<ArenaSpec> arenas() {
      return specs;
    }

    @Override
    public void managed(RangeVisitor visitor) {
      managed.forEach(each -> visitor.visit(each[0], each[1], each.length > 2 ? each[2] : 0));
    }

    @Override
    public void live(RangeVisitor visitor) {
      live.forEach(each -> visitor.visit(each[0], each[1], each.length > 2 ? each[2] : 0));
    }
  }
}
