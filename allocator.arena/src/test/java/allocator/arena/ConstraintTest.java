package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Constrained requests on tiny arenas, where every possible placement can be tried. */
class ConstraintTest {
  private static final int UNITS = 64;
  private static final long[] ALIGNS = {0, 1, 2, 4, 8, 16};
  private static final long[] BOUNDARIES = {0, 0, 4, 8, 16, 32};

  @Test
  void shouldMeetEveryConstraintAndFindAPlaceIfThereIsOne() {
    int placed = 0;
    for (long seed = 1; seed <= 400; seed++) {
      placed += new Run(seed).go();
    }
    assertTrue(placed > 5000, "only " + placed);
  }

  @Test
  void shouldRefuseMoreThanThereAreAddressesByEachPolicy() {
    for (Fit policy : Fit.values()) {
      Arena arena = Arenas.plain(4096, 0x10000, 64 * 4096);
      for (long size : new long[] {-1, -4095, -4096, Long.MIN_VALUE, Long.MAX_VALUE}) {
        assertEquals(Arena.NONE, arena.allocate(0, size, policy), policy + " " + size);
      }
      assertEquals(64 * 4096, arena.freeBytes());
      assertTrue(arena.checkInvariants() > 0);
    }
  }

  private static final class Run {
    private final Random random;
    private final long seed;
    private final long quantum;
    private final long base;
    private final Arena arena;
    private final boolean[] taken = new boolean[UNITS];
    private final List<long[]> live = new ArrayList<>();

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.quantum = 1L << random.nextInt(13);
      this.base =
          switch (random.nextInt(3)) {
            case 0 -> quantum * (1 + random.nextInt(100));
            case 1 -> -quantum * UNITS - (quantum == 1 ? 1 : 0); // up to the end of the addresses
            default -> Long.MIN_VALUE - quantum * random.nextInt(UNITS);
          };
      this.arena = Arenas.plain(quantum, base, UNITS * quantum);
    }

    int go() {
      int placed = 0;
      for (int step = 0; step < 60; step++) {
        if (!live.isEmpty() && random.nextInt(5) < 2) {
          free();
        } else if (request()) {
          placed++;
        }
        arena.checkInvariants();
      }
      return placed;
    }

    private void free() {
      long[] range = live.remove(random.nextInt(live.size()));
      arena.freeConstrained(base + range[0] * quantum, range[1] * quantum);
      mark(range[0], range[1], false);
    }

    private boolean request() {
      long units = 1 + random.nextInt(8);
      Constraints where = constraints(units);
      Fit policy = Policies.any(random);
      long got = arena.allocateConstrained(units * quantum, where, policy);
      String label = "seed " + seed + ", " + units + " units of " + quantum + ", " + where;
      if (got == Arena.NONE) {
        assertTrue(!anyPlace(units, where), label + " has a place");
        return false;
      }
      assertEquals("", whyWrong(got, units, where), label);
      mark((got - base) / quantum, units, true);
      live.add(new long[] {(got - base) / quantum, units});
      return true;
    }

    private Constraints constraints(long units) {
      long align = ALIGNS[random.nextInt(ALIGNS.length)] * quantum;
      long phase =
          align > quantum && random.nextBoolean()
              ? random.nextInt((int) (align / quantum)) * quantum
              : 0;
      long nocross = BOUNDARIES[random.nextInt(BOUNDARIES.length)] * quantum;
      long real = align == 0 ? quantum : align;
      boolean tooWide =
          nocross != 0 && (real > nocross || -(-(phase + units * quantum) & -real) > nocross);
      long min = random.nextInt(3) == 0 ? base + random.nextInt(UNITS) * quantum : 0;
      long max = random.nextInt(3) == 0 ? base + (1 + random.nextInt(UNITS)) * quantum : 0;
      return new Constraints(align, phase, tooWide ? 0 : nocross, min, max);
    }

    private boolean anyPlace(long units, Constraints where) {
      for (int unit = 0; unit + units <= UNITS; unit++) {
        if (whyWrong(base + unit * quantum, units, where).isEmpty()) {
          return true;
        }
      }
      return false;
    }

    private String whyWrong(long at, long units, Constraints where) {
      long size = units * quantum;
      long unit = (at - base) / quantum;
      if (unit < 0 || unit + units > UNITS || (at - base) % quantum != 0) {
        return "outside";
      }
      for (long i = unit; i < unit + units; i++) {
        if (taken[(int) i]) {
          return "taken";
        }
      }
      long align = where.align() == 0 ? quantum : where.align();
      if (((at - where.phase()) & (align - 1)) != 0) {
        return "misaligned";
      }
      if (where.nocross() != 0 && ((at ^ (at + size - 1)) & -where.nocross()) != 0) {
        return "crosses";
      }
      if (Long.compareUnsigned(at, where.min()) < 0) {
        return "too low";
      }
      return Long.compareUnsigned(at + size - 1, where.max() - 1) > 0 ? "too high" : "";
    }

    private void mark(long unit, long units, boolean value) {
      for (long i = unit; i < unit + units; i++) {
        taken[(int) i] = value;
      }
    }
  }
}
