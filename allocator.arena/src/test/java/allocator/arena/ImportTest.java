package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spans that come from a source and go back to it. */
class ImportTest {
  private static final long Q = 0x10;
  private final Quarry source = new Quarry(0x100);
  private final Arena arena = over(source);

  private static Arena over(SpanSource source) {
    return Arenas.of(
        new ArenaShape("child", Q, Optional.of(source), 0, "bytes"),
        Arenas.settings("allocator", "instant"));
  }

  private long allocate(long size) {
    return arena.allocate(0, size, Fit.INSTANT);
  }

  @Test
  void shouldImportWholeUnitsOfTheSourceAndReturnThemWhenFree() {
    long first = allocate(Q);
    assertEquals("[100]", source.imported.toString());
    long second = allocate(0xf0);
    assertEquals(1, source.imported.size());
    assertEquals(0x100, Arenas.figure(arena, "mem_import"));
    assertEquals("1000+100/1", Arenas.shown(arena::walkSpans));
    arena.free(0, first, Q);
    assertEquals(0, source.returned.size());
    arena.free(0, second, 0xf0);
    assertEquals("[1000+100]", source.returned.toString());
    assertEquals(0, Arenas.figure(arena, "mem_total"));
    assertEquals("", Arenas.shown(arena::walkSpans));
    arena.checkInvariants();
  }

  @Test
  void shouldImportEnoughForAnyAlignmentOfTheSpan() {
    long[][] cases = { // size, align, phase, expected import
      {Q, Q, 0, 0x100},
      {0x100, Q, 0, 0x100},
      {0x110, Q, 0, 0x200},
      {0x100, 0x100, 0, 0x100},
      {0x100, 0x400, 0, 0x400},
      {0x100, 0x400, 0x100, 0x400},
      {0x100, 0x400, 0x10, 0x500},
      {0x20, 0x100, 0x80, 0x100},
      {0x90, 0x100, 0x80, 0x200}
    };
    for (long[] c : cases) {
      Quarry supply = new Quarry(0x100);
      Arena child = over(supply);
      var where = new Constraints(c[1], c[2], 0, 0, 0);
      long got = child.allocateConstrained(c[0], where, Fit.INSTANT);
      assertEquals(c[2], got & (c[1] - 1), where.toString());
      assertEquals(
          "[" + Long.toHexString(c[3]) + "]",
          supply.imported.toString(),
          Long.toHexString(c[0]) + " " + where);
      child.checkInvariants();
      child.freeConstrained(got, c[0]);
      assertEquals(1, supply.returned.size());
    }
  }

  @Test
  void shouldNotImportForRequestsTiedToAddresses() {
    for (var where :
        List.of(
            new Constraints(0, 0, 0x100, 0, 0),
            new Constraints(0, 0, 0, 0x10, 0),
            new Constraints(0, 0, 0, 0, -0x10))) {
      assertEquals(Arena.NONE, arena.allocateConstrained(Q, where, Fit.INSTANT));
    }
    assertEquals(0, source.imported.size());
  }

  @Test
  void shouldAnswerNoneWhenTheSourceHasNothing() {
    source.limit = 1;
    assertEquals(0x1000, allocate(0x100));
    assertEquals(Arena.NONE, allocate(0x100));
    assertEquals(1, Arenas.figure(arena, "fail"));
    source.limit = 2;
    assertTrue(allocate(0x100) != Arena.NONE);
    arena.checkInvariants();
  }

  @Test
  void shouldStayIntactWhenTheSourceThrows() {
    long live = allocate(Q);
    source.limit = -1;
    assertThrows(IllegalStateException.class, () -> allocate(0x1000));
    arena.checkInvariants();
    source.limit = 10;
    long large = allocate(0x1000);
    arena.free(0, large, 0x1000);
    arena.free(0, live, Q);
    assertEquals(2, source.returned.size());
    arena.checkInvariants();
  }

  @Test
  void shouldRefuseAMisalignedSpanAndHandItBack() {
    source.next = 0x1008;
    assertThrows(MisuseException.class, () -> allocate(Q));
    assertEquals("[1008+100]", source.returned.toString());
    assertEquals(0, Arenas.figure(arena, "mem_total"));
    arena.checkInvariants();
  }

  @Test
  void shouldNotImportMoreThan64BitsCanCount() {
    assertEquals(Arena.NONE, allocate(-Q));
    assertEquals(
        Arena.NONE,
        arena.allocateConstrained(
            Long.MIN_VALUE + 0x200, Constraints.aligned(Long.MIN_VALUE), Fit.BEST));
    assertEquals(0, source.imported.size());
  }

  @Test
  void shouldKeepAFreeImportOnlyWhileTheRotorIsInside() {
    long first = arena.allocate(0, Q, Fit.NEXT);
    long second = arena.allocate(0, Q, Fit.NEXT);
    arena.free(0, first, Q);
    arena.free(0, second, Q);
    assertEquals("1000+20 1020+e0", Arenas.shown(arena::walkFree));
    arena.checkInvariants();
    arena.close();
    assertEquals("[1000+100]", source.returned.toString());
  }

  @Test
  void shouldJoinImportsNeverEvenIfAdjacent() {
    long first = allocate(0x100);
    long second = allocate(0x100);
    assertEquals(first + 0x100, second);
    arena.free(0, first, 0x100);
    assertEquals("[1000+100]", source.returned.toString());
    arena.free(0, second, 0x100);
    assertEquals("[1000+100, 1100+100]", source.returned.toString());
  }

  @Test
  void shouldWalkImportsInRisingOrder() {
    source.next = 0x8000;
    allocate(0x100);
    source.next = 0x2000;
    allocate(0x100);
    source.next = 0x4000;
    allocate(0x80);
    assertEquals("2000+100/1 4000+100/1 8000+100/1", Arenas.shown(arena::walkSpans));
    assertEquals("2000+100 4000+80 8000+100", Arenas.shown(arena::walkAllocated));
    arena.checkInvariants();
  }

  @Test
  void shouldHandBackAnImportThatBecameSuperfluousMeanwhile() {
    Arena[] child = new Arena[1];
    Quarry supply =
        new Quarry(0x100) {
          @Override
          public long importSpan(long size, Fit policy) {
            child[0].addSpan(0x100, 0x400); // as another thread could, the lock being dropped
            return super.importSpan(size, policy);
          }
        };
    child[0] = over(supply);
    assertEquals(0x100, child[0].allocate(0, Q, Fit.INSTANT));
    assertEquals("[1000+100]", supply.returned.toString());
    assertEquals("100+400", Arenas.shown(child[0]::walkSpans));
    child[0].checkInvariants();
  }

  @Test
  void shouldImportAtLeastWhatIsConfigured() {
    Arena greedy =
        Arenas.of(
            new ArenaShape("greedy", Q, Optional.of(source), 0, "bytes"),
            Arenas.settings("importLeast", "4K"));
    greedy.allocate(0, Q, Fit.INSTANT);
    assertEquals("[1000]", source.imported.toString());
  }

  @Test
  void shouldKeepTreesOfArenasConsistentUnderRandomLoad() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      Arena root = Arenas.plain(0x100, 0x10000, 0x20000);
      Arena middle = of("middle", 0x40, root);
      List<Arena> leaves = List.of(of("a", 8, middle), of("b", 1, middle), middle);
      List<Runnable> frees = new ArrayList<>();
      for (int step = 0; step < 2000; step++) {
        if (random.nextInt(100) < (step < 1000 ? 60 : 40) || frees.isEmpty()) {
          Arena leaf = leaves.get(random.nextInt(3));
          long size = 1 + random.nextInt(0x300);
          long got = leaf.allocate(0, size, Policies.any(random));
          if (got != Arena.NONE) {
            frees.add(() -> leaf.free(0, got, size));
          }
        } else {
          frees.remove(random.nextInt(frees.size())).run();
        }
        if (step % 100 == 0) {
          checkTree(root, middle, leaves, "seed " + seed);
        }
      }
      frees.forEach(Runnable::run);
      leaves.forEach(Arena::close);
      assertEquals(0, root.allocatedBytes(), "seed " + seed);
      assertEquals(0x20000, root.freeBytes(), "seed " + seed);
      root.checkInvariants();
    }
  }

  private static void checkTree(Arena root, Arena middle, List<Arena> leaves, String label) {
    root.checkInvariants();
    leaves.forEach(Arena::checkInvariants);
    assertEquals(Arenas.figure(middle, "mem_total"), root.allocatedBytes(), label);
  }

  private static Arena of(String name, long quantum, Arena parent) {
    return Arenas.of(
        new ArenaShape(name, quantum, Optional.of(new ArenaSource(parent)), 0, "bytes"),
        Arenas.settings("allocator", "instant"));
  }

  /** A source that supplies rising spans and remembers them. */
  private static class Quarry implements SpanSource {
    final List<String> imported = new ArrayList<>();
    final List<String> returned = new ArrayList<>();
    final long unit;
    long next = 0x1000;
    int limit = Integer.MAX_VALUE; // negative: throw

    Quarry(long unit) {
      this.unit = unit;
    }

    @Override
    public long quantum() {
      return unit;
    }

    @Override
    public long importSpan(long size, Fit policy) {
      if (limit < 0) {
        throw new IllegalStateException("broken source");
      }
      if (imported.size() >= limit) {
        return NONE;
      }
      imported.add(Long.toHexString(size));
      long base = next;
      next += size;
      return base;
    }

    @Override
    public void releaseSpan(long base, long size) {
      returned.add("%x+%x".formatted(base, size));
    }
  }
}
