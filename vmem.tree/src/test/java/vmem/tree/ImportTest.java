package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Spans that come from a source and go back to it. */
class ImportTest {
  private static final long Q = 0x10;
  private final Supply source = new Supply(0x100);
  private final TreeArena arena = Arenas.over(source, Q);

  private long allocate(long size) {
    return arena.allocate(0, size, FitPolicy.NEXT);
  }

  @Test
  void shouldImportWholeUnitsAndReturnASpanWithItsLastRange() {
    long first = allocate(Q);
    assertEquals("[100 NEXT]", source.imported.toString());
    long second = allocate(0xc0);
    assertEquals(1, source.imported.size());
    assertEquals("1000+100/1", Arenas.shown(arena::walkSpans));
    assertEquals("10d0+30", Arenas.shown(arena::walkFree));
    assertEquals(0x100, Arenas.figure(arena, "mem_import"));
    arena.free(0, first, Q);
    assertEquals("[]", source.returned.toString());
    arena.free(0, second, 0xc0);
    assertEquals("[1000+100]", source.returned.toString());
    assertEquals(0, Arenas.figure(arena, "mem_total"));
    assertEquals(AddressArena.NONE, arena.allocateConstrained(0, Q, at(0x10d0), FitPolicy.BEST));
    arena.checkInvariants();
  }

  @Test
  void shouldKeepASpanUntilItsLastRangeIsPurged() {
    TreeArena lazy =
        Arenas.of(
            new ArenaSpec("lazy", Q, Optional.of(source), 0, false),
            Arenas.settings("lazy", "0x80")); // two CPUs: twice that
    lazy.free(0, lazy.allocate(0, 0x60, FitPolicy.FIRST), 0x60);
    lazy.free(0, lazy.allocate(0, 0x60, FitPolicy.FIRST), 0x60);
    assertEquals(0xe0, Arenas.figure(lazy, "lazy"));
    assertEquals(0x1000, lazy.allocate(0, 0x60, FitPolicy.FIRST)); // for want of room: a purge
    assertEquals(0, Arenas.figure(lazy, "lazy"));
    lazy.free(0, 0x1000, 0x60);
    assertEquals("[]", source.returned.toString());
    long large = lazy.allocate(0, 0x100, FitPolicy.FIRST);
    assertEquals("[1000+100]", source.returned.toString());
    assertEquals("[100 FIRST, 200 FIRST]", source.imported.toString());
    lazy.free(0, large, 0x100); // more than may wait
    assertEquals("1100+200", source.returned.getLast());
    lazy.free(0, lazy.allocate(0, 0x60, FitPolicy.FIRST), 0x60);
    assertEquals(2, source.returned.size());
    lazy.drain();
    assertEquals("1300+100", source.returned.getLast());
    assertEquals(0xe0 + 0x70 + 0x110 + 0x70, Arenas.figure(lazy, "purged"));
    lazy.checkInvariants();
  }

  @Test
  void shouldImportRoomForTheGuardAndKeepItInside() {
    TreeArena guarded =
        Arenas.of(new ArenaSpec("guarded", Q, Optional.of(source), 0, false), Arenas.settings());
    assertEquals(0x1000, guarded.allocate(0, 0x100, FitPolicy.FIRST));
    assertEquals("[200 FIRST]", source.imported.toString());
    assertEquals("1110+f0", Arenas.shown(guarded::walkFree));
    assertEquals(0x1110, guarded.allocate(0, 0xe0, FitPolicy.FIRST));
    assertEquals("", Arenas.shown(guarded::walkFree));
    guarded.checkInvariants();
  }

  private static AddressConstraints at(long base) {
    return AddressConstraints.exactly(base, Q, Q);
  }

  @Test
  void shouldGrowAnImportedSpanInPlace() {
    long first = allocate(Q);
    long behind = arena.allocateConstrained(0, Q, at(first + Q), FitPolicy.BEST);
    assertEquals(first + Q, behind);
    assertEquals(1, source.imported.size());
  }

  @Test
  void shouldUseRestsOfImportsBeforeImportingAgain() {
    allocate(0xd0);
    allocate(0xe0);
    assertEquals(2, source.imported.size());
    assertEquals(0x10d0, allocate(0x30));
    assertEquals(0x11e0, allocate(0x20));
    assertEquals(0x1200, allocate(Q));
    arena.checkInvariants();
  }

  @Test
  void shouldMeetAlignmentInWhateverSpanItGets() {
    long got =
        arena.allocateConstrained(
            0, 0x20, new AddressConstraints(0x400, 0x10, 0, 0, 0), FitPolicy.BEST);
    assertEquals("[400 BEST]", source.imported.toString());
    assertEquals(0x1010, got);
    source.next = 0x2100;
    assertEquals(
        0x2400,
        arena.allocateConstrained(0, 0x100, AddressConstraints.aligned(0x400), FitPolicy.FIRST));
    arena.checkInvariants();
  }

  @Test
  void shouldNotImportForRequestsTiedToAddresses() {
    for (var where :
        List.of(
            new AddressConstraints(0, 0, 0x100, 0, 0),
            new AddressConstraints(0, 0, 0, 0x10, 0),
            new AddressConstraints(0, 0, 0, 0, -0x10))) {
      assertEquals(AddressArena.NONE, arena.allocateConstrained(0, Q, where, FitPolicy.INSTANT));
    }
    assertEquals(0, source.imported.size());
  }

  @Test
  void shouldNotImportMoreThan64BitsCanCount() {
    assertEquals(AddressArena.NONE, allocate(-1));
    assertEquals(AddressArena.NONE, allocate(-Q));
    assertEquals(0, source.imported.size());
    assertEquals(2, Arenas.figure(arena, "fail"));
  }

  @Test
  void shouldAnswerNoneWhenTheSourceHasNothing() {
    source.limit = 1;
    assertEquals(0x1000, allocate(0xc0));
    assertEquals(AddressArena.NONE, allocate(0x100));
    assertEquals(1, Arenas.figure(arena, "fail"));
    assertEquals(0x10c0, allocate(0x40));
    source.limit = 2;
    assertEquals(0x1100, allocate(0x100));
    arena.checkInvariants();
  }

  @Test
  void shouldStayIntactWhenTheSourceThrows() {
    long live = allocate(Q);
    source.limit = -1;
    String before = Arenas.all(arena);
    assertThrows(IllegalStateException.class, () -> allocate(0x1000));
    assertEquals(before, Arenas.all(arena));
    source.limit = 10;
    arena.free(0, allocate(0x1000), 0x1000);
    arena.free(0, live, Q);
    assertEquals(2, source.returned.size());
    arena.checkInvariants();
  }

  @Test
  void shouldHandSpansBackThatItCannotHave() {
    TreeArena bytes = Arenas.over(source, 1);
    refusedFrom(arena, 0x1008, "must have whole quanta", Q);
    refusedFrom(arena, -0x100 + Q, "passes the end", Q);
    refusedFrom(bytes, -0x100, "contains -1", 1);
    source.next = 0x1000;
    allocate(Q);
    refusedFrom(arena, 0x10f0, "overlaps the span at 0x1000", 0x100);
    source.next = 0x2010; // no multiple of what the source says its unit is
    String before = Arenas.all(arena);
    var aligned = AddressConstraints.aligned(0x100);
    assertThrows(
        MisuseException.class,
        () -> arena.allocateConstrained(0, 0x100, aligned, FitPolicy.INSTANT));
    assertEquals("2010+100", source.returned.getLast());
    assertEquals(before, Arenas.all(arena));
  }

  private void refusedFrom(TreeArena child, long next, String why, long size) {
    source.next = next;
    String before = Arenas.all(child);
    String message =
        assertThrows(MisuseException.class, () -> child.allocate(0, size, FitPolicy.BEST))
            .toString();
    assertTrue(message.contains("an imported span at") && message.contains(why), message);
    assertEquals("%x+100".formatted(next), source.returned.getLast());
    assertEquals(before, Arenas.all(child));
    child.checkInvariants();
  }

  @Test
  void shouldUseRoomThatAppearedWhileTheSourceHadNothing() {
    source.limit = 0;
    source.meanwhile = () -> arena.addSpan(0x8000, 0x100);
    assertEquals(0x8000, allocate(Q));
    assertEquals(0, Arenas.figure(arena, "fail"));
    arena.checkInvariants();
  }

  @Test
  void shouldGiveAnImportBackToAnArenaThatWasClosedMeanwhile() {
    source.meanwhile = arena::close;
    assertThrows(MisuseException.class, () -> allocate(Q));
    assertEquals("[1000+100]", source.returned.toString());
    TreeArena dry = Arenas.over(source, Q);
    source.limit = 0;
    source.meanwhile = dry::close;
    assertThrows(MisuseException.class, () -> dry.allocate(0, Q, FitPolicy.BEST));
  }

  @Test
  void shouldLookNoMoreAtManyRestsThatAreTooShort() {
    for (int i = 0; i < 1000; i++) {
      allocate(0xc0);
    }
    assertEquals(1000, source.imported.size());
    assertEquals(0x40 * 1000, arena.freeBytes());
    assertEquals(0x40, arena.largestFree());
    assertEquals(0x10c0, allocate(0x40));
    arena.checkInvariants();
  }

  @Test
  void shouldKeepTreesOfArenasConsistentUnderRandomLoad() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      TreeArena root = Arenas.of("root", 0x100);
      root.addSpan(-0x1000_0000, 0x1000_0000);
      TreeArena middle = of("middle", 0x40, root);
      List<TreeArena> leaves = List.of(of("a", 8, middle), of("b", 2, middle), middle);
      List<Runnable> frees = new ArrayList<>();
      for (int step = 0; step < 2000; step++) {
        if (random.nextInt(100) < (step < 1000 ? 60 : 40) || frees.isEmpty()) {
          TreeArena leaf = leaves.get(random.nextInt(3));
          long size = 1 + random.nextInt(0x300);
          long got = leaf.allocate(0, size, FitPolicy.INSTANT);
          assertTrue(got != AddressArena.NONE, "seed " + seed);
          frees.add(() -> leaf.free(0, got, size));
        } else {
          frees.remove(random.nextInt(frees.size())).run();
        }
        if (step % 100 == 0) {
          checkTree(root, middle, leaves, "seed " + seed);
        }
      }
      frees.forEach(Runnable::run);
      leaves.forEach(TreeArena::close);
      assertEquals(0, root.allocatedBytes(), "seed " + seed);
      root.checkInvariants();
    }
  }

  private static void checkTree(
      TreeArena root, TreeArena middle, List<TreeArena> leaves, String label) {
    root.checkInvariants();
    leaves.forEach(TreeArena::checkInvariants);
    assertEquals(Arenas.figure(middle, "mem_total"), root.allocatedBytes(), label);
  }

  private static TreeArena of(String name, long quantum, TreeArena parent) {
    return Arenas.of(
        new ArenaSpec(name, quantum, Optional.of(new ArenaSource(parent)), 0, false), Arenas.PLAIN);
  }

  /** A source that supplies rising spans and remembers them. */
  private static final class Supply implements AddressSource {
    final List<String> imported = new ArrayList<>();
    final List<String> returned = new ArrayList<>();
    final long unit;
    long next = 0x1000;
    int limit = Integer.MAX_VALUE; // negative: throw
    Runnable meanwhile = () -> {};

    Supply(long unit) {
      this.unit = unit;
    }

    @Override
    public long quantum() {
      return unit;
    }

    @Override
    public long importSpan(long size, FitPolicy policy) {
      meanwhile.run();
      meanwhile = () -> {};
      if (limit < 0) {
        throw new IllegalStateException("broken source");
      }
      if (imported.size() >= limit) {
        return NONE;
      }
      imported.add("%x %s".formatted(size, policy));
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
