package workbench.age;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kernel.api.BootSpec;
import org.junit.jupiter.api.Test;
import workbench.PlainKernel;

final class AgeingTest {
  private static final long MIB = 1L << 20;
  private static final int DAYS = 6;

  private final Ageing ageing = new Ageing(PlainKernel.create(), new AgeSpec(DAYS, 3, 94, 300));

  private List<AgeResult> run() {
    return ageing.run(List.of(BootSpec.of(PlainKernel.ram(128 * MIB))));
  }

  @Test
  void shouldAgeWithoutAndWithCompaction() {
    List<AgeResult> results = run();
    assertEquals(
        List.of("buddy", "buddy+compact"), results.stream().map(AgeResult::label).toList());
    AgeResult plain = results.getFirst();
    AgeResult compacted = results.getLast();
    assertEquals(DAYS + 1, plain.days().size());
    assertEquals(100, plain.days().getFirst().success(), "a machine just booted has huge blocks");
    assertEquals(0, plain.days().stream().mapToLong(AgeDay::moved).sum());
    assertTrue(compacted.days().stream().mapToLong(AgeDay::moved).sum() > 0);
    for (int day = 0; day <= DAYS; day++) {
      assertEquals(
          plain.days().get(day).live(), compacted.days().get(day).live(), "the same requests");
    }
    long plainHuge = plain.days().stream().mapToLong(AgeDay::got).sum();
    long compactedHuge = compacted.days().stream().mapToLong(AgeDay::got).sum();
    assertTrue(plainHuge < compactedHuge, plainHuge + " and " + compactedHuge);
  }

  @Test
  void shouldGiveTheSameFiguresForTheSameSeed() {
    assertEquals(run(), run());
  }

  @Test
  void shouldCountAllFrames() {
    AgeDay last = run().getFirst().days().getLast();
    assertEquals(0, last.failed());
    assertEquals(run().getFirst().frames(), last.live() + last.free());
  }

  @Test
  void shouldWriteALinePerDay() {
    List<AgeResult> results = run();
    List<String> csv = Ageing.csv(results);
    assertEquals(1 + 2 * (DAYS + 1), csv.size());
    int columns = csv.getFirst().split(",", -1).length;
    csv.forEach(line -> assertEquals(columns, line.split(",", -1).length, line));
    assertEquals(2, ageing.json(results).getAsJsonArray("runs").size());
  }
}
