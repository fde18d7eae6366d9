package tck.physmem;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;
import tck.Broken;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Scripts;
import tck.Trial;

/** What providers of the physmem tier are held to. */
public final class FrameKit implements Kit {
  private static final int RANDOM_SCRIPTS = 30;
  private static final int RANDOM_CALLS = 400;
  private static final int RACE_CALLS = 40_000; // of each thread
  private static final int LEAST_RACE = 2_000;
  private static final List<String> ALWAYS =
      List.of(
          "allocator.2",
          "allocator.3",
          "allocator.4",
          "allocator.5",
          "allocator.6",
          "allocator.7",
          "allocator.8",
          "allocator.9",
          "allocator.10",
          "allocator.11",
          "allocator.17",
          "allocator.19",
          "physmem.1",
          "physmem.2",
          "physmem.3",
          "physmem.4",
          "physmem.5",
          "physmem.6",
          "physmem.16",
          "physmem.17",
          "physmem.18",
          "physmem.23");

  /** Makes the kit. */
  public FrameKit() {}

  @Override
  public Tier tier() {
    return Tier.PHYSMEM;
  }

  @Override
  public Class<FrameProvider> type() {
    return FrameProvider.class;
  }

  @Override
  public void play(AllocatorProvider provider, Script script, Trial trial) {
    new FramePlayer((FrameProvider) provider, script, trial).run();
  }

  @Override
  public List<Check> checks(AllocatorProvider provider) {
    FrameProvider frames = (FrameProvider) provider;
    FrameTrials trials = new FrameTrials(frames);
    return List.of(
        new Check(
            "physmem.open",
            List.of("allocator.1", "allocator.2", "allocator.4", "physmem.1"),
            trials::open),
        new Check(
            "physmem.orders",
            with("physmem.7", "physmem.8", "physmem.9", "physmem.10", "physmem.11", "physmem.12"),
            trial -> onEach(frames, trial, FrameScripts::orders)),
        new Check(
            "physmem.runs",
            with("physmem.12", "physmem.13", "physmem.14", "physmem.15"),
            trial -> onEach(frames, trial, FrameScripts::runs)),
        new Check(
            "physmem.exhaustion",
            with("physmem.8"),
            trial -> onSome(frames, trial, FrameScripts::exhaustion)),
        new Check("physmem.recovery", List.of("physmem.8", "physmem.16"), trials::recovery),
        new Check(
            "physmem.moves",
            with("physmem.8", "physmem.19", "physmem.20", "physmem.21"),
            trial -> onSome(frames, trial, FrameScripts::moves)),
        new Check(
            "physmem.reduced",
            with(
                "allocator.14",
                "allocator.15",
                "allocator.16",
                "allocator.21",
                "physmem.8",
                "physmem.20",
                "physmem.21",
                "physmem.22",
                "physmem.24"),
            trial -> onSome(frames, trial, FrameScripts::reduced)),
        new Check(
            "physmem.random",
            with(
                "physmem.8",
                "physmem.9",
                "physmem.10",
                "physmem.11",
                "physmem.12",
                "physmem.13",
                "physmem.14",
                "physmem.15",
                "physmem.19",
                "physmem.20",
                "physmem.21",
                "physmem.22"),
            trial -> random(frames, trial, engine -> List.of())),
        new Check(
            "physmem.transfer",
            with(
                "allocator.12",
                "allocator.13",
                "allocator.14",
                "allocator.15",
                "allocator.16",
                "allocator.21",
                "physmem.24"),
            trial -> random(frames, trial, FrameKit::transfers)),
        new Check("physmem.poison", List.of("physmem.22"), trials::poison),
        new Check(
            "physmem.cpus",
            List.of("allocator.3", "allocator.4", "allocator.18", "allocator.23"),
            trial -> race(frames, trial)),
        new Check("physmem.apart", List.of("allocator.20"), trials::apart));
  }

  private static List<String> with(String... more) {
    List<String> clauses = new ArrayList<>(ALWAYS);
    clauses.addAll(List.of(more));
    return clauses;
  }

  private void onEach(FrameProvider frames, Trial trial, Function<String, Script> script) {
    for (String ram : FrameScripts.GROUNDS) {
      Scripts.play(this, frames, script.apply(ram), trial);
    }
  }

  // Long scripts: on all grounds with all effort, else on the first and those that the seed picks.
  private void onSome(FrameProvider frames, Trial trial, Function<String, Script> script) {
    List<String> others =
        new ArrayList<>(FrameScripts.GROUNDS.subList(1, FrameScripts.GROUNDS.size()));
    Collections.shuffle(others, new Random(trial.options().seed()));
    int more = Math.clamp(trial.options().times(others.size()), 1, others.size());
    Scripts.play(this, frames, script.apply(FrameScripts.GROUNDS.getFirst()), trial);
    others.subList(0, more).forEach(ram -> Scripts.play(this, frames, script.apply(ram), trial));
  }

  private void random(
      FrameProvider frames, Trial trial, Function<FrameEngine, List<String>> transfers) {
    FrameEngine probe = frames.open(FrameGround.named("one", 1), trial.options().settings());
    List<String> kinds = transfers.apply(probe);
    probe.close();
    Random random = new Random(trial.options().seed());
    for (int i = trial.options().times(RANDOM_SCRIPTS); i > 0; i--) {
      String ram = FrameScripts.GROUNDS.get(random.nextInt(FrameScripts.GROUNDS.size()));
      Scripts.play(this, frames, FrameScripts.random(random, ram, RANDOM_CALLS, kinds), trial);
    }
  }

  private static List<String> transfers(FrameEngine engine) {
    List<String> steps = new ArrayList<>(List.of("rebuild", "rehearse", "reduced 999 70"));
    FrameTransfers.forms(engine).forEach(form -> steps.add("adopt " + form));
    return steps;
  }

  private static void race(FrameProvider frames, Trial trial) throws InterruptedException {
    try {
      int steps = Math.max(LEAST_RACE, trial.options().times(RACE_CALLS));
      new FrameRace(
              context -> frames.open(context, trial.options().settings()),
              trial.options().seed(),
              steps)
          .run(1);
      trial.fact();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Broken broken) {
        throw broken;
      }
      throw Broken.by("allocator.18", "four threads at once", e);
    } catch (AssertionError e) {
      throw Broken.by("allocator.18", "after four threads at once", e);
    }
  }
}
