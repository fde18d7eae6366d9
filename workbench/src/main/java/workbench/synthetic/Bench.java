package workbench.synthetic;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;

/**
 * Runs generators on stacks: each run on a machine of its own, with a thread and a port per part.
 * The first run of a stack is counted and warms the JVM up; those that follow are timed.
 */
public final class Bench {
  private static final long WINDOW_BASE = 1L << 40;
  private static final long WINDOW_BYTES = 1L << 38; // 256 GiB of addresses: none is ever backed
  private static final int MOST_THREADS = 256;

  private final Kernel kernel;
  private final int threads;
  private final long seed;
  private final int repeat;

  /**
   * Prepares.
   *
   * @param kernel boots the machines
   * @param threads 1 to 256
   * @param seed decides all that is random
   * @param repeat timed runs of each stack, at least 1
   */
  public Bench(Kernel kernel, int threads, long seed, int repeat) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "--threads %d: takes 1 to %d".formatted(threads, MOST_THREADS));
    }
    if (repeat < 1) {
      throw new IllegalArgumentException("--repeat %d: takes 1 or more".formatted(repeat));
    }
    this.kernel = kernel;
    this.threads = threads;
    this.seed = seed;
    this.repeat = repeat;
  }

  /** One run: what was counted, and its time. */
  private record Run(
      String stack, List<? extends Client> clients, Map<String, Long> counts, long nanos) {}

  /**
   * Runs a generator on each stack.
   *
   * @param generator the generator
   * @param parameters its parameters
   * @param stacks what to boot
   * @return a result per stack
   * @throws java.util.concurrent.CancellationException if this thread is interrupted
   * @throws IllegalStateException if a thread failed or something was live at the end
   */
  public List<BenchResult> run(
      Generator<?> generator, Parameters parameters, List<BootSpec> stacks) {
    List<BenchResult> results = new ArrayList<>();
    for (BootSpec stack : stacks) {
      results.add(run(generator, parameters, stack));
    }
    return results;
  }

  private BenchResult run(Generator<?> generator, Parameters parameters, BootSpec stack) {
    Run counted = once(generator, parameters, stack);
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < repeat; i++) {
      nanos.add(once(generator, parameters, stack).nanos());
    }
    List<? extends Client> clients = counted.clients();
    return new BenchResult(
        generator.name(),
        counted.stack(),
        clients.size(),
        clients.stream().mapToLong(each -> each.allocations() + each.frees()).sum(),
        clients.stream().mapToLong(Client::failures).sum(),
        clients.stream().mapToLong(Client::digest).sum(),
        counted.counts(),
        nanos);
  }

  private Run once(Generator<?> generator, Parameters parameters, BootSpec stack) {
    try (BootedSystem system = kernel.boot(stack)) {
      RunSpec run = new RunSpec(threads, seed, parameters, system.frames().freeFrames());
      return switch (generator) {
        case HeapGenerator heap -> heap(system, heap, run);
        case FrameGenerator frames -> frames(system, frames, run);
        case AddressGenerator addresses -> addresses(system, addresses, run);
      };
    }
  }

  private static Run heap(BootedSystem system, HeapGenerator generator, RunSpec run) {
    List<HeapClient> clients = new ArrayList<>();
    for (int i = 0; i < generator.threads(run.threads()); i++) {
      int cpu = i % system.machine().cpus();
      clients.add(new HeapClient(system.heap().open(cpu), system.heap().window(), i));
    }
    system.resetPeaks();
    Map<String, Long> counts = new TreeMap<>();
    long nanos = run(system, generator, run, clients, counts);
    counts.put("peak footprint", system.peakFootprint());
    counts.put("peak frames", system.peakFrames());
    return new Run(stack(system), clients, counts, nanos);
  }

  private static Run frames(BootedSystem system, FrameGenerator generator, RunSpec run) {
    List<FrameClient> clients = new ArrayList<>();
    for (int i = 0; i < generator.threads(run.threads()); i++) {
      clients.add(new FrameClient(system.frames().open(i % system.machine().cpus())));
    }
    Map<String, Long> counts = new TreeMap<>();
    long nanos = run(system, generator, run, clients, counts);
    return new Run(stack(system), clients, counts, nanos);
  }

  private static Run addresses(BootedSystem system, AddressGenerator generator, RunSpec run) {
    Map<String, Long> counts = new TreeMap<>();
    List<AddressClient> clients = new ArrayList<>();
    try (AddressArena arena =
        system.addresses().createArena(ArenaSpec.of("bench", AddressClient.PAGE))) {
      arena.addSpan(WINDOW_BASE, WINDOW_BYTES);
      for (int i = 0; i < generator.threads(run.threads()); i++) {
        clients.add(new AddressClient(arena, i % system.machine().cpus()));
      }
      long nanos = run(system, generator, run, clients, counts);
      long highest = clients.stream().mapToLong(AddressClient::highest).max().orElseThrow();
      counts.put("address span", highest - WINDOW_BASE);
      return new Run(stack(system), clients, counts, nanos);
    }
  }

  private static <C extends Client> long run(
      BootedSystem system,
      Generator<C> generator,
      RunSpec run,
      List<C> clients,
      Map<String, Long> counts) {
    long nanos;
    try {
      nanos = new Crew<>(generator.name(), generator.parts(run), clients).run();
    } finally {
      clients.forEach(Client::close);
    }
    long live = 0;
    for (Client client : clients) {
      live += client.allocations() - client.failures() - client.frees();
      client.others().forEach((name, much) -> counts.merge(name, much, Long::sum));
    }
    if (live != 0) {
      throw new IllegalStateException(
          "%s on %s: %d live at the end".formatted(generator.name(), stack(system), live));
    }
    return nanos;
  }

  private static String stack(BootedSystem system) {
    return "%s/%s/%s"
        .formatted(
            system.frames().provider(), system.addresses().provider(), system.heap().provider());
  }

  /**
   * {@return results as a JSON array, an object each}
   *
   * @param results what {@link #run} returned
   */
  public static JsonArray json(List<BenchResult> results) {
    return new Gson().toJsonTree(results).getAsJsonArray();
  }
}
