package tck.vmem;

import allocator.api.AllocatorException;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TierVacantException;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tck.Broken;
import tck.Script;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.AddressProvider;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * Makes the calls of a script on an address engine, with sorted maps of spans and ranges beside it
 * that know what must come back. Sizes are in quanta of the arena.
 *
 * <pre>
 *  given cpus N
 *  A = arena QUANTUM fixed|import [CACHED]   one that is filled by hand, or from the source below
 *  span A PLACE UNITS                        PLACE is low, kernel or end of the address space
 *  B = allocate A CPU UNITS POLICY           POLICY is instant, best, first or next
 *  B = constrained A CPU UNITS POLICY ALIGN PHASE NOCROSS MIN MAX
 *  free CPU B          free-twice CPU B      frees it, and once more, which must be refused
 *  misuse CPU B        another size, and an address inside
 *  foreign A CPU UNIT  an address that is not live
 *  wrong A             sizes, spans and constraints that there are not
 *  drain    check      close A               with live ranges that must be refused
 *  refuse N, vacant N, broken N              the Nth call of the source from now on fails so
 *  adopt FORM   rebuild   rehearse
 * </pre>
 *
 * <p>ALIGN, NOCROSS are powers of two of quanta, as exponents, and NOCROSS 0 is none; MIN and MAX
 * are quanta above the arena's first span, and MAX 0 is none. For one thread.
 */
final class AddressPlayer {
  private static final long KERNEL = 0xffff_8000_0000_0000L;
  private static final int MOST_GUARDS = 2; // quanta beside a range
  private static final long APART = 1L << 36; // of the spans of different arenas

  /** A live range. */
  private record Range(String arena, long base, long size, boolean constrained) {
    long last() {
      return base + size - 1;
    }

    @Override
    public String toString() {
      return "0x%x + 0x%x".formatted(base, size);
    }
  }

  /** What is known of an arena. */
  private static final class Known {
    final ArenaSpec spec;
    final int index; // of all that were ever made
    final TreeMap<Long, Long> spans = new TreeMap<>(Long::compareUnsigned); // by hand
    final TreeMap<Long, Range> live = new TreeMap<>(Long::compareUnsigned);
    AddressArena arena;

    Known(ArenaSpec spec, int index, AddressArena arena) {
      this.spec = spec;
      this.index = index;
      this.arena = arena;
    }

    long liveBytes() {
      return live.values().stream().mapToLong(Range::size).sum();
    }
  }

  private final AddressProvider provider;
  private final Script script;
  private final Trial trial;
  private final AddressGround ground;
  private final Map<String, Known> arenas = new LinkedHashMap<>(); // in the order of their making
  private final Map<String, Range> named = new HashMap<>();
  private AddressEngine engine;
  private boolean failing;
  private boolean nextFit; // its place in an arena may hold a span
  private int made;

  AddressPlayer(AddressProvider provider, Script script, Trial trial) {
    this.provider = provider;
    this.script = script;
    this.trial = trial;
    this.ground = new AddressGround(Integer.parseInt(script.given("cpus", "2")));
    this.engine = open();
  }

  private AddressEngine open() {
    AddressEngine opened = provider.open(ground, trial.options().settings());
    trial.require(
        "vmem.1",
        opened.arenas().isEmpty() && opened.census().liveCount() == 0,
        () -> "a new engine has arenas: " + opened.arenas());
    return opened;
  }

  /** {@return the calls of the source so far} */
  long callsBelow() {
    return ground.calls;
  }

  void run() {
    for (String step : script.steps()) {
      try {
        step(step.split(" "));
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException(step + ": a word is missing or no number", e);
      }
      trial.require("vmem.26", ground.wrong.isEmpty(), () -> ground.wrong);
    }
    check();
    end();
  }

  private void step(String[] words) {
    if (words.length > 2 && words[1].equals("=")) {
      birth(words);
      return;
    }
    switch (words[0]) {
      case "span" -> known(words[1]).ifPresent(at -> span(at, words[2], number(words[3])));
      case "free", "free-twice", "misuse" -> onRange(words);
      case "foreign" ->
          known(words[1]).ifPresent(at -> foreign(at, cpu(words[2]), number(words[3])));
      case "wrong" -> known(words[1]).ifPresent(this::wrong);
      case "close" -> known(words[1]).ifPresent(at -> close(words[1], at));
      case "drain" -> done("allocator.19", () -> engine.drain());
      case "check" -> check();
      case "refuse" -> fail(AddressGround.Failure.REFUSED, words[1]);
      case "vacant" -> fail(AddressGround.Failure.VACANT, words[1]);
      case "broken" -> fail(AddressGround.Failure.BROKEN, words[1]);
      case "adopt" -> adopt(words[1]);
      case "rebuild" -> rebuild();
      case "rehearse" -> rehearse();
      default -> throw unknown(words[0]);
    }
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        word
            + ": not a step of an address engine's script; known are arena, span, allocate,"
            + " constrained, free, free-twice, misuse, foreign, wrong, drain, check, close, refuse,"
            + " vacant, broken, adopt, rebuild, rehearse");
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }

  private int cpu(String word) {
    return (int) (number(word) % ground.cpus());
  }

  private Optional<Known> known(String name) {
    return Optional.ofNullable(arenas.get(name));
  }

  private FitPolicy policy(String word) {
    nextFit |= word.equals("next");
    return switch (word) {
      case "instant" -> FitPolicy.INSTANT;
      case "best" -> FitPolicy.BEST;
      case "first" -> FitPolicy.FIRST;
      case "next" -> FitPolicy.NEXT;
      default -> throw new IllegalArgumentException(word + ": no policy");
    };
  }

  // ---------------------------------------------------------------------------- arenas and spans

  private void birth(String[] words) {
    if (words[2].equals("arena")) {
      if (!arenas.containsKey(words[0])) {
        arena(words);
      }
      return;
    }
    Known at = arenas.get(words[3]);
    if (at == null || named.containsKey(words[0])) {
      return;
    }
    switch (words[2]) {
      case "allocate" -> {
        long size = number(words[5]) * at.spec.quantum();
        FitPolicy policy = policy(words[6]);
        long base = asked(() -> at.arena.allocate(cpu(words[4]), size, policy));
        requireRoom(at, base, size, new AddressConstraints(0, 0, 0, 0, 0));
        enter(words[0], at, base, size, false);
      }
      case "constrained" -> constrained(words, at);
      default -> throw unknown(words[2]);
    }
  }

  private void arena(String[] words) {
    long quantum = number(words[3]);
    boolean imports = words[4].equals("import");
    long cached = words.length > 5 ? number(words[5]) * quantum : 0;
    ArenaSpec spec =
        new ArenaSpec(
            words[0], quantum, imports ? Optional.of(ground) : Optional.empty(), cached, false);
    AddressArena made = engine.createArena(spec);
    trial.require(
        "vmem.2",
        made.spec().equals(spec) && made.freeBytes() == 0,
        () -> "an arena was made as " + made.spec());
    arenas.put(words[0], new Known(spec, this.made++, made));
    refused("vmem.2", "a second arena of one name", () -> engine.createArena(spec));
  }

  private void span(Known at, String place, long units) {
    long size = units * at.spec.quantum();
    long base =
        switch (place) {
          case "low" -> APART * (at.index + 1) + 2L * at.spans.size() * size;
          case "kernel" -> KERNEL + APART * (at.index + 1) + 2L * at.spans.size() * size;
          case "end" -> -size;
          default -> throw new IllegalArgumentException(place + ": low, kernel or end");
        };
    if (at.spec.source().isPresent() || overlaps(at.spans, base, size)) {
      return;
    }
    done("vmem.6", () -> at.arena.addSpan(base, size));
    at.spans.put(base, size);
  }

  private static boolean overlaps(NavigableMap<Long, Long> spans, long base, long size) {
    Map.Entry<Long, Long> below = spans.floorEntry(base + size - 1);
    return below != null && Long.compareUnsigned(below.getKey() + below.getValue() - 1, base) >= 0;
  }

  private NavigableMap<Long, Long> spansOf(Known at) {
    return at.spec.source().isPresent() ? ground.imported() : at.spans;
  }

  // -------------------------------------------------------------------------------------- requests

  private void constrained(String[] words, Known at) {
    long quantum = at.spec.quantum();
    long size = number(words[5]) * quantum;
    long align = quantum << (number(words[7]) % 10);
    long phase = (number(words[8]) * quantum) & (align - 1);
    long cross = number(words[9]) % 16;
    long nocross = cross == 0 ? 0 : quantum << cross;
    long needed = (phase + size + align - 1) & -align;
    if (align > nocross || Long.compareUnsigned(needed, nocross) > 0) {
      nocross = 0; // it would contradict itself
    }
    long first = at.spans.isEmpty() ? 0 : at.spans.firstKey();
    long min = number(words[10]) == 0 ? 0 : first + number(words[10]) * quantum;
    long max = number(words[11]) == 0 ? 0 : first + number(words[11]) * quantum;
    AddressConstraints where = new AddressConstraints(align, phase, nocross, min, max);
    long base =
        asked(() -> at.arena.allocateConstrained(cpu(words[4]), size, where, policy(words[6])));
    if (base != AddressArena.NONE) {
      long last = base + size - 1;
      boolean kept =
          ((base - phase) & (align - 1)) == 0
              && (where.nocross() == 0 || (base & -where.nocross()) == (last & -where.nocross()))
              && Long.compareUnsigned(base, min) >= 0
              && (max == 0 || Long.compareUnsigned(last, max - 1) <= 0);
      trial.require("vmem.12", kept, () -> "0x%x + 0x%x breaks %s".formatted(base, size, where));
    }
    requireRoom(at, base, size, where);
    enter(words[0], at, base, size, true);
  }

  private long asked(LongSupplier call) {
    long calls = ground.calls;
    try {
      return call.getAsLong();
    } catch (TierVacantException | IllegalStateException e) {
      if (failing && ground.calls > calls) {
        failing = ground.failIn > 0;
        return AddressArena.NONE;
      }
      throw Broken.by("allocator.19", "a call threw what it must not", e);
    } catch (AllocatorException | IllegalArgumentException e) {
      throw Broken.by("allocator.19", "a call threw what it must not", e);
    }
  }

  private boolean done(String clause, Runnable call) {
    long calls = ground.calls;
    try {
      call.run();
      return true;
    } catch (TierVacantException | IllegalStateException e) {
      if (!failing || ground.calls == calls) {
        throw Broken.by(clause, "a call threw what it must not", e);
      }
      failing = ground.failIn > 0;
      return false;
    } catch (AllocatorException | IllegalArgumentException e) {
      throw Broken.by(clause, "a call threw what it must not", e);
    }
  }

  // An engine that counts as free whatever is not live, in an arena that imports nothing, has no
  // reason to refuse what fits. Caches may hide free ranges until a drain.
  private void requireRoom(Known at, long base, long size, AddressConstraints where) {
    if (base != AddressArena.NONE
        || at.spec.source().isPresent()
        || at.spec.quantumCacheMax() != 0
        || nextFit
        || at.arena.freeBytes() != sums(at.spans) - at.liveBytes()) {
      return;
    }
    boolean plain = where.equals(new AddressConstraints(0, 0, 0, 0, 0));
    for (long[] gap : gaps(at)) {
      long found = fit(gap[0], gap[1], size, where, at.spec.quantum());
      trial.require(
          plain ? "vmem.10" : "vmem.13",
          found == AddressArena.NONE,
          () -> "refused 0x%x bytes, %s, though they fit at 0x%x".formatted(size, where, found));
    }
  }

  // Base and last address of each stretch that is not live.
  private static List<long[]> gaps(Known at) {
    List<long[]> gaps = new ArrayList<>();
    at.spans.forEach((base, size) -> {
      long next = base;
      long last = base + size - 1;
      boolean open = true;
      for (Range range : at.live.tailMap(base, true).values()) {
        if (Long.compareUnsigned(range.base(), last) > 0) {
          break;
        }
        if (range.base() != next) {
          gaps.add(new long[] {next, range.base() - 1});
        }
        next = range.last() + 1;
        open = range.last() != last;
      }
      if (open) {
        gaps.add(new long[] {next, last});
      }
    });
    return gaps;
  }

  private static long fit(long from, long last, long size, AddressConstraints where, long quantum) {
    long align = Math.max(where.align(), quantum);
    long at = Long.compareUnsigned(from, where.min()) < 0 ? where.min() : from;
    long end =
        where.max() != 0 && Long.compareUnsigned(where.max() - 1, last) < 0
            ? where.max() - 1
            : last;
    at = ((at - where.phase() + align - 1) & -align) + where.phase();
    while (Long.compareUnsigned(at, end) <= 0
        && Long.compareUnsigned(at, from) >= 0
        && Long.compareUnsigned(end - at, size - 1) >= 0) {
      if (where.nocross() == 0 || (at & -where.nocross()) == ((at + size - 1) & -where.nocross())) {
        return at;
      }
      at += align;
    }
    return AddressArena.NONE;
  }

  private void enter(String name, Known at, long base, long size, boolean constrained) {
    if (base == AddressArena.NONE) {
      return;
    }
    Range range = new Range(at.spec.name(), base, size, constrained);
    Map.Entry<Long, Range> below = at.live.floorEntry(range.last());
    trial.require(
        "vmem.7",
        below == null || Long.compareUnsigned(below.getValue().last(), base) < 0,
        () -> range + " overlaps " + below);
    Map.Entry<Long, Long> span = spansOf(at).floorEntry(base);
    trial.require(
        "vmem.8",
        span != null
            && Long.compareUnsigned(span.getKey() + span.getValue() - 1, range.last()) >= 0
            && Long.compareUnsigned(base, range.last()) <= 0,
        () -> range + " is in no span; the nearest below is " + span);
    trial.require(
        "vmem.9", (base & (at.spec.quantum() - 1)) == 0, () -> range + " is not in quanta");
    at.live.put(base, range);
    named.put(name, range);
  }

  // ----------------------------------------------------------------------------------------- frees

  private void onRange(String[] words) {
    Range range = named.get(words[2]);
    if (range == null) {
      return;
    }
    Known at = arenas.get(range.arena());
    if (at == null) {
      return;
    }
    int cpu = cpu(words[1]);
    switch (words[0]) {
      case "free" -> free(words[2], range, at, cpu);
      case "free-twice" -> {
        free(words[2], range, at, cpu);
        if (!failing && !at.live.containsKey(range.base())) {
          refused("vmem.16", range + " a second time", () -> release(range, at, cpu));
        }
      }
      default -> misuse(range, at, cpu);
    }
  }

  private static void release(Range range, Known at, int cpu) {
    if (range.constrained()) {
      at.arena.freeConstrained(cpu, range.base(), range.size());
    } else {
      at.arena.free(cpu, range.base(), range.size());
    }
  }

  // A free whose span could not go back has taken place.
  private void free(String name, Range range, Known at, int cpu) {
    done("vmem.15", () -> release(range, at, cpu));
    named.remove(name);
    at.live.remove(range.base());
  }

  private void misuse(Range range, Known at, int cpu) {
    long quantum = at.spec.quantum();
    Range larger =
        new Range(range.arena(), range.base(), range.size() + quantum, range.constrained());
    refused("vmem.16", range + " with a quantum more", () -> release(larger, at, cpu));
    if (Long.compareUnsigned(range.size(), quantum) > 0) {
      Range inside =
          new Range(
              range.arena(), range.base() + quantum, range.size() - quantum, range.constrained());
      refused("vmem.16", "an address inside of " + range, () -> release(inside, at, cpu));
      Range smaller =
          new Range(range.arena(), range.base(), range.size() - quantum, range.constrained());
      refused("vmem.16", range + " with a quantum less", () -> release(smaller, at, cpu));
    }
  }

  private void foreign(Known at, int cpu, long unit) {
    long first = at.spans.isEmpty() ? 0 : at.spans.firstKey();
    long base = first + unit * at.spec.quantum();
    if (!at.live.containsKey(base)) {
      refused(
          "vmem.16",
          "0x%x, not live".formatted(base),
          () -> at.arena.free(cpu, base, at.spec.quantum()));
    }
  }

  private void refused(String clause, String what, Runnable call) {
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

  private void wrong(Known at) {
    long quantum = at.spec.quantum();
    AddressArena arena = at.arena;
    refused("vmem.11", "a range of 0 bytes", () -> arena.allocate(0, 0, FitPolicy.INSTANT));
    refused("vmem.6", "an empty span", () -> arena.addSpan(quantum << 20, 0));
    refused("vmem.6", "a span past the end", () -> arena.addSpan(-quantum, 2 * quantum));
    if (quantum > 1) {
      refused("vmem.6", "a span not in quanta", () -> arena.addSpan(1, quantum));
    }
    if (!at.spans.isEmpty()) {
      refused("vmem.6", "a span twice", () -> arena.addSpan(at.spans.firstKey(), quantum));
    }
    contradiction(arena, "an alignment of 3", quantum, 3 * quantum, 0, 0);
    contradiction(arena, "a phase not below the alignment", quantum, quantum, quantum, 0);
    contradiction(arena, "a range longer than nocross", 4 * quantum, quantum, 0, 2 * quantum);
  }

  private void contradiction(
      AddressArena arena, String what, long size, long align, long phase, long nocross) {
    refused(
        "vmem.14",
        what,
        () ->
            arena.allocateConstrained(
                0, size, new AddressConstraints(align, phase, nocross, 0, 0), FitPolicy.INSTANT));
  }

  private void close(String name, Known at) {
    if (!at.live.isEmpty()) {
      refused("vmem.25", "closing an arena with live ranges", at.arena::close);
      return;
    }
    noFailure();
    engine.drain();
    done("vmem.25", at.arena::close);
    arenas.remove(name);
    if (at.spec.source().isPresent() && importing() == 0) {
      trial.require(
          "vmem.25",
          ground.imported().isEmpty(),
          () -> "after the arena was closed these spans are held: " + ground.imported());
    }
  }

  private long importing() {
    return arenas.values().stream().filter(each -> each.spec.source().isPresent()).count();
  }

  private void fail(AddressGround.Failure how, String in) {
    ground.failure = how;
    ground.failIn = Math.max(1, number(in));
    failing = true;
  }

  private void noFailure() {
    ground.failIn = 0;
    failing = false;
  }

  // -------------------------------------------------------------------------------------- transfer

  /** {@return the forms that an engine exports and adopts} */
  static List<TransferForm> forms(AddressEngine engine) {
    return engine.exportForms().stream().filter(engine.importForms()::contains).toList();
  }

  /** An engine's arenas, written down. */
  private record Written(
      List<long[]> spans, List<long[]> ranges, List<ArenaSpec> arenas, CensusSummary census)
      implements AddressEstate {
    static Written of(AddressEngine engine) {
      List<long[]> spans = new ArrayList<>();
      List<long[]> ranges = new ArrayList<>();
      engine.managed(into(spans));
      engine.walk(into(ranges));
      List<ArenaSpec> specs = engine.arenas().stream().map(AddressArena::spec).toList();
      return new Written(spans, ranges, specs, engine.census());
    }

    private static RangeVisitor into(List<long[]> list) {
      return (base, size, attributes) -> list.add(new long[] {base, size, attributes});
    }

    @Override
    public void managed(RangeVisitor visitor) {
      show(spans, visitor);
    }

    @Override
    public void live(RangeVisitor visitor) {
      show(ranges, visitor);
    }

    private static void show(List<long[]> list, RangeVisitor visitor) {
      for (long[] each : list) {
        if (!visitor.visit(each[0], each[1], each[2])) {
          return;
        }
      }
    }
  }

  private void adopt(String form) {
    Optional<TransferForm> wanted =
        forms(engine).stream().filter(each -> each.toString().equals(form)).findFirst();
    if (wanted.isEmpty()) {
      return; // not offered as things are now
    }
    noFailure();
    engine.drain();
    CensusSummary before = engine.census();
    AddressEngine next = open();
    done("allocator.13", () -> next.adopt(engine.exportState(wanted.get())));
    engine.handedOver();
    succeed(next, before, "allocator.13");
  }

  private void rehearse() {
    noFailure();
    engine.drain();
    CensusSummary before = engine.census();
    AddressEngine next = open();
    try {
      next.rebuild(Written.of(engine), true);
    } catch (TransferRefusedException e) {
      requireReason(e);
    }
    trial.require(
        "allocator.15",
        next.arenas().isEmpty() && next.census().liveCount() == 0,
        () -> "a rehearsal changed the successor");
    ended(next);
    requireCensus("allocator.15", before);
  }

  private void rebuild() {
    noFailure();
    engine.drain();
    Written estate = Written.of(engine);
    AddressEngine next = open();
    boolean rehearsed = false;
    try {
      next.rebuild(estate, true);
      rehearsed = true;
      next.rebuild(estate, false);
    } catch (TransferRefusedException e) {
      requireReason(e);
      if (rehearsed) {
        throw Broken.by("allocator.15", "refused what the rehearsal had accepted", e);
      }
      ended(next);
      return;
    } catch (RuntimeException e) {
      throw Broken.by("allocator.14", "rebuild", e);
    }
    requireCensus("allocator.15", estate.census());
    succeed(next, estate.census(), "allocator.14");
  }

  private void succeed(AddressEngine next, CensusSummary before, String clause) {
    ended(engine);
    engine = next;
    requireCensus(clause, before);
    List<AddressArena> there = engine.arenas();
    trial.require(
        "vmem.4",
        there.stream()
            .map(AddressArena::spec)
            .toList()
            .equals(arenas.values().stream().map(each -> each.spec).toList()),
        () -> "the arenas are " + there.stream().map(each -> each.spec().name()).toList());
    int next0 = 0;
    for (Known each : arenas.values()) {
      each.arena = there.get(next0++);
    }
  }

  private void requireReason(TransferRefusedException refusal) {
    String message = refusal.getMessage();
    trial.require(
        "allocator.16",
        message != null && !message.isBlank(),
        () -> "a transfer was refused without a reason");
  }

  private void requireCensus(String clause, CensusSummary before) {
    CensusSummary now = engine.census();
    trial.require(
        clause, now.equals(before), () -> "the census was %s and is %s".formatted(before, now));
  }

  private void ended(AddressEngine gone) {
    done(
        "allocator.17",
        () -> {
          gone.close();
          gone.close();
        });
  }

  // ----------------------------------------------------------------------------- what always holds

  private void check() {
    noFailure();
    engine.drain();
    engine.drain(); // what a failure below put off is done by now
    List<String> names = engine.arenas().stream().map(each -> each.spec().name()).toList();
    trial.require(
        "vmem.3",
        names.equals(List.copyOf(arenas.keySet())),
        () -> "the arenas are " + names + " and should be " + arenas.keySet());
    arenas.values().forEach(this::arenaHolds);
    census();
    try {
      long facts = engine.checkInvariants();
      trial.require(
          "allocator.10", facts > 0 || named.isEmpty(), () -> "checkInvariants looked at nothing");
    } catch (RuntimeException e) {
      throw Broken.by("allocator.10", "checkInvariants", e);
    }
    done(
        "allocator.4",
        () -> {
          trial.require("allocator.3", engine.statistics() != null, () -> "statistics are null");
          engine.reports().forEach(name -> trial.facts(1 + engine.report(name).size()));
        });
  }

  private void arenaHolds(Known at) {
    String name = at.spec.name();
    List<Range> shown = new ArrayList<>();
    at.arena.walkAllocated(
        (base, size, attributes) -> shown.add(new Range(name, base, size, false)));
    List<Range> expected =
        at.live.values().stream()
            .map(each -> new Range(name, each.base(), each.size(), false))
            .toList();
    trial.require(
        "vmem.22",
        shown.equals(expected),
        () -> "arena %s shows %s and has %s".formatted(name, shown, expected));
    NavigableMap<Long, Long> spans = spans(at);
    free(at, spans);
    long total = spans.values().stream().mapToLong(each -> each).sum();
    trial.require(
        "vmem.19",
        at.arena.allocatedBytes() == at.liveBytes(),
        () ->
            "arena %s says %d bytes are live, and %d are"
                .formatted(name, at.arena.allocatedBytes(), at.liveBytes()));
    long free = at.arena.freeBytes();
    trial.require(
        "vmem.20",
        free <= total - at.liveBytes() && (!engine.reuses() || !at.live.isEmpty() || free == total),
        () ->
            "arena %s says %d bytes are free, of %d with %d live"
                .formatted(name, free, total, at.liveBytes()));
    done("allocator.3", () -> at.arena.statistics().forEach(each -> trial.fact()));
    contains(at, spans);
  }

  private NavigableMap<Long, Long> spans(Known at) {
    TreeMap<Long, Long> spans = new TreeMap<>(Long::compareUnsigned);
    long[] last = {0};
    at.arena.walkSpans((base, size, attributes) -> {
      boolean imported = at.spec.source().isPresent();
      trial.require(
          "vmem.24",
          attributes == (imported ? 1 : 0)
              && (spans.isEmpty() || Long.compareUnsigned(base, last[0]) > 0),
          () -> "the span at 0x%x is out of order or has mark %d".formatted(base, attributes));
      last[0] = base;
      spans.put(base, size);
      return true;
    });
    if (at.spec.source().isEmpty() || importing() == 1) {
      NavigableMap<Long, Long> expected = spansOf(at);
      boolean fixed = at.spec.source().isEmpty();
      trial.require(
          fixed ? "vmem.6" : "vmem.26",
          sums(spans) == sums(expected) && (fixed || spans.equals(expected)),
          () ->
              "arena %s has spans %s, and should have %s"
                  .formatted(at.spec.name(), spans, expected));
    }
    if (at.live.isEmpty() && at.spec.source().isPresent()) {
      trial.require(
          "vmem.26",
          spans.size() <= (nextFit ? 1 : 0),
          () -> "nothing is live, and these spans did not go back: " + spans);
    }
    return spans;
  }

  private static long sums(NavigableMap<Long, Long> spans) {
    return spans.values().stream().mapToLong(each -> each).sum();
  }

  private void free(Known at, NavigableMap<Long, Long> spans) {
    long[] largest = {0};
    long[] end = {0};
    long[] count = {0};
    at.arena.walkFree((base, size, attributes) -> {
      Map.Entry<Long, Range> below = at.live.floorEntry(base + size - 1);
      trial.require(
          "vmem.23",
          (count[0] == 0 || Long.compareUnsigned(base, end[0]) >= 0)
              && (below == null || Long.compareUnsigned(below.getValue().last(), base) < 0),
          () -> "the free segment 0x%x + 0x%x is live or out of order".formatted(base, size));
      trial.require(
          "vmem.23",
          count[0] == 0 || base != end[0] || spans.containsKey(base) || nextFit,
          () -> "two free segments meet at 0x%x".formatted(base));
      count[0]++;
      end[0] = base + size;
      if (Long.compareUnsigned(size, largest[0]) > 0) {
        largest[0] = size;
      }
      return true;
    });
    trial.require(
        "vmem.21",
        at.arena.largestFree() == largest[0],
        () ->
            "the largest free segment is said to be %d, and is %d"
                .formatted(at.arena.largestFree(), largest[0]));
  }

  private void contains(Known at, NavigableMap<Long, Long> spans) {
    spans.forEach((base, size) -> {
      trial.require("vmem.18", at.arena.contains(base, size), () -> "a span is not contained");
      trial.require(
          "vmem.18",
          !at.arena.contains(base - at.spec.quantum(), at.spec.quantum())
              || overlaps(spans, base - at.spec.quantum(), at.spec.quantum()),
          () -> "what lies below 0x%x is contained".formatted(base));
    });
  }

  private void census() {
    CensusCount count = new CensusCount();
    Map<String, Integer> indices = new HashMap<>();
    for (String name : arenas.keySet()) {
      indices.put(name, indices.size());
    }
    List<String> names = List.copyOf(arenas.keySet());
    engine.walk((base, size, attributes) -> {
      int index = (int) (attributes & AddressEstate.ARENA);
      @Nullable Range range =
          index < names.size() ? known(names.get(index)).orElseThrow().live.get(base) : null;
      trial.require(
          range == null ? "vmem.5" : "allocator.5",
          range != null && range.size() == size,
          () -> "0x%x + 0x%x of arena %d is not live".formatted(base, size, index));
      return count.visit(base, size, attributes);
    });
    long live = arenas.values().stream().mapToLong(each -> each.live.size()).sum();
    long[] managed = {0};
    engine.managed((base, size, attributes) -> {
      managed[0] += size;
      return true;
    });
    CensusSummary summed = count.summary(managed[0]);
    trial.require(
        "allocator.5",
        summed.liveCount() == live,
        () -> "%d ranges were shown, and %d are live".formatted(summed.liveCount(), live));
    CensusSummary census = engine.census();
    trial.require(
        "allocator.9",
        census.equals(summed),
        () -> "the census is %s, and the walk says %s".formatted(census, summed));
    int[] seen = {0};
    engine.walk((base, size, attributes) -> ++seen[0] < 1);
    trial.require(
        "allocator.6",
        seen[0] == Math.min(1, live),
        () -> "a walk that was ended went on for %d ranges".formatted(seen[0]));
  }

  private void end() {
    noFailure();
    for (Map.Entry<String, Range> each : List.copyOf(named.entrySet())) {
      Range range = each.getValue();
      Known at = arenas.get(range.arena());
      if (at != null) {
        free(each.getKey(), range, at, 0);
      }
    }
    check();
    if (engine.reuses() && !nextFit) { // the place of a next fit may part a span
      arenas.values().forEach(this::whole);
    }
    List.copyOf(arenas.entrySet()).forEach(each -> close(each.getKey(), each.getValue()));
    ended(engine);
  }

  // All of each span can be had again.
  private void whole(Known at) {
    for (long size : at.spans.values()) {
      long base = whole(at, size);
      trial.require(
          "vmem.28",
          base != AddressArena.NONE,
          () -> "a span of 0x%x bytes cannot be had again as a whole".formatted(size));
    }
    engine.drain();
  }

  // A guard may lie on either side of a range.
  private static long whole(Known at, long size) {
    for (int guards = 0; guards <= MOST_GUARDS; guards++) {
      long less = size - guards * at.spec.quantum();
      long base =
          at.arena.allocateConstrained(0, less, AddressConstraints.aligned(0), FitPolicy.BEST);
      if (base != AddressArena.NONE) {
        at.arena.freeConstrained(0, base, less);
        return base;
      }
    }
    return AddressArena.NONE;
  }
}
