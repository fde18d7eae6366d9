package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Random sequences against {@link NaiveArena}, the invariants checked as they go. */
class ModelTest {
  private static final long Q = 0x10;

  @Test
  void shouldNotPurgeForLimitsThatExcludeEachOther() {
    new Run(18_533_039_897_668L).go(); // found by chance
  }

  @Test
  void shouldAgreeWithTheNaiveModel() {
    long first = System.nanoTime();
    for (long seed = first; seed < first + 24; seed++) {
      new Run(seed).go();
    }
  }

  private static final class Run {
    private final Random random;
    private final String label;
    private final boolean topDown;
    private final NaiveArena model;
    private final TreeArena arena;
    private final List<Long> bases = new ArrayList<>();
    private int none;
    private int met;

    Run(long seed) {
      this.random = new Random(seed);
      this.topDown = random.nextBoolean();
      boolean guarded = random.nextBoolean();
      long lazy = random.nextInt(3) * 0x800L;
      this.label =
          "seed %d, top-down %b, guard %b, lazy 0x%x".formatted(seed, topDown, guarded, lazy);
      this.model = new NaiveArena(Q, guarded ? Q : 0, 2 * lazy);
      this.arena =
          Arenas.of(
              ArenaSpec.of("model", Q),
              Arenas.settings(
                  "placement", topDown ? "top-down" : "bottom-up",
                  "guard", guarded ? "on" : "off",
                  "lazy", Long.toString(lazy)));
    }

    void go() {
      List<Integer> places = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
      Collections.shuffle(places, random);
      for (int step = 0; step < 1000; step++) {
        if (step % 200 == 0) {
          addSpan(places.removeLast());
        }
        if (bases.isEmpty() || random.nextInt(100) < 60) {
          allocate(label + ", step " + step);
        } else {
          free();
        }
        if (step % 100 == 0) {
          arena.drain();
          model.purge();
        }
        compare(label + ", step " + step);
      }
      assertTrue(none > 10 && met > 200, label + ": " + none + " not met, " + met + " met");
    }

    private void addSpan(int place) {
      long base = place * 0x1000L;
      long size = Q * (1 + random.nextInt(0x100)); // may adjoin the next
      arena.addSpan(base, size);
      model.addSpan(base, size);
    }

    private void allocate(String step) {
      long size = 1 + random.nextInt(random.nextInt(8) == 0 ? 0x400 : 0x60);
      AddressConstraints where = random.nextInt(3) == 0 ? constraints(size) : Placement.ANYWHERE;
      long got =
          where.equals(Placement.ANYWHERE)
              ? arena.allocate(0, size, FitPolicy.BEST)
              : arena.allocateConstrained(0, size, where, FitPolicy.BEST);
      List<Long> places = model.places(size, where);
      String request = step + ": " + size + " bytes, " + where;
      if (got == AddressArena.NONE) {
        assertEquals(List.of(), places, request);
        none++;
        return;
      }
      met++;
      check(got, places, size, where, request);
      model.take(got, size);
      bases.add(got);
    }

    private void check(
        long got, List<Long> places, long size, AddressConstraints where, String request) {
      boolean isKernels = !topDown && FreeSearch.isPlain(where) && where.align() > Q;
      if (!isKernels) {
        assertEquals(topDown ? places.getLast() : places.getFirst(), got, request);
      } else if (Arenas.figure(arena, "lazy") == 0) {
        model.purge(); // the kernel's search may have missed a place, and have purged
      }
      assertTrue(model.places(size, where).contains(got), request + ": at 0x%x".formatted(got));
    }

    private AddressConstraints constraints(long size) {
      long align = Q << random.nextInt(5);
      long phase = random.nextBoolean() ? 0 : random.nextInt((int) (align / Q)) * Q;
      long nocross = random.nextBoolean() ? 0 : Math.max(0x400, Long.highestOneBit(size) * 4);
      long min = random.nextInt(3) == 0 ? random.nextLong(0x9000) : 0;
      long max = random.nextInt(3) == 0 ? random.nextLong(0x9000) : 0;
      return new AddressConstraints(align, phase, nocross, min, max);
    }

    private void free() {
      long base = bases.remove(random.nextInt(bases.size()));
      long size = Objects.requireNonNull(model.live.get(base));
      assertThrows(MisuseException.class, () -> arena.free(0, base, size + 1), label);
      arena.free(0, base, size);
      model.free(base);
      assertThrows(MisuseException.class, () -> arena.free(0, base, size), label);
    }

    private void compare(String step) {
      assertTrue(arena.checkInvariants() > 0);
      assertEquals(model.waiting(), Arenas.figure(arena, "lazy"), step);
      assertEquals(model.freeBytes(), arena.freeBytes(), step);
      assertEquals(model.liveShown(), Arenas.shown(arena::walkAllocated), step);
    }
  }
}
