package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/** Where a range may begin: every base of a small span is tried. */
class PlaceTest {
  private static final int UNITS = 64;

  @Test
  void shouldFindTheLowestBaseThatMeetsEveryConstraint() {
    int found = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      found += new Trial(new Random(seed), "seed " + seed).run() ? 1 : 0;
    }
    assertTrue(found > 5000 && found < 19_000, found + " found");
  }

  private static final class Trial {
    private final Random random;
    private final String label;
    private final long quantum;
    private final long base;
    private final long size;
    private final AddressConstraints where;

    Trial(Random random, String label) {
      this.random = random;
      this.label = label;
      this.quantum = 1L << random.nextInt(13);
      this.base =
          switch (random.nextInt(3)) {
            case 0 -> quantum * (1 + random.nextInt(100));
            case 1 -> -quantum * UNITS; // up to the end of the addresses
            default -> Long.MIN_VALUE - quantum * random.nextInt(UNITS);
          };
      this.size = 1 + random.nextLong(12 * quantum);
      this.where = constraints();
    }

    private AddressConstraints constraints() {
      long align = random.nextInt(3) == 0 ? 0 : quantum << random.nextInt(5);
      long phase = align == 0 ? 0 : random.nextLong(align / quantum) * quantum;
      long nocross = random.nextBoolean() ? 0 : quantum << random.nextInt(6);
      long min = random.nextInt(3) == 0 ? base + random.nextLong(UNITS * quantum) : 0;
      long max = random.nextInt(3) == 0 ? base + random.nextLong(UNITS * quantum) : 0;
      var wanted = new AddressConstraints(align, phase, nocross, min, max);
      try {
        Place.check(wanted, size, quantum);
        return wanted;
      } catch (IllegalArgumentException e) {
        return new AddressConstraints(align, phase, 0, min, max);
      }
    }

    boolean run() {
      long last = base + UNITS * quantum - 1;
      long expected = AddressArena.NONE;
      for (int unit = UNITS - 1; unit >= 0; unit--) {
        expected = isGood(base + unit * quantum, last) ? base + unit * quantum : expected;
      }
      String request = "%s: 0x%x bytes, quantum 0x%x, %s".formatted(label, size, quantum, where);
      assertEquals(expected, Place.above(base, last, size, where, quantum), request);
      return expected != AddressArena.NONE;
    }

    private boolean isGood(long at, long spanLast) {
      long align = where.align() == 0 ? quantum : where.align();
      long last = at + size - 1;
      boolean fits = Long.compareUnsigned(spanLast - at, size - 1) >= 0;
      boolean isCut = where.nocross() != 0 && ((at ^ last) & -where.nocross()) != 0;
      return fits
          && !isCut
          && ((at - where.phase()) & (align - 1)) == 0
          && Long.compareUnsigned(at, where.min()) >= 0
          && Long.compareUnsigned(last, where.max() - 1) <= 0;
    }
  }

  @Test
  void shouldRefuseConstraintsThatContradictEachOther() {
    long top = Long.MIN_VALUE;
    Object[][] cases = { // size, constraints, why
      {0x10L, new AddressConstraints(0x30, 0, 0, 0, 0), "powers of two"},
      {0x10L, new AddressConstraints(0, 0, 0x30, 0, 0), "powers of two"},
      {0x10L, new AddressConstraints(8, 0, 0, 0, 0), "multiples of the quantum"},
      {0x10L, new AddressConstraints(0x20, 8, 0, 0, 0), "multiples of the quantum"},
      {0x10L, new AddressConstraints(0x20, 0, 8, 0, 0), "multiples of the quantum"},
      {0x10L, new AddressConstraints(0x20, 0x20, 0, 0, 0), "phase must be below align"},
      {0x10L, new AddressConstraints(0, 0x10, 0, 0, 0), "phase must be below align"},
      {0x21L, new AddressConstraints(0, 0, 0x20, 0, 0), "between two multiples of nocross"},
      {0x10L, new AddressConstraints(0x40, 0, 0x20, 0, 0), "between two multiples of nocross"},
      {0x30L, new AddressConstraints(0x40, 0x20, 0x40, 0, 0), "between two multiples of nocross"},
      {top, new AddressConstraints(top, 0x10, top, 0, 0), "between two multiples of nocross"}
    };
    for (Object[] each : cases) {
      var where = (AddressConstraints) each[1];
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Place.check(where, (long) each[0], 0x10),
                  where.toString())
              .toString();
      assertTrue(message.contains((String) each[2]), message);
    }
  }

  @Test
  void shouldImportEnoughForEveryPlaceWhereASpanMayBegin() {
    for (long seed = 1; seed <= 5000; seed++) {
      Random random = new Random(seed);
      long quantum = 1L << random.nextInt(6);
      long unit = quantum << random.nextInt(4);
      long align = quantum << random.nextInt(8);
      long phase = random.nextLong(align / quantum) * quantum;
      long size = quantum * (1 + random.nextInt(40));
      var where = new AddressConstraints(align, phase, 0, 0, 0);
      long asked = Place.importSize(size, where, quantum, unit);
      String label = "seed " + seed + ": " + where;
      assertEquals(0, asked & (unit - 1), label);
      boolean isTight = false;
      for (long span = unit; span <= 2 * align + unit; span += unit) {
        long last = span + asked - 1;
        assertTrue(Place.above(span, last, size, where, quantum) != AddressArena.NONE, label);
        isTight |= Place.above(span, last - unit, size, where, quantum) == AddressArena.NONE;
      }
      assertTrue(isTight, label + " asks for more than it can need");
    }
    assertEquals(0, Place.importSize(-0x10, AddressConstraints.aligned(0x40), 0x10, 0x10));
    assertEquals(0, Place.importSize(-0x10, Place.ANYWHERE, 0x10, 0x100));
  }
}
