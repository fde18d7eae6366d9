package vmem.bump;

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
import vmem.api.FitPolicy;

/** Random sequences against {@link NaiveArena}, the invariants checked as they go. */
class ModelTest {
  private static final long Q = 0x10;

  @Test
  void shouldAgreeWithTheNaiveModel() {
    long first = System.nanoTime();
    for (long seed = first; seed < first + 25; seed++) {
      new Run(seed).go();
    }
  }

  private static final class Run {
    private final Random random;
    private final String label;
    private final NaiveArena model = new NaiveArena(Q);
    private final BumpArena arena = Arenas.of("model", Q);
    private final List<Long> bases = new ArrayList<>();
    private int none;

    Run(long seed) {
      this.random = new Random(seed);
      this.label = "seed " + seed;
    }

    void go() {
      List<Integer> places = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
      Collections.shuffle(places, random);
      for (int step = 0; step < 1200; step++) {
        if (step % 150 == 0) {
          addSpan(places.removeLast());
        }
        if (bases.isEmpty() || random.nextInt(100) < 60) {
          allocate(label + ", step " + step);
        } else {
          free();
        }
        compare(label + ", step " + step);
      }
      assertTrue(none > 10, label + ": exhausted " + none + " times");
    }

    private void addSpan(int place) {
      long base = place * 0x10000L;
      long size = Q * (1 + random.nextInt(1000));
      arena.addSpan(base, size);
      model.addSpan(base, size);
    }

    private void allocate(String step) {
      long size = 1 + random.nextInt(random.nextInt(8) == 0 ? 0x800 : 0x60);
      AddressConstraints where = random.nextInt(3) == 0 ? constraints(size) : Place.ANYWHERE;
      long expected = model.take(size, where);
      long got =
          where.equals(Place.ANYWHERE)
              ? arena.allocate(0, size, FitPolicy.BEST)
              : arena.allocateConstrained(0, size, where, FitPolicy.BEST);
      assertEquals(expected, got, step + ": " + size + " bytes, " + where);
      if (got == AddressArena.NONE) {
        none++;
      } else {
        bases.add(got);
      }
    }

    private AddressConstraints constraints(long size) {
      long align = Q << random.nextInt(5);
      long phase = random.nextInt((int) (align / Q)) * Q;
      long nocross = random.nextBoolean() ? 0 : Math.max(0x1000, Long.highestOneBit(size) * 4);
      long min = random.nextInt(3) == 0 ? random.nextLong(0x90000) : 0;
      long max = random.nextInt(3) == 0 ? random.nextLong(0x90000) : 0;
      return new AddressConstraints(align, phase, nocross, min, max);
    }

    private void free() {
      long base = bases.remove(random.nextInt(bases.size()));
      long size = Objects.requireNonNull(model.live.remove(base));
      assertThrows(MisuseException.class, () -> arena.free(0, base, size + 1), label);
      arena.free(0, base, size);
      assertThrows(MisuseException.class, () -> arena.free(0, base, size), label);
    }

    private void compare(String step) {
      assertTrue(arena.checkInvariants() > 0);
      assertEquals(model.freeBytes(), arena.freeBytes(), step);
      assertEquals(model.liveShown(), Arenas.shown(arena::walkAllocated), step);
    }
  }
}
