package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Client threads of one tier that go on replacing what they hold, and measure each of their calls
 * while somebody swaps, and for as long while nobody does.
 */
final class SwapClients implements AutoCloseable {
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int DIGITS = 3;
  private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What the calls are counted as. */
  private enum Phase {
    WARM,
    ALONE,
    SWAP,
    STOP
  }

  private final List<Client> clients;
  private final ExecutorService threads;
  private volatile Phase phase = Phase.STOP;

  /**
   * Makes the threads.
   *
   * @param tenants what each of them holds
   */
  SwapClients(List<Tenant> tenants) {
    clients = tenants.stream().map(Client::new).toList();
    threads =
        Executors.newFixedThreadPool(
            tenants.size(), Thread.ofPlatform().name("client-", 0).daemon().factory());
  }

  static Histogram histogram() {
    return new Histogram(1, MOST_NANOS, DIGITS);
  }

  /**
   * The calls of all clients in one round.
   *
   * @param alone those while nobody swapped
   * @param during those that overlapped the swap
   */
  record Calls(Histogram alone, Histogram during) {}

  /** Has every client exchange all it holds. */
  void refill() {
    all(tenant -> tenant.refill());
  }

  /** Has every client give all it holds back. */
  void leave() {
    all(tenant -> tenant.leave());
  }

  private void all(Consumer<Tenant> action) {
    await(clients.stream().map(client -> threads.submit(() -> action.accept(client.tenant))));
  }

  /**
   * Does something while the clients work.
   *
   * @param aloneNanos how long they work before, measured for comparison
   * @param swap what to do
   * @param calls receives what they measured
   * @return what the action returns
   */
  <T> T during(long aloneNanos, Supplier<T> swap, Consumer<Calls> calls) {
    phase = Phase.WARM;
    List<Future<?>> running = new ArrayList<>();
    clients.forEach(client -> running.add(threads.submit(client)));
    try {
      pause(WARM_NANOS);
      phase = Phase.ALONE;
      pause(aloneNanos);
      phase = Phase.SWAP;
      return swap.get();
    } finally {
      phase = Phase.STOP;
      await(running.stream());
      calls.accept(collect());
    }
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private static void await(java.util.stream.Stream<? extends Future<?>> work) {
    work.toList()
        .forEach(each -> {
          try {
            each.get();
          } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("a client failed", e);
          }
        });
  }

  private Calls collect() {
    Calls sum = new Calls(histogram(), histogram());
    for (Client client : clients) {
      sum.alone().add(client.alone);
      sum.during().add(client.during);
      client.alone.reset();
      client.during.reset();
    }
    return sum;
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /** One thread's work. */
  private final class Client implements Runnable {
    private final Tenant tenant;
    private final Random random = new Random(42);
    private final Histogram alone = histogram();
    private final Histogram during = histogram();

    Client(Tenant tenant) {
      this.tenant = tenant;
    }

    @Override
    public void run() {
      Phase begun = phase;
      while (begun != Phase.STOP) {
        int place = random.nextInt(tenant.places());
        long start = System.nanoTime();
        tenant.give(place);
        long between = System.nanoTime();
        Phase now = phase;
        note(begun, now, between - start);
        long again = System.nanoTime();
        tenant.take(place);
        long end = System.nanoTime();
        begun = phase;
        note(now, begun, end - again);
      }
    }

    // A call belongs to the swap if any of it does.
    private void note(Phase begun, Phase ended, long nanos) {
      if (begun == Phase.SWAP || ended == Phase.SWAP) {
        during.recordValue(Math.min(MOST_NANOS, nanos));
      } else if (begun == Phase.ALONE) {
        alone.recordValue(Math.min(MOST_NANOS, nanos));
      }
    }
  }
}
