package shell.cli;

import java.util.concurrent.Callable;
import kernel.api.BootedSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import shell.text.BootLogText;

/** {@code boot}: boots another machine in place of the running one. */
@Command(
    name = "boot",
    description = "Boots another machine in place of the running one, whose memory is lost.")
final class BootCommand implements Callable<Integer> {
  @Mixin final BootOptions boot = new BootOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  BootCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    boot.bundles.install(house.bundles());
    BootedSystem system = house.kernel().start(boot.spec(house.maps(), house.samples()));
    BootLogText.print(system.bootLog(), terminal.out());
    return 0;
  }
}
