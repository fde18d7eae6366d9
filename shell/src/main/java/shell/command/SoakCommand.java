package shell.command;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import heap.api.HeapPort;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Kernel;
import kernel.api.LodgingStatus;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.TierStatus;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.CheckText;
import shell.text.LoadText;
import shell.text.SoakText;
import trace.TraceException;
import workbench.load.Load;
import workbench.load.LoadSpec;
import workbench.load.LoadStatus;

/** The command {@code soak}: one exchange after the other under a load that verifies. */
@Component(
    service = SoakCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=soak"})
public final class SoakCommand {
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public SoakCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Exchanges providers for a while.
   *
   * @param session the prompt
   * @param words the options
   * @throws IllegalStateException if anything went wrong or is left, so that a script fails
   */
  @Descriptor(
      "soak [--seconds N] [--seed S] [--threads N] [--chain TIER A B COUNT]: random exchanges in"
          + " all tiers, or a chain in one, under a load that verifies; checks everything")
  public void soak(CommandSession session, @Descriptor("options") String... words)
      throws TraceException {
    Words.require(words, 0, Integer.MAX_VALUE, SoakOptions.USAGE);
    SoakOptions options = SoakOptions.parse(Arrays.asList(words));
    new Soak(kernel, Running.of(kernel), options, session.getConsole()).run();
  }

  /** One run. */
  private static final class Soak {
    private final Kernel kernel;
    private final BootedSystem system;
    private final SoakOptions options;
    private final PrintStream out;
    private final SplittableRandom random;
    private final List<SwapRecord> records = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final long before; // blocks that are no business of ours
    private int unplanned; // number of the last record that was looked at
    private int checks;
    private long nextCheck = System.nanoTime() + CHECK_NANOS;

    Soak(Kernel kernel, BootedSystem system, SoakOptions options, PrintStream out) {
      this.kernel = kernel;
      this.system = system;
      this.options = options;
      this.out = out;
      this.random = new SplittableRandom(options.seed());
      this.before = system.heap().census().liveCount();
      this.unplanned = system.swaps().stream().mapToInt(SwapRecord::number).max().orElse(0);
    }

    void run() throws TraceException {
      LoadSpec spec = LoadSpec.DEFAULT.withThreads(options.threads()).withSeed(options.seed());
      out.printf("soak with seed %d, %d threads%n", options.seed(), options.threads());
      LoadStatus status;
      try (Load load = Load.start(system, spec)) {
        exchanges();
        status = load.stop();
      }
      try (HeapPort port = system.heap().open(0)) {
        port.trim(0);
      }
      check();
      lookAtUnplanned();
      report(status);
    }

    private void exchanges() {
      if (options.chain().isPresent()) {
        chain(options.chain().get());
      } else {
        atRandom(System.nanoTime() + TimeUnit.SECONDS.toNanos(options.seconds()));
      }
    }

    private void chain(SoakOptions.Chain chain) {
      if (!status(chain.tier()).provider().equals(chain.first())) {
        swap(chain.tier(), chain.first());
      }
      for (long i = 0; i < chain.count(); i++) {
        swap(chain.tier(), i % 2 == 0 ? chain.second() : chain.first());
      }
    }

    private void atRandom(long end) {
      List<Tier> tiers =
          Arrays.stream(Tier.values()).filter(tier -> !others(tier).isEmpty()).toList();
      if (tiers.isEmpty()) {
        throw new IllegalStateException("no tier has a second provider to swap to; see providers");
      }
      while (System.nanoTime() - end < 0) {
        Tier tier = tiers.get(random.nextInt(tiers.size()));
        List<String> others = others(tier);
        if (others.isEmpty()) {
          throw new IllegalStateException("no other provider is left in " + tier.label());
        }
        swap(tier, others.get(random.nextInt(others.size())));
      }
    }

    private List<String> others(Tier tier) {
      TierStatus now = status(tier);
      return kernel.providers(tier).stream()
          .filter(info -> kernel.quarantined(info).isEmpty())
          .filter(
              info -> !info.bundle().equals(now.bundle()) || !info.version().equals(now.version()))
          .map(Soak::named)
          .toList();
    }

    private TierStatus status(Tier tier) {
      return system.tiers().stream()
          .filter(status -> status.tier() == tier)
          .findFirst()
          .orElseThrow();
    }

    private static String named(ProviderInfo info) {
      return info.name() + "@" + info.version();
    }

    private void swap(Tier tier, String to) {
      if (Thread.interrupted()) {
        throw new CancellationException("interrupted after " + records.size() + " exchanges");
      }
      SwapRecord record =
          system.swap(new SwapRequest(tier, to, false, false, "soak, seed " + options.seed()));
      records.add(record);
      if (record.done() && !agree(record.before(), record.after())) {
        faults.add("the censuses of exchange " + record.number() + " differ");
      }
      if (System.nanoTime() - nextCheck >= 0) {
        check();
        lookAtUnplanned();
        nextCheck = System.nanoTime() + CHECK_NANOS;
      }
    }

    private static boolean agree(CensusSummary one, CensusSummary other) {
      return one.liveCount() == other.liveCount()
          && one.liveUnits() == other.liveUnits()
          && one.checksum() == other.checksum();
    }

    private void check() {
      List<CheckLine> lines = system.check();
      checks++;
      if (!lines.stream().allMatch(CheckLine::good)) {
        CheckText.print(lines, out);
        faults.add("check " + checks + " failed");
      }
    }

    // Exchanges that nobody asked for mean that a provider failed or left.
    private void lookAtUnplanned() {
      for (SwapRecord record : system.swaps()) {
        if (record.number() > unplanned && record.cause() != SwapCause.COMMAND) {
          records.add(record);
          faults.add(
              "exchange %d: %s, %s"
                  .formatted(record.number(), record.cause().label(), record.who()));
        }
        unplanned = Math.max(unplanned, record.number());
      }
    }

    private void report(LoadStatus status) {
      SoakText.exchanges(records, out);
      LoadText.print(status, out);
      List<LodgingStatus> lodgings = system.lodgings();
      long left = system.heap().census().liveCount() - before;
      SoakText.rest(left, lodgings, system.frameUsage(), out);
      long calledOff = records.stream().filter(record -> !record.done()).count();
      long lodgers = lodgings.stream().mapToLong(LodgingStatus::blocks).sum();
      complain(calledOff > 0, calledOff + " exchanges were called off");
      complain(!status.good(), "the load failed");
      complain(left != 0 || lodgers > before, "blocks or lodgers are left");
      if (!faults.isEmpty()) {
        throw new IllegalStateException(
            "the soak with seed %d failed: %s"
                .formatted(options.seed(), String.join("; ", faults)));
      }
      out.printf("%d exchanges and %d checks, all good%n", records.size(), checks);
    }

    private void complain(boolean when, String text) {
      if (when) {
        faults.add(text);
      }
    }
  }
}
