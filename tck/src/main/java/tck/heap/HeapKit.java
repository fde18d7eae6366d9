package tck.heap;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Scripts;
import tck.Skipped;
import tck.Trial;

/** What providers of the heap tier are held to. */
public final class HeapKit implements Kit {
  private static final int RANDOM_SCRIPTS = 40;
  private static final int RANDOM_CALLS = 400;
  private static final int FAULT_CALLS = 120;
  private static final int MOST_FAULTS = 60;
  private static final List<String> ALWAYS =
      List.of(
          "allocator.5",
          "allocator.6",
          "allocator.7",
          "allocator.8",
          "allocator.9",
          "allocator.10",
          "allocator.11",
          "allocator.17",
          "allocator.19",
          "heap.3",
          "heap.4",
          "heap.5",
          "heap.6",
          "heap.20",
          "heap.22",
          "heap.23");

  /** Makes the kit. */
  public HeapKit() {}

  @Override
  public Tier tier() {
    return Tier.HEAP;
  }

  @Override
  public Class<HeapProvider> type() {
    return HeapProvider.class;
  }

  @Override
  public void play(AllocatorProvider provider, Script script, Trial trial) {
    new HeapPlayer((HeapProvider) provider, script, trial).run();
  }

  @Override
  public List<Check> checks(AllocatorProvider provider) {
    HeapProvider heaps = (HeapProvider) provider;
    HeapTrials trials = new HeapTrials(heaps);
    List<Check> checks = new ArrayList<>();
    checks.add(
        new Check(
            "heap.open",
            List.of(
                "allocator.1",
                "allocator.2",
                "allocator.3",
                "allocator.4",
                "allocator.17",
                "heap.1",
                "heap.2"),
            trials::open));
    checks.add(scripted("heap.sizes", List.of("heap.13"), heaps, HeapScripts.sizes()));
    checks.add(scripted("heap.empty", List.of("heap.7"), heaps, HeapScripts.empty()));
    checks.add(scripted("heap.aligned", List.of("heap.11"), heaps, HeapScripts.aligned()));
    checks.add(scripted("heap.zeroed", List.of("heap.10"), heaps, HeapScripts.zeroed()));
    checks.add(scripted("heap.misuse", List.of("heap.8", "heap.17"), heaps, HeapScripts.misuse()));
    checks.add(
        new Check(
            "heap.exhaustion",
            List.of("heap.9", "heap.12", "heap.14"),
            trial -> {
              for (long bytes : new long[] {64, 700, 5000, 60_000, 600_000}) {
                play(heaps, HeapScripts.exhaustion(bytes), trial);
              }
              trials.recovery(trial);
            }));
    checks.add(
        new Check(
            "heap.limit",
            List.of("heap.24"),
            trial -> {
              play(heaps, HeapScripts.limit(), trial);
              trials.limit(trial);
            }));
    checks.add(new Check("heap.reuse", List.of("heap.16", "heap.21", "heap.28"), trials::reuse));
    checks.add(
        new Check(
            "heap.random",
            with("heap.12", "heap.13", "heap.14", "heap.15", "heap.17", "heap.18", "heap.19"),
            trial -> random(heaps, trial, false, engine -> List.of())));
    checks.add(
        new Check(
            "heap.transfer",
            with("allocator.12", "allocator.13", "allocator.14", "allocator.15", "allocator.16"),
            trial -> random(heaps, trial, false, HeapKit::transfers)));
    checks.add(
        new Check("heap.below", List.of("heap.26", "heap.27"), trial -> below(heaps, trial)));
    checks.add(new Check("heap.caches", List.of("heap.25"), trials::caches));
    checks.add(
        new Check("heap.cpus", List.of("allocator.18", "allocator.23"), new HeapRace(heaps)::run));
    checks.add(new Check("heap.explain", List.of("heap.29"), new HeapForesight(heaps)::run));
    checks.add(new Check("heap.relieved", List.of("allocator.21"), trials::relieved));
    checks.add(new Check("heap.apart", List.of("allocator.20"), trials::apart));
    return checks;
  }

  private static List<String> with(String... more) {
    List<String> clauses = new ArrayList<>(ALWAYS);
    clauses.addAll(List.of(more));
    return clauses;
  }

  private Check scripted(String name, List<String> clauses, HeapProvider heaps, Script script) {
    return new Check(
        name, with(clauses.toArray(String[]::new)), trial -> play(heaps, script, trial));
  }

  private void play(HeapProvider heaps, Script script, Trial trial) {
    Scripts.play(this, heaps, script, trial);
  }

  private void random(
      HeapProvider heaps,
      Trial trial,
      boolean below,
      Function<HeapEngine, List<String>> transfers) {
    HeapEngine probe = heaps.open(new HeapGround(1 << 20, 1), trial.options().settings());
    List<String> kinds = transfers.apply(probe);
    probe.close();
    Random random = new Random(trial.options().seed());
    for (int i = trial.options().times(RANDOM_SCRIPTS); i > 0; i--) {
      play(heaps, HeapScripts.random(random, RANDOM_CALLS, below, kinds), trial);
    }
  }

  private static List<String> transfers(HeapEngine engine) {
    List<String> steps = new ArrayList<>(List.of("rebuild", "rehearse"));
    HeapPlayer.forms(engine).forEach(form -> steps.add("adopt " + form));
    return steps;
  }

  // Each call below fails once, in each way; of very many, some.
  private void below(HeapProvider heaps, Trial trial) {
    Random random = new Random(trial.options().seed());
    Script script = HeapScripts.random(random, FAULT_CALLS, false, List.of());
    play(heaps, script, trial);
    long calls = HeapTrials.callsBelow(heaps, script, trial);
    if (calls == 0) {
      throw new Skipped("it called nothing below");
    }
    int most = trial.options().times(MOST_FAULTS);
    for (int i = 0; i < Math.min(calls, most); i++) {
      long at = calls <= most ? i + 1 : 1 + random.nextLong(calls);
      for (String how : List.of("refuse", "vacant", "broken")) {
        List<String> steps = new ArrayList<>(List.of(how + " " + at));
        steps.addAll(script.steps().stream().filter(step -> !step.equals("check")).toList());
        play(heaps, script.withSteps(steps), trial);
      }
    }
    random(heaps, trial, true, engine -> List.of());
  }
}
