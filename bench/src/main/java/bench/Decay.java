package bench;

import allocator.api.Tier;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SwapRequest;

/**
 * Whether a heap gets slower for its clients after many swaps: a JVM that has seen several
 * providers compiles calls to them differently from one that has seen one.
 *
 * <p>One JVM per provider, which serves in it from boot. Figures are processor time of the thread,
 * so that what else the host does counts little.
 */
final class Decay {
  private static final String USAGE = "decay [--swaps N] [--forks N]";
  private static final String ONE = "--provider"; // how a fork is told what to do
  private static final int PLACES = 10_000;
  private static final int BYTES = 64;
  private static final int WINDOW = 200_000; // operations
  private static final int WARM = 40; // windows
  private static final int WINDOWS = 40;
  private static final int BETWEEN = 20_000; // operations after each swap
  private static final long RAM = 1L << 30;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Random random = new Random(42);
  private int swaps = 100;
  private int forks = 3;
  private String provider = "";

  private Decay() {}

  static void main(String[] args) throws IOException, InterruptedException {
    Decay run = new Decay();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + ": usage: " + USAGE);
      }
      run.option(args[i], args[i + 1]);
    }
    if (run.provider.isEmpty()) {
      run.fork();
    } else {
      run.one();
    }
  }

  private void option(String name, String value) {
    switch (name) {
      case "--swaps" -> swaps = Integer.parseInt(value);
      case "--forks" -> forks = Integer.parseInt(value);
      case ONE -> provider = value;
      default -> throw new IllegalArgumentException(name + ": usage: " + USAGE);
    }
  }

  private void fork() throws IOException, InterruptedException {
    out.println(
        "processor time per allocate + free, ns: least (median) of " + WINDOWS + " windows");
    out.printf(
        "%-6s %-8s %16s %16s %8s %8s%n",
        "heap", "work", "before", swaps + " swaps", "least", "median");
    for (ProviderInfo heap : PlainKernel.create().providers(Tier.HEAP)) {
      for (int i = 0; i < forks; i++) {
        List<String> command = new ArrayList<>(PlainKernel.jvm());
        command.addAll(
            List.of(Main.class.getName(), "decay", ONE, heap.name(), "--swaps", "" + swaps));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
          throw new IllegalStateException(heap.name() + ": the JVM ended with " + code);
        }
      }
    }
  }

  private void one() {
    Kernel kernel = PlainKernel.create();
    try (BootedSystem system =
        kernel.boot(
            new BootSpec(PlainKernel.ram(RAM), true, Map.of(Tier.HEAP, provider), List.of()))) {
      Tenant.Blocks blocks = new Tenant.Blocks(system, PLACES, 0);
      blocks.refill();
      work(blocks, WARM * WINDOW); // either work changes what the other's code was compiled for
      double[] pair = measure(blocks, this::pairs);
      double[] mixed = measure(blocks, this::replacements);
      swapAround(kernel, system, blocks);
      report("pair", pair, measure(blocks, this::pairs));
      report("random", mixed, measure(blocks, this::replacements));
      blocks.leave();
    }
  }

  /** Swaps through all providers in turn and back, with work in between. */
  private void swapAround(Kernel kernel, BootedSystem system, Tenant.Blocks blocks) {
    List<String> others =
        kernel.providers(Tier.HEAP).stream()
            .map(ProviderInfo::name)
            .filter(name -> !name.equals(provider))
            .toList();
    for (int i = 0; i < swaps; i++) {
      String to = i % 2 == 0 ? others.get(i / 2 % others.size()) : provider;
      PlainKernel.swap(system, SwapRequest.of(Tier.HEAP, to));
      work(blocks, BETWEEN);
    }
    if (!system.heap().provider().equals(provider)) { // an odd number
      PlainKernel.swap(system, SwapRequest.of(Tier.HEAP, provider));
    }
    blocks.refill(); // lodgers are another figure
  }

  private void work(Tenant.Blocks blocks, int count) {
    pairs(blocks, count / 2);
    replacements(blocks, count / 2);
  }

  private interface Work {
    void run(Tenant.Blocks blocks, int count);
  }

  private void pairs(Tenant.Blocks blocks, int count) {
    for (int i = 0; i < count; i++) {
      blocks.pair(BYTES);
    }
  }

  private void replacements(Tenant.Blocks blocks, int count) {
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(PLACES);
      blocks.give(place);
      blocks.take(place);
    }
  }

  /** {@return nanoseconds per operation, a rising figure per window} */
  private double[] measure(Tenant.Blocks blocks, Work work) {
    for (int i = 0; i < WARM; i++) {
      work.run(blocks, WINDOW);
    }
    double[] figures = new double[WINDOWS];
    for (int i = 0; i < WINDOWS; i++) {
      long start = threads.getCurrentThreadCpuTime();
      work.run(blocks, WINDOW);
      figures[i] = (double) (threads.getCurrentThreadCpuTime() - start) / WINDOW;
    }
    Arrays.sort(figures);
    return figures;
  }

  private void report(String work, double[] before, double[] after) {
    int middle = WINDOWS / 2;
    out.printf(
        Locale.ROOT,
        "%-6s %-8s %7.1f (%6.1f) %7.1f (%6.1f) %+7.0f%% %+7.0f%%%n",
        provider,
        work,
        before[0],
        before[middle],
        after[0],
        after[middle],
        100 * after[0] / before[0] - 100,
        100 * after[middle] / before[middle] - 100);
  }
}
