package vmem.tree;

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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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

/** The engine through its provider: arenas, figures, settings, and taking over from another. */
class EngineTest {
  private static final long Q = 0x10;
  private static final FitPolicy ANY = FitPolicy.INSTANT;

  static AddressEngine open(Map<String, String> settings) {
    return new TreeProvider().open(new Context(), new Settings("vmem.tree", settings));
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
    assertTrue(engine.model().contains("vmalloc") && engine.exportForms().isEmpty());
    assertEquals(new TreeProvider().model(), engine.model());
  }

  @Test
  void shouldSumTheFiguresOfItsArenasAndCountItsRanges() {
    AddressEngine engine = loaded(7);
    Map<String, Long> figures = new HashMap<>();
    engine.statistics().forEach(figure -> figures.put(figure.name(), figure.value()));
    CensusSummary census = engine.census();
    assertEquals(3, figures.get("arenas"));
    assertEquals(figures.get("mem_inuse"), census.liveUnits());
    assertEquals(figures.get("live"), census.liveCount());
    assertEquals(figures.get("mem_total"), census.managedUnits());
    assertTrue(engine.checkInvariants() > 1000);
  }

  @Test
  void shouldRebuildEveryArenaOfAPredecessor() {
    for (long seed = 1; seed <= 20; seed++) {
      AddressEngine old = loaded(seed);
      for (boolean shuffled : new boolean[] {false, true}) {
        AddressEngine fresh = open(Map.of());
        Left left = new Left(old, shuffled ? seed : 0);
        fresh.rebuild(left, true);
        assertEquals(0, fresh.arenas().size());
        fresh.rebuild(left, false);
        fresh.checkInvariants();
        assertEquals(old.census(), fresh.census(), "seed " + seed);
        assertEquals(shown(old), shown(fresh), "seed " + seed);
      }
    }
  }

  @Test
  void shouldMarkArenasAndImportsAndEndItsWalksWhenTold() {
    AddressEngine engine = open(Map.of());
    AddressArena parent = engine.createArena(ArenaSpec.of("parent", 0x100));
    parent.addSpan(0x1000, 0x1000);
    ArenaSpec spec = new ArenaSpec("child", Q, Optional.of(new ArenaSource(parent)), 0, false);
    engine.createArena(spec).allocate(0, Q, ANY);
    assertEquals("1000+100 1000+10/1 of 1000+1000 1000+100/4294967297", shown(engine));
    int[] seen = {0};
    engine.walk((base, size, attributes) -> ++seen[0] < 1);
    engine.managed((base, size, attributes) -> ++seen[0] < 2);
    assertEquals(2, seen[0]);
  }

  private static String shown(AddressEngine engine) {
    return Arenas.shown(engine::walk) + " of " + Arenas.shown(engine::managed);
  }

  @Test
  void shouldFreeAndReuseWhatItTookOver() {
    AddressEngine old = open(Map.of("guard", "off", "lazy", "0"));
    AddressArena before = old.createArena(ArenaSpec.of("a", Q));
    before.addSpan(0x1000, 0x100);
    before.addSpan(-0x100, 0x100);
    long low = before.allocate(0, Q, ANY);
    long hole = before.allocate(0, Q, ANY);
    long high = before.allocate(0, Q + 1, ANY);
    before.free(0, hole, Q);
    before.allocate(0, 0x100, ANY); // to the very end of the address space

    AddressEngine fresh = open(Map.of("lazy", "0"));
    fresh.rebuild(new Left(old, 0), false);
    AddressArena after = fresh.arenas().getFirst();
    assertEquals("1050+b0", Arenas.shown(after::walkFree)); // the hole is a guard now
    assertEquals(2 * Q, Arenas.figure(after, "guard"));
    assertThrows(MisuseException.class, () -> after.free(0, high, Q));
    after.free(0, high, Q + 1);
    after.free(0, low, Q);
    assertThrows(MisuseException.class, () -> after.free(0, low, Q));
    assertEquals("1000+100", Arenas.shown(after::walkFree));
    assertEquals(low, after.allocate(0, Q, ANY));
    fresh.checkInvariants();
  }

  @Test
  void shouldReturnRebuiltImportsToTheirSource() {
    AddressArena parent = Arenas.of("parent", 0x100);
    parent.addSpan(0x1000, 0x1000);
    long used = parent.allocate(0, 0x100, ANY);
    long empty = parent.allocate(0, 0x200, ANY);
    ArenaSpec spec = new ArenaSpec("child", Q, Optional.of(new ArenaSource(parent)), 0, false);
    Left left =
        new Left(
            List.of(spec),
            List.of(
                new long[] {used, 0x100, AddressEstate.IMPORTED},
                new long[] {empty, 0x200, AddressEstate.IMPORTED}),
            List.<long[]>of(new long[] {used + Q, Q, 0}));
    AddressEngine fresh = open(Map.of());
    fresh.rebuild(left, false);
    AddressArena child = fresh.arenas().getFirst();
    assertEquals(0x300, Arenas.figure(child, "mem_import"));
    child.free(0, used + Q, Q);
    assertEquals(0x300, parent.allocatedBytes());
    fresh.drain();
    assertEquals(0, parent.allocatedBytes());
    child.close();
    assertEquals(0, parent.allocatedBytes());
  }

  @Test
  void shouldRefuseAnEstateItCannotRepresentAndStayEmpty() {
    Object[][] cases = { // why, span, live ranges
      {"does not lie in one span", new long[][] {{0x1000, 0x100}, {0x2000, Q}}},
      {"does not lie in one span", new long[][] {{0x1000, 0x100}, {0xff0, Q}}},
      {"does not lie in one span", new long[][] {{0x1000, 0x100}, {0x10f0, 2 * Q}}},
      {"does not lie in one span", new long[][] {{0x1000, 0x100}, {0x1000, -1}}},
      {"overlaps the one below", new long[][] {{0x1000, 0x100}, {0x1000, Q + 1}, {0x1010, Q}}},
      {"overlaps the one below", new long[][] {{0x1000, 0x100}, {0x1010, Q}, {0x1010, Q}}},
      {"overlaps the one below", new long[][] {{-0x100, 0x100}, {-0x100, 0x100}, {-Q, Q}}},
      {"is empty or misaligned", new long[][] {{0x1000, 0x100}, {0x1008, Q}}},
      {"is empty or misaligned", new long[][] {{0x1000, 0x100}, {0x1000, 0}}},
      {"must have whole quanta", new long[][] {{0x1001, 0x100}}},
      {"must have whole quanta", new long[][] {{0x1000, 0}}},
      {"passes the end", new long[][] {{-0x100, 0x200}}}
    };
    for (Object[] each : cases) {
      long[][] ranges = (long[][]) each[1];
      refused(
          (String) each[0],
          new Left(
              List.of(ArenaSpec.of("a", Q)),
              List.<long[]>of(ranges[0]),
              List.of(ranges).subList(1, ranges.length)));
    }
    List<ArenaSpec> one = List.of(ArenaSpec.of("a", Q));
    long[] span = {0x1000, 0x100};
    long[] above = {0x10f0, 0x100, AddressEstate.IMPORTED};
    refused("overlaps the one at 0x1000", new Left(one, List.of(above, span), List.of()));
    refused("is of arena 1 and there are 1", new Left(one, List.of(span, above(1)), List.of()));
    refused("is of arena 4294967295", new Left(one, List.of(above(-1)), List.of()));
    refused("does not describe its arenas", new Silent());
  }

  private static long[] above(long arena) {
    return new long[] {0x2000, 0x100, arena};
  }

  private static void refused(String why, Estate estate) {
    AddressEngine fresh = open(Map.of());
    for (boolean dryRun : new boolean[] {true, false}) {
      String message =
          assertThrows(TransferRefusedException.class, () -> fresh.rebuild(estate, dryRun), why)
              .toString();
      assertTrue(message.contains(why), message);
      assertEquals(0, fresh.arenas().size());
    }
  }

  @Test
  void shouldRefuseToRebuildOverArenasOfItsOwn() {
    AddressEngine engine = loaded(1);
    String before = shown(engine);
    Left left = new Left(engine, 0);
    assertThrows(TransferRefusedException.class, () -> engine.rebuild(left, false));
    assertEquals(before, shown(engine));
  }

  @Test
  void shouldRebuildAMillionRangesWithoutAnObjectForEach() {
    int count = 1_000_000;
    AddressEngine fresh = open(Map.of());
    fresh.rebuild(
        new Plain() {
          @Override
          public void managed(RangeVisitor visitor) {
            visitor.visit(0x10000, 4L * count * Q, 0);
          }

          @Override
          public void live(RangeVisitor visitor) {
            for (long i = count - 1; i >= 0; i--) { // falling: it has to sort
              visitor.visit(0x10000 + 4 * i * Q, Q + 1, 0);
            }
          }
        },
        false);
    assertEquals(count, fresh.census().liveCount());
    assertTrue(fresh.checkInvariants() > count);
    assertTrue(Arenas.figure(fresh.arenas().getFirst(), "table_bytes") < 42L * 2 * count);
  }

  private static AddressEngine loaded(long seed) {
    Random random = new Random(seed);
    AddressEngine engine = open(Map.of());
    AddressArena root = engine.createArena(ArenaSpec.of("root", 0x100));
    root.addSpan(-0x80000, 0x80000);
    root.addSpan(0x10000, 0x40000);
    Optional<vmem.api.AddressSource> source = Optional.of(new ArenaSource(root));
    engine.createArena(new ArenaSpec("child", Q, source, 4 * Q, false));
    engine.createArena(ArenaSpec.of("empty", 1));
    List<Runnable> frees = new ArrayList<>();
    for (int step = 0; step < 1000; step++) {
      AddressArena arena = engine.arenas().get(random.nextInt(2));
      long size = 1 + random.nextInt(0x80);
      long got = arena.allocate(random.nextInt(2), size, ANY);
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
    for (String[] bad :
        new String[][] {
          {"placement", "sideways"},
          {"guard", "wide"},
          {"lazy", "much"},
          {"randomBits", "49"},
          {"seed", "x"},
          {"areasMax", "3"}
        }) {
      String message =
          assertThrows(BadSettingException.class, () -> open(Map.of(bad[0], bad[1]))).toString();
      assertTrue(message.contains("vmem.tree:" + bad[0] + "=" + bad[1]), message);
    }
  }

  @Test
  void shouldHaveTheDefaultsThatTheMetatypeStates() {
    Map<String, String> stated = new HashMap<>();
    for (Method key : TreeConfiguration.class.getDeclaredMethods()) {
      stated.put(key.getName(), String.valueOf(key.getDefaultValue()));
    }
    assertEquals(6, stated.size());
    assertEquals(TreeSettings.DEFAULT, TreeSettings.read(new Settings("vmem.tree", stated)));
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

  /** An estate that does not say what its arenas are. */
  private static final class Silent implements Estate {
    @Override
    public void managed(RangeVisitor visitor) {}

    @Override
    public void live(RangeVisitor visitor) {}

    @Override
    public CensusSummary census() {
      return CensusSummary.EMPTY;
    }
  }

  /** An estate of one arena without any range. */
  private static class Plain implements AddressEstate {
    @Override
    public List<ArenaSpec> arenas() {
      return List.of(ArenaSpec.of("a", Q));
    }

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
  private static final class Left extends Plain {
    private final List<ArenaSpec> specs;
    private final List<long[]> managed;
    private final List<long[]> live;

    Left(List<ArenaSpec> specs, List<long[]> managed, List<long[]> live) {
      this.specs = specs;
      this.managed = managed;
      this.live = live;
    }

    /** Takes what an engine has, shuffled unless the seed is 0. */
    Left(AddressEngine engine, long seed) {
      this(
          engine.arenas().stream().map(AddressArena::spec).toList(),
          new ArrayList<>(),
          new ArrayList<>());
      engine.managed((base, size, attributes) -> managed.add(new long[] {base, size, attributes}));
      engine.walk((base, size, attributes) -> live.add(new long[] {base, size, attributes}));
      if (seed != 0) {
        Collections.shuffle(managed, new Random(seed));
        Collections.shuffle(live, new Random(seed));
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
