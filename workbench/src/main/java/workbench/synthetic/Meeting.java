package workbench.synthetic;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** A point in a run that all its threads reach before one of them goes on. */
final class Meeting {
  private final CyclicBarrier barrier;

  Meeting(int threads) {
    this.barrier = new CyclicBarrier(threads);
  }

  /** {@return whether this thread was the last one to come} */
  boolean await() throws InterruptedException {
    try {
      return barrier.await() == 0;
    } catch (BrokenBarrierException e) {
      InterruptedException broken = new InterruptedException("another thread broke off");
      broken.initCause(e);
      throw broken;
    }
  }
}
