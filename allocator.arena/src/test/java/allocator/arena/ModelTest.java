package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random sequences against {@link NaiveArena}, the invariants checked as they go. */
class ModelTest {
  private static final long Q = 0x10;
  private static final int STEPS = 3000;

  @ParameterizedTest
  @EnumSource(Fit.class)
  void shouldAgreeWithTheNaiveModel(Fit policy) {
    for (long seed = 1; seed <= 20; seed++) {
      new Run(policy, seed).go();
    }
  }

  private static final class Run {
    private final Fit policy;
    private final Random random;
    private final String label;
    private final NaiveArena model = new NaiveArena(Q);
    private final Arena arena;
    private final List<long[]> live = new ArrayList<>();

    Run(Fit policy, long seed) {
      this.policy = policy;
      this.random = new Random(seed);
      this.label = policy + ", seed " + seed;
      long base = seed % 2 == 0 ? 0x1000 : -0x4000;
      this.arena = Arenas.plain(Q, base, 0x1000);
      model.addSpan(base, 0x1000);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        if (step == STEPS / 2) {
          arena.addSpan(0x8000, 0x800);
          model.addSpan(0x8000, 0x800);
        }
        if (live.isEmpty() || random.nextInt(100) < (step / 500 % 2 == 0 ? 65 : 40)) {
          allocate(step);
        } else {
          free(live.remove(random.nextInt(live.size())));
        }
        if (step % 50 == 0) {
          compare(step);
        }
      }
      live.forEach(this::free);
      compare(STEPS);
    }

    private void allocate(int step) {
      long size = Q * (1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 6)) - random.nextInt(2);
      long got = arena.allocate(0, size, policy);
      if (policy == Fit.NEXT) {
        assertEquals(got != Arena.NONE, model.hasRoom(size), label + ", step " + step);
      } else {
        assertEquals(model.choose(size, policy), got, label + ", step " + step);
      }
      if (got != Arena.NONE) {
        assertTrue(model.isFree(got, size), label + ", step " + step);
        model.take(got, size);
        live.add(new long[] {got, size});
      }
    }

    private void free(long[] range) {
      arena.free(0, range[0], range[1]);
      model.give(range[0], range[1]);
    }

    private void compare(int step) {
      arena.checkInvariants();
      assertEquals(model.freeBytes(), arena.freeBytes(), label + ", step " + step);
      if (policy != Fit.NEXT) { // whose rotor parts free segments
        assertEquals(model.shown(), Arenas.shown(arena::walkFree), label + ", step " + step);
      }
    }
  }
}
