package verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameMover;
import physmem.api.FrameProvider;
import physmem.buddy.BuddyProvider;
import tck.Check;
import tck.Clause;
import tck.Contract;
import tck.Options;
import tck.Outcome;
import tck.Outcome.Verdict;
import tck.Runner;
import tck.Script;
import tck.Trial;
import tck.physmem.FrameKit;

/** The kit of page frames does what it says, seen on the buddy, which can do everything. */
class FrameKitTest {
  private static final Options OPTIONS = Options.USUAL.withEffort(0.1);

  // What no check of this kit can find, and why.
  private static final Map<String, String> UNCOVERED =
      Map.of("allocator.22", "needs a framework: verify starts and stops the bundle");

  private final FrameKit kit = new FrameKit();

  private static Script script(String ram, String... steps) {
    return new Script(Tier.PHYSMEM, Map.of("ram", ram, "cpus", "2"), List.of(steps));
  }

  @Test
  void shouldCoverEveryClauseOrSayWhyNot() {
    Set<String> covered = new TreeSet<>(UNCOVERED.keySet());
    for (Check check : kit.checks(new BuddyProvider())) {
      for (String clause : check.clauses()) {
        assertTrue(!UNCOVERED.containsKey(clause), clause);
        covered.add(clause);
      }
    }
    Set<String> all = new TreeSet<>();
    Contract.of(Tier.PHYSMEM).stream().map(Clause::id).forEach(all::add);
    assertEquals(all, covered);
  }

  /** Counts the blocks that owners have moved. */
  private static FrameProvider counting(AtomicLong moved) {
    Fault<FrameProvider> none =
        new Fault<>(
            "none",
            new BuddyProvider(),
            FrameProvider.class,
            () ->
                (real, method, arguments) ->
                    method.equals("compact")
                        ? real.call(arguments[0], counting((FrameMover) arguments[1], moved))
                        : real.call(arguments),
            Set.of());
    return none.faulty();
  }

  private static FrameMover counting(FrameMover owner, AtomicLong moved) {
    return (from, to, order) -> {
      boolean done = owner.move(from, to, order);
      moved.addAndGet(done ? 1 : 0);
      return done;
    };
  }

  @Test
  void shouldHaveBlocksMovedByCompaction() {
    AtomicLong moved = new AtomicLong();
    Check moves =
        kit.checks(counting(moved)).stream()
            .filter(check -> check.name().equals("physmem.moves"))
            .findFirst()
            .orElseThrow();
    Outcome outcome = Runner.run(moves, OPTIONS);
    assertEquals(Verdict.PASSED, outcome.verdict(), outcome::trace);
    assertTrue(moved.get() > 100, moved + " blocks were moved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "ragged", "high", "numa", "given", "linux"})
  void shouldMakeEveryKindOfCallKnown(String ram) {
    Trial trial = new Trial(OPTIONS);
    kit.play(
        new BuddyProvider(),
        script(
            ram,
            "a = allocate 0 3 1",
            "b = bulk 1 0 20",
            "c = at 0 300 40",
            "d = run 1 30 2 8 0 60",
            "free-part 0 c 10 5",
            "misuse 1 a",
            "bulk-free 0 b.1 b.2 b.3 b.4",
            "bulk-misuse 0 b.5 b.6 b.7",
            "thin 0 b 2",
            "release 1 b",
            "free-twice 0 d",
            "foreign 0 900 2",
            "wrong 1",
            "f = fill 0 4 1",
            "thin 0 f 3",
            "compact 6",
            "drain",
            "offline 50 60",
            "retire 700 20",
            "poison 900",
            "rehearse",
            "rebuild",
            "reduced 2000 30",
            "unfit",
            "check",
            "free 0 a"),
        trial);
    assertTrue(trial.facts() > 300, trial.facts() + " facts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fry 0", "a = fry 0 1", "a = allocate 0", "offline 3", "poison many"})
  void shouldSayWhatItDoesNotUnderstand(String step) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> kit.play(new BuddyProvider(), script("one", step), new Trial(OPTIONS)));
    assertTrue(String.valueOf(e.getMessage()).contains(step.split(" ")[0]) || step.contains("fry"));
  }

  @Test
  void shouldRaceBySeedAndEffort() {
    long sum = raced(OPTIONS);
    assertEquals(sum, raced(OPTIONS), "the same again");
    assertNotEquals(sum, raced(OPTIONS.withSeed(7)), "another seed");
    assertTrue(raced(OPTIONS.withEffort(0.2)) > sum + sum / 2, "twice the effort");
  }

  /** {@return a sum over what was asked for in a race} */
  private long raced(Options options) {
    AtomicLong sum = new AtomicLong();
    Fault<FrameProvider> none =
        new Fault<>(
            "none",
            new BuddyProvider(),
            FrameProvider.class,
            () ->
                (real, method, arguments) -> {
                  if (method.equals("allocate")) {
                    sum.addAndGet(((int) arguments[1] + 1) * ((int) arguments[2] + 1L));
                  }
                  return real.call(arguments);
                },
            Set.of());
    Check race =
        kit.checks(none.faulty()).stream()
            .filter(check -> check.name().equals("physmem.cpus"))
            .findFirst()
            .orElseThrow();
    Outcome outcome = Runner.run(race, options);
    assertEquals(Verdict.PASSED, outcome.verdict(), outcome::trace);
    return sum.get();
  }
}
