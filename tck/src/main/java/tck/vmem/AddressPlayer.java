package tck.vmem;

import java.util.List;
import tck.Script;
import tck.Trial;
import vmem.api.AddressProvider;

/**
 * Makes the calls of a script on an address engine, with sorted maps of spans and ranges beside it
 * that know what must come back. Sizes are in quanta of the arena.
 *
 * <pre>
 *  given cpus N         given spans apart|touch  whether imported spans touch
 *  A = arena QUANTUM KIND [CACHED]           KIND is fixed or identifier, filled by hand; import,
 *                                            from the source below; or from:B, from another arena
 *  span A PLACE UNITS                        PLACE is zero, low, kernel or end of the address
 *                                            space, or touch, behind the highest span
 *  B = allocate A CPU UNITS POLICY           POLICY is instant, best, first or next
 *  B = constrained A CPU UNITS POLICY ALIGN PHASE NOCROSS MIN MAX
 *  free CPU B          free-twice CPU B      frees it, and once more, which must be refused
 *  misuse CPU B        other sizes, and an address inside
 *  foreign A CPU UNIT  an address that is not live
 *  wrong A             sizes, spans and constraints that there are not
 *  drain    check      close A               with live ranges that must be refused
 *  refuse N, vacant N, broken N              the Nth call of any source from now on fails so
 *  adopt FORM   rebuild   rehearse
 * </pre>
 *
 * <p>UNITS of a range may be bytes instead, as in {@code 4097b}. ALIGN, NOCROSS are powers of two
 * of quanta, as exponents, and NOCROSS 0 is none; MIN and MAX are quanta above the arena's first
 * span, and MAX 0 is none. For one thread.
 */
final class AddressPlayer {
  private final Script script;
  private final AddressScene scene;
  private final ArenaSteps arenas;
  private final RangeSteps ranges;
  private final TransferSteps transfers;
  private final AddressLaws laws;

  AddressPlayer(AddressProvider provider, Script script, Trial trial) {
    this.script = script;
    this.scene = new AddressScene(provider, script, trial);
    this.arenas = new ArenaSteps(scene);
    this.ranges = new RangeSteps(scene);
    this.transfers = new TransferSteps(scene);
    this.laws = new AddressLaws(scene);
  }

  /** {@return the calls of sources so far} */
  long callsBelow() {
    return scene.ground.calls;
  }

  void run() {
    for (String step : script.steps()) {
      try {
        step(step.split(" "));
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException(step + ": a word is missing or no number", e);
      }
      scene.trial.require("vmem.26", scene.ground.wrong.isEmpty(), () -> scene.ground.wrong);
    }
    laws.check();
    end();
  }

  private void end() {
    scene.noFailure();
    ranges.freeAll();
    laws.check();
    laws.whole();
    List.copyOf(scene.arenas.values()).reversed().forEach(arenas::close);
    scene.trial.require(
        "vmem.25",
        scene.ground.heldSpans() == 0,
        () -> scene.ground.heldSpans() + " spans are held though all arenas are closed");
    scene.ended(scene.engine);
  }

  private void step(String[] words) {
    if (words.length > 2 && words[1].equals("=")) {
      birth(words);
      return;
    }
    switch (words[0]) {
      case "span" ->
          scene
              .known(words[1])
              .ifPresent(at -> arenas.span(at, words[2], Long.parseLong(words[3])));
      case "free", "free-twice", "misuse" -> ranges.onRange(words);
      case "foreign" ->
          scene
              .known(words[1])
              .ifPresent(at -> ranges.foreign(at, scene.cpu(words[2]), Long.parseLong(words[3])));
      case "wrong" -> scene.known(words[1]).ifPresent(arenas::wrong);
      case "close" -> scene.known(words[1]).ifPresent(arenas::close);
      case "drain" -> scene.done("allocator.19", () -> scene.engine.drain());
      case "check" -> laws.check();
      case "refuse" -> scene.fail(AddressGround.Failure.REFUSED, Long.parseLong(words[1]));
      case "vacant" -> scene.fail(AddressGround.Failure.VACANT, Long.parseLong(words[1]));
      case "broken" -> scene.fail(AddressGround.Failure.BROKEN, Long.parseLong(words[1]));
      case "adopt" -> transfers.adopt(words[1]);
      case "rebuild" -> transfers.rebuild();
      case "rehearse" -> transfers.rehearse();
      default -> throw unknown(words[0]);
    }
  }

  private void birth(String[] words) {
    if (words[2].equals("arena")) {
      if (!scene.arenas.containsKey(words[0])) {
        long cached = words.length > 5 ? Long.parseLong(words[5]) : 0;
        arenas.arena(words[0], Long.parseLong(words[3]), words[4], cached);
      }
      return;
    }
    ArenaModel at = scene.arenas.get(words[3]);
    if (at == null || scene.named.containsKey(words[0])) {
      return;
    }
    switch (words[2]) {
      case "allocate" -> ranges.allocate(words, at);
      case "constrained" -> ranges.constrained(words, at);
      default -> throw unknown(words[2]);
    }
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        word
            + ": not a step of an address engine's script; known are arena, span, allocate,"
            + " constrained, free, free-twice, misuse, foreign, wrong, drain, check, close, refuse,"
            + " vacant, broken, adopt, rebuild, rehearse");
  }
}
