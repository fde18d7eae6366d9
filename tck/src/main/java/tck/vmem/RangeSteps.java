package tck.vmem;

import java.util.Optional;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.FitPolicy;

/** Steps that ask for ranges and free them, rightly and wrongly. For one thread. */
final class RangeSteps {
  private static final AddressConstraints ANYWHERE = new AddressConstraints(0, 0, 0, 0, 0);
  private static final String BYTES = "b";

  private final AddressScene scene;
  private final Trial trial;

  RangeSteps(AddressScene scene) {
    this.scene = scene;
    this.trial = scene.trial;
  }

  // Quanta, or bytes if the word ends so; both unsigned.
  private static long size(String word, ArenaModel at) {
    return word.endsWith(BYTES)
        ? Long.parseUnsignedLong(word.substring(0, word.length() - 1))
        : Long.parseUnsignedLong(word) * at.spec.quantum();
  }

  private FitPolicy policy(String word) {
    scene.nextFit |= word.equals("next");
    return switch (word) {
      case "instant" -> FitPolicy.INSTANT;
      case "best" -> FitPolicy.BEST;
      case "first" -> FitPolicy.FIRST;
      case "next" -> FitPolicy.NEXT;
      default -> throw new IllegalArgumentException(word + ": no policy");
    };
  }

  /** Asks for a range anywhere. */
  void allocate(String[] words, ArenaModel at) {
    long size = size(words[5], at);
    if (size == 0) {
      return; // wrong does that
    }
    FitPolicy policy = policy(words[6]);
    boolean failing = scene.failing();
    long base = scene.asked(() -> at.arena.allocate(scene.cpu(words[4]), size, policy));
    requireRoom(at, base, size, ANYWHERE);
    if (!failing) {
      requireImport(at, base, size);
    }
    enter(words[0], at, base, size, false);
  }

  /** Asks for a range within constraints. */
  void constrained(String[] words, ArenaModel at) {
    long size = size(words[5], at);
    if (size == 0) {
      return;
    }
    AddressConstraints where = constraints(words, at, size);
    FitPolicy policy = policy(words[6]);
    long base =
        scene.asked(() -> at.arena.allocateConstrained(scene.cpu(words[4]), size, where, policy));
    trial.require(
        "vmem.12",
        base == AddressArena.NONE || ArenaModel.keepsAll(base, size, where),
        () -> "0x%x + 0x%x breaks %s".formatted(base, size, where));
    requireRoom(at, base, size, where);
    enter(words[0], at, base, size, true);
  }

  private static AddressConstraints constraints(String[] words, ArenaModel at, long size) {
    long quantum = at.spec.quantum();
    long align = quantum << (Long.parseLong(words[7]) % 10);
    long phase = (Long.parseLong(words[8]) * quantum) & (align - 1);
    long cross = Long.parseLong(words[9]) % 16;
    long nocross = cross == 0 ? 0 : quantum << cross;
    long needed = (phase + size + align - 1) & -align;
    if (align > nocross
        || Long.compareUnsigned(needed, nocross) > 0
        || Long.compareUnsigned(size, nocross) > 0) {
      nocross = 0; // it would contradict itself
    }
    long first = at.spans.isEmpty() ? 0 : at.spans.firstKey();
    long low = Long.parseLong(words[10]);
    long high = Long.parseLong(words[11]);
    return new AddressConstraints(
        align,
        phase,
        nocross,
        low == 0 ? 0 : first + low * quantum,
        high == 0 ? 0 : first + high * quantum);
  }

  // An engine that counts as free whatever is not live, in an arena that imports nothing, has no
  // reason to refuse what fits. Caches may hide free ranges until a drain. Whether it keeps guards
  // does not show while nothing is live.
  private void requireRoom(ArenaModel at, long base, long size, AddressConstraints where) {
    if (base != AddressArena.NONE
        || at.spec.source().isPresent()
        || at.spec.quantumCacheMax() != 0
        || scene.nextFit
        || at.arena.freeBytes() != ArenaModel.sum(at.spans) - at.takenBytes()) {
      return;
    }
    long guards = at.live.isEmpty() ? AddressLaws.MOST_GUARDS * at.spec.quantum() : 0;
    long found =
        Long.compareUnsigned(size + guards, size) < 0
            ? AddressArena.NONE
            : at.room(size + guards, where);
    trial.require(
        where.equals(ANYWHERE) ? "vmem.10" : "vmem.13",
        found == AddressArena.NONE,
        () -> "refused 0x%x bytes, %s, though they fit at 0x%x".formatted(size, where, found));
  }

  // What the ground is sure to supply has to be had, whatever went wrong before.
  private void requireImport(ArenaModel at, long base, long size) {
    if (at.source().isPresent()
        && at.source().flatMap(SpanSource::parent).isEmpty()
        && Long.compareUnsigned(size, AddressGround.MOST / 4) <= 0) {
      trial.require(
          "vmem.27",
          base != AddressArena.NONE,
          () -> "refused 0x%x bytes, though the source has them".formatted(size));
    }
  }

  private void enter(String name, ArenaModel at, long base, long size, boolean constrained) {
    if (base == AddressArena.NONE) {
      return;
    }
    AddressRange range = new AddressRange(at.spec.name(), base, size, constrained);
    trial.require(
        "vmem.8",
        ArenaModel.covers(at.heldSpans(), range),
        () -> range + " is in no span of " + at.heldSpans());
    trial.require(
        "vmem.7",
        at.overlapping(range) == null,
        () -> range + " overlaps " + at.overlapping(range));
    trial.require(
        "vmem.9", (base & (at.spec.quantum() - 1)) == 0, () -> range + " is not in quanta");
    at.live.put(base, range);
    scene.named.put(name, range);
  }

  /** Does something to a range that the script has a name for. */
  void onRange(String[] words) {
    AddressRange range = scene.named.get(words[2]);
    Optional<ArenaModel> arena =
        Optional.ofNullable(range).flatMap(each -> scene.known(each.arena()));
    if (range == null || arena.isEmpty()) {
      return;
    }
    ArenaModel at = arena.get();
    int cpu = scene.cpu(words[1]);
    switch (words[0]) {
      case "free" -> free(words[2], range, at, cpu);
      case "free-twice" -> {
        free(words[2], range, at, cpu);
        if (!scene.failing() && !at.live.containsKey(range.base())) {
          scene.refused("vmem.16", range + " a second time", () -> release(range, at, cpu));
        }
      }
      default -> misuse(range, at, cpu);
    }
  }

  private static void release(AddressRange range, ArenaModel at, int cpu) {
    if (range.constrained()) {
      at.arena.freeConstrained(cpu, range.base(), range.size());
    } else {
      at.arena.free(cpu, range.base(), range.size());
    }
  }

  // A free whose span could not go back has taken place.
  private void free(String name, AddressRange range, ArenaModel at, int cpu) {
    scene.done("vmem.15", () -> release(range, at, cpu));
    scene.named.remove(name);
    at.live.remove(range.base());
  }

  /** Frees all that the script has a name for. */
  void freeAll() {
    for (String name : scene.named.keySet().toArray(String[]::new)) {
      onRange(new String[] {"free", "0", name});
    }
  }

  private void misuse(AddressRange range, ArenaModel at, int cpu) {
    long quantum = at.spec.quantum();
    long size = range.size();
    otherSize(range, size + quantum, at, cpu);
    otherSize(range, size + 1, at, cpu);
    otherSize(range, at.whole(size), at, cpu);
    otherSize(range, 0, at, cpu);
    otherSize(range, -1, at, cpu);
    if (Long.compareUnsigned(size, 1) > 0) {
      otherSize(range, size - 1, at, cpu);
    }
    if (Long.compareUnsigned(size, quantum) > 0) {
      otherSize(range, size - quantum, at, cpu);
      AddressRange inside =
          new AddressRange(
              range.arena(), range.base() + quantum, size - quantum, range.constrained());
      scene.refused("vmem.16", "an address inside of " + range, () -> release(inside, at, cpu));
    }
    if (quantum > 1) {
      AddressRange odd =
          new AddressRange(range.arena(), range.base() + 1, size, range.constrained());
      scene.refused("vmem.16", "an address beside " + range, () -> release(odd, at, cpu));
    }
  }

  private void otherSize(AddressRange range, long size, ArenaModel at, int cpu) {
    if (size != range.size()) {
      scene.refused(
          "vmem.16",
          "%s as 0x%x bytes".formatted(range, size),
          () -> release(range.sized(size), at, cpu));
    }
  }

  /** Frees a quantum that is not live. */
  void foreign(ArenaModel at, int cpu, long unit) {
    long first = at.spans.isEmpty() ? 0 : at.spans.firstKey();
    long base = first + unit * at.spec.quantum();
    if (!at.live.containsKey(base)) {
      scene.refused(
          "vmem.16",
          "0x%x, not live".formatted(base),
          () -> at.arena.free(cpu, base, at.spec.quantum()));
    }
  }
}
