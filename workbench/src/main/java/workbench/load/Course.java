package workbench.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the threads of a load share: whether to go on, and who is still at it. */
final class Course {
  private final Findings findings = new Findings();
  private final Exchange exchange;
  private final AtomicInteger working;
  private final CountDownLatch present;
  private volatile boolean ending;

  Course(int threads, int slots) {
    exchange = new Exchange(slots);
    working = new AtomicInteger(threads);
    present = new CountDownLatch(threads);
  }

  Findings findings() {
    return findings;
  }

  Exchange exchange() {
    return exchange;
  }

  boolean ending() {
    return ending;
  }

  void end() {
    ending = true;
  }

  /** Told once by each thread when it puts nothing into the exchange any more. {@return if last} */
  boolean lastToWork() {
    return working.decrementAndGet() == 0;
  }

  /** Told once by each thread when it makes no call any more. */
  void leave() {
    present.countDown();
  }

  /** {@return the number of threads that may still make a call} */
  long present() {
    return present.getCount();
  }

  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return present.await(time, unit);
  }
}
