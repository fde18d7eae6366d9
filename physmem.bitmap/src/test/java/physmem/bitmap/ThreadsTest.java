package physmem.bitmap;

import allocator.api.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tck.physmem.FrameRace;

/** Several threads at once: no frame goes to two of them, and everything comes home. */
class ThreadsTest {
  private final FrameRace race =
      new FrameRace(ram -> new BitmapProvider().open(ram, Settings.none("physmem.bitmap")));

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoCpus() throws Exception {
    race.run(1);
  }

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoThreadsOfOneCpu() throws Exception {
    race.run(4);
  }
}
