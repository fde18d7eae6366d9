package tck.vmem;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Scripts;
import tck.Trial;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** What providers of the vmem tier are held to. */
public final class AddressKit implements Kit {
  private static final int RANDOM_SCRIPTS = 40;
  private static final int RANDOM_CALLS = 250;
  private static final int FAULT_CALLS = 100;
  private static final int MOST_FAULTS = 60;
  private static final List<String> ALWAYS =
      List.of(
          "allocator.3",
          "allocator.5",
          "allocator.6",
          "allocator.7",
          "allocator.8",
          "allocator.9",
          "allocator.10",
          "allocator.11",
          "allocator.17",
          "allocator.19",
          "vmem.1",
          "vmem.2",
          "vmem.3",
          "vmem.5",
          "vmem.7",
          "vmem.8",
          "vmem.9",
          "vmem.18",
          "vmem.19",
          "vmem.20",
          "vmem.21",
          "vmem.22",
          "vmem.23",
          "vmem.24",
          "vmem.25",
          "vmem.28");

  /** Makes the kit. */
  public AddressKit() {}

  @Override
  public Tier tier() {
    return Tier.VMEM;
  }

  @Override
  public Class<AddressProvider> type() {
    return AddressProvider.class;
  }

  @Override
  public void play(AllocatorProvider provider, Script script, Trial trial) {
    new AddressPlayer((AddressProvider) provider, script, trial).run();
  }

  @Override
  public List<Check> checks(AllocatorProvider provider) {
    AddressProvider addresses = (AddressProvider) provider;
    AddressRace race = new AddressRace(addresses);
    AddressTrials trials = new AddressTrials(addresses);
    return List.of(
        new Check(
            "vmem.open",
            List.of("allocator.1", "allocator.2", "allocator.4", "vmem.1"),
            trials::open),
        new Check(
            "vmem.full",
            with("vmem.6", "vmem.10", "vmem.11", "vmem.14", "vmem.15", "vmem.16"),
            trial -> full(addresses, trial)),
        new Check(
            "vmem.sizes",
            with("vmem.6", "vmem.10", "vmem.11", "vmem.12", "vmem.13", "vmem.15", "vmem.16"),
            trial -> sizes(addresses, trial)),
        new Check(
            "vmem.random",
            with(
                "vmem.6", "vmem.10", "vmem.12", "vmem.13", "vmem.15", "vmem.16", "vmem.17",
                "vmem.26", "vmem.27"),
            trial -> random(addresses, trial, false, engine -> List.of())),
        new Check(
            "vmem.transfer",
            with(
                "allocator.12",
                "allocator.13",
                "allocator.14",
                "allocator.15",
                "allocator.16",
                "vmem.4"),
            trial -> random(addresses, trial, false, AddressKit::transfers)),
        new Check("vmem.below", with("vmem.26", "vmem.27"), trial -> below(addresses, trial)),
        new Check("vmem.cpus", List.of("allocator.18", "allocator.23"), race::fixed),
        new Check("vmem.cpus-import", List.of("allocator.18", "allocator.23"), race::importing),
        new Check("vmem.cpus-tree", List.of("allocator.18", "allocator.23"), race::tree),
        new Check("vmem.apart", List.of("allocator.20"), trials::apart),
        new Check("vmem.relieved", List.of("allocator.21"), trials::relieved));
  }

  private static List<String> with(String... more) {
    List<String> clauses = new ArrayList<>(ALWAYS);
    clauses.addAll(List.of(more));
    return clauses;
  }

  private void full(AddressProvider addresses, Trial trial) {
    for (String place : List.of("low", "kernel", "end")) {
      for (long quantum : new long[] {1, 4096, 2L << 20}) {
        if (quantum > 1 || !place.equals("end")) { // -1 is no address
          Scripts.play(this, addresses, AddressScripts.full(place, quantum), trial);
        }
      }
    }
  }

  private void sizes(AddressProvider addresses, Trial trial) {
    for (String place : List.of("zero", "low", "kernel")) {
      for (long quantum : new long[] {1, 64, 4096, 2L << 20}) {
        Scripts.play(this, addresses, AddressScripts.sizes(place, quantum), trial);
      }
    }
  }

  private void random(
      AddressProvider addresses,
      Trial trial,
      boolean below,
      Function<AddressEngine, List<String>> transfers) {
    AddressEngine probe = addresses.open(new AddressGround(1, false), trial.options().settings());
    List<String> kinds = transfers.apply(probe);
    probe.close();
    Random random = new Random(trial.options().seed());
    for (int i = trial.options().times(RANDOM_SCRIPTS); i > 0; i--) {
      Scripts.play(
          this, addresses, AddressScripts.random(random, RANDOM_CALLS, below, kinds), trial);
    }
  }

  private static List<String> transfers(AddressEngine engine) {
    List<String> steps = new ArrayList<>(List.of("rebuild", "rehearse"));
    TransferSteps.forms(engine).forEach(form -> steps.add("adopt " + form));
    return steps;
  }

  // Each call of the source fails once, in each way; of very many, some.
  private void below(AddressProvider addresses, Trial trial) {
    Random random = new Random(trial.options().seed());
    Script script = AddressScripts.random(random, FAULT_CALLS, true, List.of());
    List<String> plain =
        script.steps().stream()
            .filter(step -> !step.matches("(refuse|vacant|broken|check).*"))
            .toList();
    AddressPlayer player = new AddressPlayer(addresses, script.withSteps(plain), trial);
    player.run();
    long calls = Math.max(1, player.callsBelow());
    int most = trial.options().times(MOST_FAULTS);
    for (int i = 0; i < Math.min(calls, most); i++) {
      long at = calls <= most ? i + 1 : 1 + random.nextLong(calls);
      for (String how : List.of("refuse", "vacant", "broken")) {
        List<String> steps = new ArrayList<>(List.of(how + " " + at));
        steps.addAll(plain);
        Scripts.play(this, addresses, script.withSteps(steps), trial);
      }
    }
    random(addresses, trial, true, engine -> List.of());
  }
}
