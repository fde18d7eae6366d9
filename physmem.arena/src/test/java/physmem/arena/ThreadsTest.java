package physmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import allocator.api.Settings;
import allocator.api.Statistic;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import physmem.api.FrameEngine;
import tck.physmem.FrameRace;

/** Several threads at once: no frame goes to two of them, and everything comes home. */
class ThreadsTest {
  private final FrameRace race =
      new FrameRace(ram -> new ArenaFramesProvider().open(ram, Settings.none("physmem.arena")));
  private final FrameEngine engine = race.engine();

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoCpus() throws Exception {
    race.run(1);
    assertMagazinesServed();
  }

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoThreadsOfOneCpu() throws Exception {
    race.run(4);
    assertMagazinesServed();
  }

  private void assertMagazinesServed() {
    long cached =
        engine.statistics().stream()
            .filter(figure -> figure.name().equals("qcache_alloc"))
            .mapToLong(Statistic::value)
            .sum();
    assertTrue(cached > 4000, "served from magazines: " + cached);
  }

  @Test
  @Timeout(120)
  void shouldLetOneOfTwoFreesOfAFrameFail() throws Exception {
    long[] frames = new long[4000];
    assertEquals(4000, engine.allocateBulk(0, 0, 0, frames, 0, 4000));
    AtomicInteger refused = new AtomicInteger();
    Callable<Boolean> asBlock = () -> free(refused, frames, frame -> engine.free(0, frame, 0));
    Callable<Boolean> asRun = () -> free(refused, frames, frame -> engine.freeRange(1, frame, 1));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Boolean> end : threads.invokeAll(List.of(asBlock, asRun))) {
        assertTrue(end.get());
      }
    }
    assertEquals(4000, refused.get());
    assertEquals(0, engine.census().liveCount());
    assertEquals(8192, engine.freeFrames());
    engine.checkInvariants();
  }

  private static boolean free(AtomicInteger refused, long[] frames, LongConsumer call) {
    for (long frame : frames) {
      try {
        call.accept(frame);
      } catch (MisuseException e) {
        refused.incrementAndGet();
      }
    }
    return true;
  }
}
