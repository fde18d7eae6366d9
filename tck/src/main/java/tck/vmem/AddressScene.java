package tck.vmem;

import allocator.api.AllocatorException;
import allocator.api.MisuseException;
import allocator.api.TierVacantException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import tck.Broken;
import tck.Script;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/**
 * Where a script plays: the engine, the arenas and ranges that it has by name, and how calls are
 * made that may fail because the source below does. For one thread.
 */
final class AddressScene {
  private final AddressProvider provider;

  /** Counts the facts. */
  final Trial trial;

  /** What the engine stands on. */
  final AddressGround ground;

  /** The arenas that are not closed, in the order in which they were made. */
  final Map<String, ArenaModel> arenas = new LinkedHashMap<>();

  /** The live ranges by the names that the script gave them. */
  final Map<String, AddressRange> named = new HashMap<>();

  /** The engine, another one after each transfer. */
  AddressEngine engine;

  /** Whether there was a next fit, whose place in an arena may hold a span and part free ranges. */
  boolean nextFit;

  private boolean failing;

  AddressScene(AddressProvider provider, Script script, Trial trial) {
    this.provider = provider;
    this.trial = trial;
    this.ground =
        new AddressGround(
            Integer.parseInt(script.given("cpus", "2")),
            script.given("spans", "apart").equals("touch"));
    this.engine = open();
  }

  /** {@return another engine, which must hold nothing} */
  AddressEngine open() {
    AddressEngine opened = provider.open(ground, trial.options().settings());
    trial.require(
        "vmem.1",
        opened.arenas().isEmpty() && opened.census().liveCount() == 0,
        () -> "a new engine has arenas: " + opened.arenas());
    return opened;
  }

  /** {@return the arena of a name that is not closed} */
  Optional<ArenaModel> known(String name) {
    return Optional.ofNullable(arenas.get(name));
  }

  /** {@return the CPU that a word of a script means} */
  int cpu(String word) {
    return (int) (Long.parseLong(word) % ground.cpus());
  }

  /** {@return whether a call of the source is still to fail} */
  boolean failing() {
    return failing;
  }

  /** Lets the source fail. */
  void fail(AddressGround.Failure how, long in) {
    ground.failure = how;
    ground.failIn = Math.max(1, in);
    failing = true;
  }

  /** Lets the source work. */
  void noFailure() {
    ground.failIn = 0;
    failing = false;
  }

  /** {@return what a request is answered with; NONE if it passed a failure below through} */
  long asked(LongSupplier call) {
    long[] answer = {AddressArena.NONE};
    done("allocator.19", () -> answer[0] = call.getAsLong());
    return answer[0];
  }

  /**
   * Makes a call that may throw only what the source below threw.
   *
   * @param clause what is broken if it throws anything else
   */
  void done(String clause, Runnable call) {
    long calls = ground.calls;
    try {
      call.run();
    } catch (TierVacantException | IllegalStateException e) {
      if (!failing || ground.calls == calls) {
        throw Broken.by(clause, "a call threw what it must not", e);
      }
      failing = ground.failIn > 0;
    } catch (AllocatorException | IllegalArgumentException e) {
      throw Broken.by(clause, "a call threw what it must not", e);
    }
  }

  /** Makes a call that must be refused as misuse. */
  void refused(String clause, String what, Runnable call) {
    try {
      call.run();
    } catch (MisuseException | IllegalArgumentException e) {
      trial.fact();
      return;
    } catch (RuntimeException e) {
      throw Broken.by(clause, what, e);
    }
    throw new Broken(clause, what + " was accepted");
  }

  /** Closes an engine, twice. */
  void ended(AddressEngine gone) {
    done(
        "allocator.17",
        () -> {
          gone.close();
          gone.close();
        });
  }
}
