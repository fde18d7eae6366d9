package shell.cli;

import hardware.api.map.SanitisedMap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shell.text.BootLogText;
import shell.text.BuddyinfoText;
import shell.text.CheckText;
import shell.text.OutcomeText;
import shell.text.Sizes;
import shell.text.TiersText;
import shell.text.WalkText;
import workbench.ReplayOutcome;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;

/** {@code quarry tour}: the whole way from a firmware map to a replayed trace, explained. */
@Command(
    name = "tour",
    description =
        "Boots the machine, replays a real program's trace through three allocator tiers, and"
            + " shows what happened at each step.")
final class TourCommand implements Callable<Integer> {
  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;
  private final PrintStream out;

  TourCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
    this.out = terminal.out();
  }

  @Override
  public Integer call() throws Exception {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    boot.bundles.install(house.bundles());
    BootSpec spec = boot.spec(house.maps(), house.samples());
    boolean good = true;
    try (BootedSystem system = house.kernel().boot(spec)) {
      map(system);
      bootLog(system);
      tiers(system);
      good &= heap(system);
    }
    good &= replay(spec);
    head("What next");
    out.println("quarry                     the prompt: `help` lists the commands");
    out.println("quarry lint MAP            your own machine's map: dmesg, or /proc/iomem as root");
    out.println("quarry replay --map MAP --check TRACE...");
    out.println(good ? "The tour ended well." : "Something above went wrong.");
    return good ? 0 : 1;
  }

  private void head(String title) {
    out.println();
    out.println("== " + title);
  }

  private void map(BootedSystem system) {
    SanitisedMap map = system.machine().map();
    head("1. The firmware map: " + Path.of(system.firmwareMap().name()).getFileName());
    out.printf(
        Locale.ROOT,
        "%d entries became %d usable spans, %s; `quarry lint` shows every decision%n",
        system.firmwareMap().entries().size(),
        map.usable().size(),
        Sizes.bytes(map.usableBytes()));
    map.usable()
        .forEach(span ->
            out.printf(
                "  %s .. %s  %s%n",
                Sizes.address(span.start()), Sizes.address(span.end()), Sizes.bytes(span.size())));
  }

  private void bootLog(BootedSystem system) {
    head("2. Boot: from RAM to heap, each step with what the last one left");
    BootLogText.print(system.bootLog(), out);
  }

  private void tiers(BootedSystem system) {
    head("3. Three tiers, each a bundle that can be exchanged");
    TiersText.print(system.tiers(), system.machine().memory().pageBytes(), out);
    out.println();
    out.println("Free blocks by order, as /proc/buddyinfo has them:");
    BuddyinfoText.print(system.frames().zones(), out);
  }

  private boolean heap(BootedSystem system) {
    head("4. One block, down to the page table");
    try (var port = system.heap().open(0)) {
      long block = port.allocate(100);
      if (block == 0) {
        out.println("allocate(100): exhausted; this machine has too little RAM");
        return false;
      }
      system.heap().window().putLong(block, 0x5155415252590A00L);
      out.printf(
          "allocate(100) = %s, usable %d bytes, heap holds %s%n",
          Sizes.address(block), port.usableSize(block), Sizes.bytes(system.heap().footprint()));
      WalkText.print(system.kernelSpace(), block, out);
      long physical = system.kernelSpace().translate(block);
      long read = system.machine().memory().window().getLong(physical);
      out.printf("written through the heap, read from RAM: 0x%016x%n", read);
      port.free(block);
    }
    List<CheckLine> lines = system.check();
    return CheckText.print(lines, out);
  }

  private boolean replay(BootSpec spec) throws Exception {
    Path trace = house.samples().trace();
    head("5. A real program's trace: " + trace.getFileName());
    try (Progress progress = Progress.of(terminal, "replay")) {
      ReplayRequest request =
          new ReplayRequest(
              trace, Optional.empty(), spec, Warmup.NONE, true, false, Optional.empty(), progress);
      ReplayOutcome outcome = new TraceReplay(house.kernel()).run(request);
      progress.finish();
      OutcomeText.print(outcome, true, out);
      return outcome.good();
    }
  }
}
