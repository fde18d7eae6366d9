package workbench.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The threads of one run: they begin together; when one fails, the others are called off. */
final class Crew<C extends Client> {
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch start = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Crew(String name, List<Generator.Part<C>> parts, List<C> clients) {
    for (int i = 0; i < parts.size(); i++) {
      Generator.Part<C> part = parts.get(i);
      C client = clients.get(i);
      threads.add(Thread.ofPlatform().name(name + "-" + i).unstarted(() -> work(part, client)));
    }
  }

  private void work(Generator.Part<C> part, C client) {
    try {
      start.await();
      part.run(client);
    } catch (InterruptedException | RuntimeException | Error e) {
      if (failure.compareAndSet(null, e)) {
        callOff();
      }
    }
  }

  private void callOff() {
    threads.stream().filter(each -> each != Thread.currentThread()).forEach(Thread::interrupt);
  }

  /**
   * Runs all parts. {@return wall-clock nanoseconds from the first to the last}
   *
   * @throws CancellationException if this thread is interrupted
   * @throws IllegalStateException if a part failed
   */
  long run() {
    threads.forEach(Thread::start);
    long begin = System.nanoTime();
    start.countDown();
    boolean interrupted = join();
    long nanos = System.nanoTime() - begin;
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the benchmark was interrupted");
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("a thread broke off: " + thrown, thrown);
    }
    return nanos;
  }

  private boolean join() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          callOff();
        }
      }
    }
    return interrupted;
  }
}
