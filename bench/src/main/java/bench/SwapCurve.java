package bench;

import allocator.api.Tier;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;

/**
 * How long clients wait for a swap, by the number of live ranges: every ordered pair of providers
 * of every tier, on the real kernel, with client threads at work.
 */
final class SwapCurve {
  private static final String USAGE =
      "swap [--tiers heap,vmem,physmem] [--live 10000,100000,1000000] [--rounds N] [--warmup N]"
          + " [--json FILE]";
  private static final int CLIENTS = 2;
  private static final long SMALL_RAM = 2L << 30;
  private static final long LARGE_RAM = 64L << 30; // the goal for frames names this size
  private static final long ARENA_BASE = 0xffff_c900_0000_0000L;
  private static final long ARENA_BYTES = 32L << 40;
  private static final long PAGE = 4096;
  private static final long LEAST_ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long MOST_ALONE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PrintStream out;
  private final List<SwapSamples> results = new ArrayList<>();
  private List<Tier> tiers = List.of(Tier.HEAP, Tier.VMEM, Tier.PHYSMEM);
  private int[] lives = {10_000, 100_000, 1_000_000};
  private int rounds = 20;
  private int warmup = 5;
  private Optional<Path> json = Optional.empty();
  private long aloneNanos = LEAST_ALONE_NANOS; // as long as the last swap took

  private SwapCurve(PrintStream out) {
    this.out = out;
  }

  static void main(String[] args) throws IOException {
    SwapCurve run = new SwapCurve(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    run.parse(args);
    run.all();
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + ": usage: " + USAGE);
      }
      option(args[i], args[i + 1]);
    }
  }

  private void option(String name, String value) {
    switch (name) {
      case "--tiers" ->
          tiers =
              Arrays.stream(value.split(","))
                  .map(tier -> Tier.valueOf(tier.toUpperCase(Locale.ROOT)))
                  .toList();
      case "--live" ->
          lives = Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--warmup" -> warmup = Integer.parseInt(value);
      case "--json" -> json = Optional.of(Path.of(value));
      default -> throw new IllegalArgumentException(name + ": usage: " + USAGE);
    }
  }

  private void all() throws IOException {
    out.println(
        "pause: how long the gate was closed (least, median, most), longest: a swap's longest call,"
            + " ms;");
    out.println(
        "alone: the same for as long without a swap; p50 to max: all calls that overlapped");
    out.println("a swap, us; swap: from the wish to the end, ms. Medians of k swaps if not said.");
    out.println(SwapSamples.HEADING);
    for (Tier tier : tiers) {
      for (int live : lives) {
        curve(PlainKernel.create(), tier, live); // with nobody quarantined
      }
    }
    growth();
    if (json.isPresent()) {
      JsonArray array = new JsonArray();
      results.forEach(samples -> array.add(samples.json()));
      Files.writeString(
          json.get(), new GsonBuilder().setPrettyPrinting().create().toJson(array) + "\n");
    }
  }

  private void curve(Kernel kernel, Tier tier, int live) {
    long ram = tier == Tier.PHYSMEM ? LARGE_RAM : SMALL_RAM;
    try (BootedSystem system = kernel.boot(BootSpec.of(PlainKernel.ram(ram)));
        SwapClients clients = new SwapClients(tenants(system, tier, live))) {
      clients.refill();
      List<String> names = kernel.providers(tier).stream().map(ProviderInfo::name).toList();
      for (int i = 0; i < names.size(); i++) {
        for (int j = i + 1; j < names.size(); j++) {
          toAndFro(
              system,
              clients,
              new SwapSamples(tier, names.get(i), names.get(j), live),
              new SwapSamples(tier, names.get(j), names.get(i), live),
              names.get(i),
              names.get(j));
        }
      }
      clients.leave();
    }
  }

  private static List<Tenant> tenants(BootedSystem system, Tier tier, int live) {
    return switch (tier) {
      case HEAP ->
          IntStream.range(0, CLIENTS)
              .mapToObj(cpu -> (Tenant) new Tenant.Blocks(system, live / CLIENTS, cpu))
              .toList();
      case VMEM -> {
        AddressArena arena = system.addresses().createArena(ArenaSpec.of("bench", PAGE));
        arena.addSpan(ARENA_BASE, ARENA_BYTES);
        yield List.of(new Tenant.Ranges(arena, live, 0));
      }
      case PHYSMEM -> List.of(new Tenant.Frames(system, live, 0));
    };
  }

  private void toAndFro(
      BootedSystem system,
      SwapClients clients,
      SwapSamples there,
      SwapSamples back,
      String first,
      String second) {
    swap(system, there.tier(), first);
    for (int round = -warmup; round < rounds; round++) {
      once(system, clients, second, there, round >= 0);
      once(system, clients, first, back, round >= 0);
    }
    for (SwapSamples samples : List.of(there, back)) {
      results.add(samples);
      out.println(samples.lines());
    }
  }

  // Forced: a provider that took too long once is quarantined.
  private static SwapRecord swap(BootedSystem system, Tier tier, String to) {
    return system.swap(new SwapRequest(tier, to, false, true, "bench"));
  }

  private void once(
      BootedSystem system, SwapClients clients, String to, SwapSamples into, boolean counts) {
    if (into.tier() == Tier.HEAP) {
      clients.refill(); // or what former rounds left would be lodgers, which cost a swap nothing
    }
    SwapClients.Calls[] seen = new SwapClients.Calls[1];
    long[] nanos = new long[1];
    SwapRecord record =
        clients.during(
            aloneNanos,
            () -> {
              long start = System.nanoTime();
              SwapRecord made = swap(system, into.tier(), to);
              nanos[0] = System.nanoTime() - start;
              return made;
            },
            calls -> seen[0] = calls);
    aloneNanos = Math.clamp(nanos[0], LEAST_ALONE_NANOS, MOST_ALONE_NANOS);
    if (!record.done()) {
      into.calledOff(record);
    } else if (counts) {
      into.add(record, seen[0]);
    }
  }

  private void growth() {
    int least = Arrays.stream(lives).min().orElse(0);
    int most = Arrays.stream(lives).max().orElse(0);
    out.printf(Locale.ROOT, "%ngrowth of the pause from %,d to %,d live%n", least, most);
    for (SwapSamples few : results) {
      results.stream()
          .filter(many -> few.live() == least && many.live() == most)
          .filter(many -> few.tier() == many.tier() && few.pair().equals(many.pair()))
          .filter(many -> !few.isEmpty() && !many.isEmpty())
          .forEach(many -> growth(few, many));
    }
  }

  private void growth(SwapSamples few, SwapSamples many) {
    out.printf(
        Locale.ROOT,
        "%-7s %-15s median %+.0f %%, least %+.0f %%%n",
        few.tier().label(),
        few.pair(),
        100.0 * many.medianPause() / few.medianPause() - 100,
        100.0 * many.leastPause() / few.leastPause() - 100);
  }
}
