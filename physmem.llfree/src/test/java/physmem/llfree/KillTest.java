package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process at work with SIGKILL, wherever its threads are, and recovers from the file that
 * it left behind, as the paper's crash test does. {@code -Dllfree.processes=N} for more.
 */
class KillTest {
  private static final int PROCESSES = Integer.getInteger("llfree.processes", 4);
  private static final int LONGEST_MILLIS = 300;

  @TempDir Path folder;

  private final Random random = new Random(7);

  @Test
  @Timeout(600)
  void shouldFindWhatAKilledProcessHeld() throws Exception {
    long held = 0;
    for (int i = 0; i < PROCESSES; i++) {
      runAndKill(i == 0 ? "free" : "recover", i);
      LlfreeFrames engine = KillVictim.open(folder, "recover");
      engine.checkInvariants();
      held += check(engine);
    }
    assertTrue(held >= PROCESSES, "blocks were held at the end: " + held);
  }

  private void runAndKill(String init, int seed) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KillVictim.class.getName(),
                folder.toString(),
                init,
                Integer.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals('!', process.getInputStream().read(), "the process has begun");
    Thread.sleep(1 + random.nextInt(LONGEST_MILLIS));
    assertTrue(process.isAlive(), "a call in the process failed");
    process.destroyForcibly().waitFor();
  }

  /** Frees what the journal says and what was under way; {@return how many the journal says} */
  private long check(LlfreeFrames engine) throws IOException {
    TreeMap<Long, Long> live = new TreeMap<>();
    engine.walk((base, size, attributes) -> live.put(base, size) == null);
    MemorySegment journal = KillVictim.journal(folder);
    long held = 0;
    for (int thread = 0; thread < KillVictim.THREADS; thread++) {
      long changing = KillVictim.get(journal, KillVictim.at(thread, 0));
      for (int entry = 1; entry <= KillVictim.ENTRIES; entry++) {
        long at = KillVictim.at(thread, entry);
        long value = KillVictim.get(journal, at);
        if (value != 0 && entry != changing) {
          long frame = KillVictim.frame(value);
          int order = KillVictim.order(value);
          assertTrue(live.remove(frame, 1L << order), "frame %x was lost".formatted(frame));
          engine.free(0, frame, order);
          held++;
        }
        KillVictim.set(journal, at, 0);
      }
      KillVictim.set(journal, KillVictim.at(thread, 0), 0);
    }
    assertTrue(live.size() <= KillVictim.THREADS, "nobody allocated " + live);
    live.forEach((frame, size) -> engine.free(0, frame, Long.numberOfTrailingZeros(size)));
    assertEquals(KillVictim.FRAMES, engine.freeFrames());
    engine.checkInvariants();
    return held;
  }
}
