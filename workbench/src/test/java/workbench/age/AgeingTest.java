package workbench.age;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FramePort;
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

  @Test
  void shouldNotCompactInTheCheckedMode() {
    Kernel kernel = PlainKernel.create();
    try (BootedSystem system = kernel.boot(BootSpec.of(PlainKernel.ram(128 * MIB)))) {
      List<Long> pinned = new ArrayList<>();
      try (FramePort port = system.frames().open(0)) {
        // All movable, every other frame of it free: there is much to move.
        List<Long> all = new ArrayList<>();
        for (long frame = port.allocate(0, FrameFlags.MOVABLE);
            frame != FrameEngine.NONE;
            frame = port.allocate(0, FrameFlags.MOVABLE)) {
          all.add(frame);
        }
        for (long frame : all) {
          if (frame % 2 == 0) {
            port.free(frame, 0);
          } else {
            pinned.add(frame);
          }
        }
        system.guard(true);
        assertEquals(0, system.frames().compact(9, (from, to, order) -> true));
        assertEquals("buddy", system.frames().provider());
        system.guard(false);
        assertTrue(system.frames().compact(9, (from, to, order) -> false) == 0, "all refuse");
        pinned.forEach(frame -> port.free(frame, 0));
      }
      assertEquals(0, system.frameUsage().other());
    }
  }
}
