package tck.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tck.Broken;
import tck.Check;
import tck.Options;
import tck.Outcome;
import tck.Outcome.Verdict;
import tck.Runner;
import tck.Script;
import tck.Trial;
import tck.heap.faults.Fault;
import tck.heap.faults.Faults;
import tck.heap.faults.NaiveProvider;

/**
 * The kit finds every fault that is known, says which clause is broken, and how to see it again.
 */
class FaultsTest {
  private static final long FIRST_SEED = 1;
  private static final int TRIES = 6; // a race is seen by luck
  private static final Options OPTIONS = limited(30); // long enough on a busy machine
  private static final Options FOR_HANGS = limited(3);

  private final HeapKit kit = new HeapKit();
  private final List<String> scripts = new ArrayList<>();

  private static Options limited(int seconds) {
    return new Options(FIRST_SEED, 0.1, Duration.ofSeconds(seconds), Options.USUAL.settings());
  }

  @Test
  void shouldFindEachFault() {
    List<String> missed = new ArrayList<>();
    for (Fault fault : Faults.all()) {
      List<Outcome> bad = new ArrayList<>();
      boolean found = false;
      for (int i = 0; i < TRIES && !found; i++) {
        found = found(fault, FIRST_SEED + i, bad);
      }
      if (!found) {
        missed.add("%s should break one of %s: %s".formatted(fault.name(), fault.clauses(), bad));
      }
    }
    assertEquals(List.of(), missed);
    assertTrue(scripts.size() > 25, scripts.toString());
  }

  // Checks until one finds it; those before may find something else that follows from it.
  private boolean found(Fault fault, long seed, List<Outcome> bad) {
    Options options = fault.clauses().isEmpty() ? FOR_HANGS : OPTIONS;
    for (Check check : kit.checks(fault.provider().get())) {
      Outcome outcome = Runner.run(check, options.withSeed(seed));
      if (!outcome.good()) {
        bad.add(outcome);
      }
      if (expected(fault, outcome)) {
        outcome.script().ifPresent(script -> requireAgain(fault, script, outcome));
        return true;
      }
    }
    return false;
  }

  private static boolean expected(Fault fault, Outcome outcome) {
    return fault.clauses().isEmpty()
        ? outcome.verdict() == Verdict.HUNG
        : outcome.clause().filter(fault.clauses()::contains).isPresent();
  }

  // As text and back, on a provider of its own.
  private void requireAgain(Fault fault, Script script, Outcome outcome) {
    Script read = Script.parse(fault.name(), script.text().lines().toList());
    Broken again =
        assertThrows(
            Broken.class,
            () -> kit.play(fault.provider().get(), read, new Trial(OPTIONS)),
            () -> fault.name() + ": " + script.text());
    assertEquals(outcome.clause().orElseThrow(), again.clause(), fault.name());
    kit.play(new NaiveProvider(), read, new Trial(OPTIONS)); // it is the fault, not the script
    scripts.add(fault.name());
  }

  @Test
  void shouldNameEachFaultOnce() {
    Set<String> names = new HashSet<>();
    Faults.all().forEach(each -> assertTrue(names.add(each.name()), each.name()));
  }
}
