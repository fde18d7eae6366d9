package workbench.age;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgeModelTest {
  private static final long RAM = 1 << 15;
  private static final int CPUS = 2;

  /** Keeps what is live, and a digest of all that was asked. */
  private static final class Ledger implements AgeSink {
    private final Map<Integer, Integer> live = new HashMap<>();
    private final long[] bornByMobility = new long[3];
    private long frames;
    private long most;
    private long digest;

    @Override
    public void born(int id, int order, int mobility, int cpu) {
      assertTrue(order >= 0 && order <= 9 && cpu >= 0 && cpu < CPUS, "order " + order);
      assertFalse(live.containsKey(id), "id " + id + " lives already");
      live.put(id, order);
      frames += 1L << order;
      most = Math.max(most, frames);
      bornByMobility[mobility] += 1L << order;
      digest = digest * 31 + id * 64L + order * 4L + mobility;
    }

    @Override
    public void died(int id, int cpu) {
      Integer order = live.remove(id);
      assertTrue(order != null, "id " + id + " does not live");
      frames -= 1L << order;
      digest = digest * 31 + ~id;
    }
  }

  private static Ledger live(AgeSpec spec) {
    Ledger ledger = new Ledger();
    AgeModel model = new AgeModel(spec, RAM, CPUS);
    for (int day = 0; day < spec.days(); day++) {
      model.day(ledger);
      assertEquals(ledger.frames, model.live());
    }
    return ledger;
  }

  @Test
  void shouldAskTheSameForTheSameSeed() {
    long digest = live(new AgeSpec(5, 7, 85, 100)).digest;
    assertEquals(digest, live(new AgeSpec(5, 7, 85, 100)).digest);
    assertNotEquals(digest, live(new AgeSpec(5, 8, 85, 100)).digest);
  }

  @Test
  void shouldBeAsFullAsTheHourSays() {
    Ledger ledger = live(new AgeSpec(10, 1, 85, 100));
    // At midnight 20 percent less than at noon, to within a block of order 9.
    long midnight = RAM * 65 / 100;
    assertTrue(Math.abs(ledger.frames - midnight) <= 512, "at midnight " + ledger.frames);
    assertTrue(ledger.most >= RAM * 85 / 100, "most " + ledger.most);
  }

  @Test
  void shouldAskForEachMobilityAsTheModelSays() {
    Ledger ledger = live(new AgeSpec(20, 1, 85, 100));
    double all = 0;
    for (long frames : ledger.bornByMobility) {
      all += frames;
    }
    // 9 percent of the churn, which is not all that is asked for: bursts and caches come on top.
    double unmovable = ledger.bornByMobility[0] / all;
    assertTrue(unmovable > 0.05 && unmovable < 0.12, "unmovable " + unmovable);
  }

  @Test
  void shouldGiveEverythingBack() {
    AgeModel model = new AgeModel(new AgeSpec(3, 1, 85, 100), RAM, CPUS);
    Ledger ledger = new Ledger();
    for (int day = 0; day < 3; day++) {
      model.day(ledger);
    }
    model.endAll(ledger);
    assertEquals(Map.of(), ledger.live);
    assertEquals(0, model.live());
  }

  @Test
  void shouldRefuseWhatIsOutOfRange() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new AgeSpec(0, 1, 85, 100));
    assertEquals("--days 0: takes 1 to 3650", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new AgeSpec(1, 1, 98, 100));
    assertThrows(IllegalArgumentException.class, () -> new AgeSpec(1, 1, 85, 0));
  }
}
