package tck.physmem;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FrameProvider;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;
import tck.Broken;
import tck.Script;
import tck.Trial;

/**
 * Makes the calls of a script on a frame engine, with a bit per frame beside it that knows what is
 * live.
 *
 * <pre>
 *  given ram one|ragged|high|numa|given, given cpus N
 *  B = allocate CPU ORDER FLAGS     B = bulk CPU ORDER COUNT      the blocks are B.0, B.1 …
 *  B = at CPU INDEX COUNT           a run that begins at the frame of that index, holes not counted
 *  B = run CPU COUNT ALIGN BOUNDARY LOW HIGH     the limits in MiB
 *  free CPU B     free-part CPU B OFFSET COUNT   bulk-free CPU B B …
 *  free-twice CPU B                 frees it, and once more, which must be refused
 *  misuse CPU B                     free of a frame inside, and with another order
 *  foreign CPU FRAME ORDER          free of what is not live
 *  wrong CPU                        orders that there are not
 *  drain          check          compact ORDER
 *  offline INDEX COUNT              takes frames out of service, and back into it
 *  adopt FORM     rebuild        rehearse
 * </pre>
 *
 * <p>For one thread.
 */
final class FramePlayer {
  private static final long DMA32_END = 1L << 20; // in frames
  private static final long DMA_END = 1L << 12;
  private static final long MIB = 256;

  /** What is live under a name: a block of an order, or what is left of a run. */
  private static final class Piece {
    final long frame;
    final long count;
    final int order; // FrameFlags.RUN for a run
    final int flags;

    Piece(long frame, long count, int order, int flags) {
      this.frame = frame;
      this.count = count;
      this.order = order;
      this.flags = flags;
    }

    boolean isRun() {
      return order == FrameFlags.RUN;
    }

    @Override
    public String toString() {
      return (isRun() ? "run" : "block of order " + order)
          + " of %d frames at 0x%x".formatted(count, frame);
    }
  }

  private final FrameProvider provider;
  private final Script script;
  private final Trial trial;
  private final FrameGround ground;
  private final BitSet inService = new BitSet(); // frames that may be handed out
  private final BitSet live = new BitSet();
  private final Map<Long, Piece> blocks = new HashMap<>(); // by first frame, runs not among them
  private final Map<String, Piece> named = new HashMap<>();
  private FrameEngine engine;

  FramePlayer(FrameProvider provider, Script script, Trial trial) {
    this.provider = provider;
    this.script = script;
    this.trial = trial;
    this.ground =
        FrameGround.named(script.given("ram", "one"), Integer.parseInt(script.given("cpus", "2")));
    for (FrameSpan span : ground.free()) {
      inService.set((int) span.start(), (int) span.end());
    }
    this.engine = open();
    trial.require(
        "physmem.1",
        engine.freeFrames() == inService.cardinality(),
        () ->
            "%d frames are free at the start, of %d"
                .formatted(engine.freeFrames(), inService.cardinality()));
  }

  private FrameEngine open() {
    return provider.open(ground, trial.options().settings());
  }

  void run() {
    for (String step : script.steps()) {
      try {
        step(step.split(" "));
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException(step + ": a word is missing or no number", e);
      }
      counted();
    }
    check();
    end();
  }

  private void step(String[] words) {
    if (words.length > 2 && words[1].equals("=")) {
      if (!named.containsKey(words[0]) && !named.containsKey(words[0] + ".0")) {
        birth(words);
      }
      return;
    }
    switch (words[0]) {
      case "free", "free-part", "free-twice", "misuse" -> onPiece(words);
      case "bulk-free" -> bulkFree(words);
      case "foreign" -> foreign(cpu(words[1]), number(words[2]), (int) number(words[3]));
      case "wrong" -> wrong(cpu(words[1]));
      case "drain" -> engine.drain();
      case "check" -> check();
      case "compact" -> compact((int) number(words[1]) % (engine.maxOrder() + 1));
      case "offline" -> offline((int) number(words[1]), (int) number(words[2]));
      case "adopt" -> adopt(words[1]);
      case "rebuild" -> rebuild();
      case "rehearse" -> rehearse();
      default -> throw unknown(words[0]);
    }
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        word
            + ": not a step of a frame engine's script; known are allocate, bulk, at, run, free,"
            + " free-part, bulk-free, free-twice, misuse, foreign, wrong, drain, check, compact,"
            + " offline, adopt, rebuild, rehearse");
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }

  private int cpu(String word) {
    return (int) (number(word) % ground.cpus());
  }

  // -------------------------------------------------------------------------------------- requests

  private void birth(String[] words) {
    int cpu = cpu(words[3]);
    switch (words[2]) {
      case "allocate" -> {
        int order = (int) number(words[4]) % (engine.maxOrder() + 1);
        int flags = (int) number(words[5]);
        block(words[0], asked(() -> engine.allocate(cpu, order, flags)), order, flags);
      }
      case "bulk" -> bulk(words[0], cpu, (int) number(words[4]), (int) number(words[5]));
      case "at" -> at(words[0], cpu, (int) number(words[4]), number(words[5]));
      case "run" -> contiguous(words, cpu);
      default -> throw unknown(words[2]);
    }
  }

  private static long asked(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (RuntimeException e) {
      throw Broken.by("allocator.19", "a call threw what it must not", e);
    }
  }

  private static void done(String clause, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      throw Broken.by(clause, "a call threw what it must not", e);
    }
  }

  private void block(String name, long frame, int order, int flags) {
    if (frame == FrameEngine.NONE) {
      return;
    }
    Piece piece = new Piece(frame, 1L << order, order, flags);
    trial.require("physmem.5", (frame & ((1L << order) - 1)) == 0, () -> piece + " is not aligned");
    long end = frame + piece.count;
    int zone = flags & FrameFlags.ZONE_MASK;
    trial.require(
        "physmem.6",
        (zone != FrameFlags.DMA32 || end <= DMA32_END)
            && (zone != FrameFlags.DMA || end <= DMA_END),
        () -> piece + " is above the zone that was asked for");
    enter(name, piece);
    blocks.put(frame, piece);
  }

  private void enter(String name, Piece piece) {
    int from = (int) piece.frame;
    int to = (int) (piece.frame + piece.count);
    trial.require(
        "physmem.4",
        from >= 0 && inService.nextClearBit(from) >= to,
        () -> piece + " holds frames that are not free RAM");
    int taken = live.nextSetBit(from);
    trial.require(
        "physmem.3",
        taken < 0 || taken >= to,
        () -> piece + " holds frame 0x%x, which is live".formatted(taken));
    live.set(from, to);
    named.put(name, piece);
  }

  private void bulk(String name, int cpu, int wanted, int count) {
    int order = wanted % (engine.maxOrder() + 1);
    long[] into = new long[count + 2];
    Arrays.fill(into, -7);
    long got = asked(() -> engine.allocateBulk(cpu, order, 0, into, 1, count));
    trial.require(
        "physmem.10", got >= 0 && got <= count, () -> got + " of " + count + " were allocated");
    for (int i = 0; i < got; i++) {
      block(name + "." + i, into[1 + i], order, 0);
    }
    trial.require(
        "physmem.10",
        into[0] == -7 && into[count + 1] == -7,
        () -> "an element outside of the range changed");
  }

  // The frame of an index, holes not counted.
  private long frameAt(int index) {
    int left = index % Math.max(1, inService.cardinality());
    int frame = inService.nextSetBit(0);
    while (left-- > 0) {
      frame = inService.nextSetBit(frame + 1);
    }
    return frame;
  }

  private void at(String name, int cpu, int index, long count) {
    long frame = frameAt(index);
    int to = (int) (frame + count);
    int taken = live.nextSetBit((int) frame);
    boolean free = inService.nextClearBit((int) frame) >= to && (taken < 0 || taken >= to);
    boolean got = asked(() -> engine.allocateAt(cpu, frame, count, 0) ? 1 : 0) == 1;
    trial.require(
        "physmem.12",
        got == free,
        () ->
            "allocateAt of %d frames at 0x%x said %s, and the frames are%s all free"
                .formatted(count, frame, got, free ? "" : " not"));
    if (got) {
      enter(name, new Piece(frame, count, FrameFlags.RUN, 0));
    }
  }

  private void contiguous(String[] words, int cpu) {
    long count = number(words[4]);
    long align = 1L << (number(words[5]) % 12);
    long boundary = number(words[6]) == 0 ? 0 : 1L << (number(words[6]) % 20);
    long low = number(words[7]) * MIB;
    long high = Math.max(low + 1, number(words[8]) * MIB);
    FrameConstraints where = new FrameConstraints(low, high, align, boundary);
    long frame = asked(() -> engine.allocateContiguous(cpu, count, where, 0));
    if (frame == FrameEngine.NONE) {
      return;
    }
    long last = frame + count - 1;
    trial.require(
        "physmem.13",
        frame >= low
            && last < high
            && frame % align == 0
            && (boundary == 0 || frame / boundary == last / boundary),
        () -> "a run of %d frames at 0x%x breaks %s".formatted(count, frame, where));
    enter(words[0], new Piece(frame, count, FrameFlags.RUN, 0));
  }

  // ----------------------------------------------------------------------------------------- frees

  private void onPiece(String[] words) {
    Piece piece = named.get(words[2]);
    if (piece == null) {
      return;
    }
    int cpu = cpu(words[1]);
    switch (words[0]) {
      case "free" -> free(words[2], piece, cpu);
      case "free-part" -> part(words[2], piece, cpu, number(words[3]), number(words[4]));
      case "free-twice" -> {
        free(words[2], piece, cpu);
        refused(
            piece.isRun() ? "physmem.15" : "physmem.9",
            piece + " a second time",
            () -> release(piece, cpu));
      }
      default -> misuse(piece, cpu);
    }
  }

  private void release(Piece piece, int cpu) {
    if (piece.isRun()) {
      engine.freeRange(cpu, piece.frame, piece.count);
    } else {
      engine.free(cpu, piece.frame, piece.order);
    }
  }

  private void free(String name, Piece piece, int cpu) {
    done(piece.isRun() ? "physmem.15" : "physmem.9", () -> release(piece, cpu));
    forget(name, piece);
  }

  private void forget(String name, Piece piece) {
    named.remove(name);
    blocks.remove(piece.frame, piece);
    live.clear((int) piece.frame, (int) (piece.frame + piece.count));
  }

  private void part(String name, Piece run, int cpu, long wanted, long most) {
    if (!run.isRun()) {
      return;
    }
    long offset = wanted % run.count;
    long count = 1 + most % (run.count - offset);
    done("physmem.15", () -> engine.freeRange(cpu, run.frame + offset, count));
    forget(name, run);
    if (offset > 0) {
      enter(name, new Piece(run.frame, offset, FrameFlags.RUN, 0));
    }
    long rest = run.count - offset - count;
    if (rest > 0) {
      enter(name + "'", new Piece(run.frame + offset + count, rest, FrameFlags.RUN, 0));
    }
  }

  private void misuse(Piece piece, int cpu) {
    if (piece.isRun()) {
      return; // any part of a run may be freed
    }
    if (piece.order > 0) {
      refused(
          "physmem.9", "a frame inside of " + piece, () -> engine.free(cpu, piece.frame + 1, 0));
    }
    int other = piece.order == engine.maxOrder() ? piece.order - 1 : piece.order + 1;
    if (other >= 0) {
      refused(
          "physmem.9", piece + " as order " + other, () -> engine.free(cpu, piece.frame, other));
    }
  }

  private void foreign(int cpu, long frame, int wanted) {
    int order = wanted % (engine.maxOrder() + 1);
    long from = frame & -(1L << order);
    int taken = live.nextSetBit((int) from);
    if (taken >= 0 && taken < from + (1L << order)) {
      return;
    }
    refused(
        "physmem.9",
        "frame 0x%x with order %d, not live".formatted(from, order),
        () -> engine.free(cpu, from, order));
    refused(
        "physmem.15",
        "a run at frame 0x%x, not live".formatted(from),
        () -> engine.freeRange(cpu, from, 1L << order));
  }

  private void refused(String clause, String what, Runnable call) {
    long free = engine.freeFrames();
    try {
      call.run();
    } catch (MisuseException | IllegalArgumentException e) {
      trial.require(
          clause, engine.freeFrames() == free, () -> "a refused free of " + what + " changed it");
      return;
    } catch (RuntimeException e) {
      throw Broken.by(clause, "a free of " + what, e);
    }
    throw new Broken(clause, "a free of " + what + " was accepted");
  }

  private void wrong(int cpu) {
    int most = engine.maxOrder();
    trial.require("physmem.2", most >= 0 && most <= 30, () -> "the largest order is " + most);
    refused("physmem.7", "order -1", () -> engine.allocate(cpu, -1, 0));
    refused("physmem.7", "an order too large", () -> engine.allocate(cpu, most + 1, 0));
  }

  private void bulkFree(String[] words) {
    Map<Integer, List<String>> byOrder = new HashMap<>();
    for (int i = 2; i < words.length; i++) {
      Piece piece = named.get(words[i]);
      if (piece != null && !piece.isRun()) {
        List<String> same = byOrder.computeIfAbsent(piece.order, order -> new ArrayList<>());
        if (!same.contains(words[i])) {
          same.add(words[i]);
        }
      }
    }
    byOrder.forEach((order, names) -> bulkFree(cpu(words[1]), order, names));
  }

  private void bulkFree(int cpu, int order, List<String> names) {
    long[] frames = names.stream().mapToLong(name -> piece(name).frame).toArray();
    done("physmem.11", () -> engine.freeBulk(cpu, order, frames, 0, frames.length));
    names.forEach(name -> forget(name, piece(name)));
  }

  private Piece piece(String name) {
    return Objects.requireNonNull(named.get(name), name);
  }

  // ---------------------------------------------------------------------- compaction, taking
  // frames

  private final class Mover implements FrameMover {
    private final boolean willing;

    Mover(boolean willing) {
      this.willing = willing;
    }

    @Override
    public boolean move(long from, long to, int order) {
      Piece moved = blocks.get(from);
      trial.require(
          "physmem.19",
          moved != null
              && moved.order == order
              && FrameFlags.mobility(moved.flags) == FrameFlags.MOVABLE,
          () -> "0x%x of order %d was to be moved: %s".formatted(from, order, moved));
      int taken = live.nextSetBit((int) to);
      trial.require(
          "physmem.19",
          inService.get((int) to) && (taken < 0 || taken >= to + (1L << order)),
          () -> "a block was to be moved to 0x%x, which is live".formatted(to));
      if (!willing || moved == null) {
        return false;
      }
      String name =
          named.entrySet().stream()
              .filter(each -> each.getValue() == moved)
              .findFirst()
              .orElseThrow()
              .getKey();
      forget(name, moved);
      Piece there = new Piece(to, moved.count, order, moved.flags);
      enter(name, there);
      blocks.put(to, there);
      return true;
    }
  }

  private void compact(int order) {
    done("physmem.19", () -> engine.compact(order, new Mover(order % 3 != 2)));
  }

  private void offline(int index, int count) {
    long frame = frameAt(index);
    FrameSpan span =
        ground.free().stream()
            .filter(each -> each.start() <= frame && frame < each.end())
            .findFirst()
            .orElseThrow();
    FrameSpan gone =
        new FrameSpan(frame, Math.min(Math.max(1, count), span.end() - frame), span.node());
    boolean out = asked(() -> engine.offline(gone, new Mover(true)) ? 1 : 0) == 1;
    if (!out) {
      return;
    }
    int taken = live.nextSetBit((int) gone.start());
    trial.require(
        "physmem.21",
        taken < 0 || taken >= gone.end(),
        () -> "frame 0x%x is live and was taken out of service".formatted(taken));
    inService.clear((int) gone.start(), (int) gone.end());
    counted();
    boolean back = asked(() -> engine.online(gone) ? 1 : 0) == 1;
    if (back) {
      inService.set((int) gone.start(), (int) gone.end());
    }
  }

  // -------------------------------------------------------------------------------------- transfer

  /** {@return the forms that an engine exports and adopts} */
  static List<TransferForm> forms(FrameEngine engine) {
    return engine.exportForms().stream().filter(engine.importForms()::contains).toList();
  }

  /** An engine's ranges, written down. */
  private record Written(List<long[]> managed, List<long[]> ranges, CensusSummary census)
      implements Estate {
    static Written of(FrameEngine engine) {
      List<long[]> managed = new ArrayList<>();
      List<long[]> ranges = new ArrayList<>();
      engine.managed(into(managed));
      engine.walk(into(ranges));
      return new Written(managed, ranges, engine.census());
    }

    private static RangeVisitor into(List<long[]> list) {
      return (base, size, attributes) -> list.add(new long[] {base, size, attributes});
    }

    @Override
    public void managed(RangeVisitor visitor) {
      show(managed, visitor);
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
    engine.drain();
    CensusSummary before = engine.census();
    FrameEngine next = open();
    done("allocator.13", () -> next.adopt(engine.exportState(wanted.get())));
    engine.handedOver();
    close(engine);
    engine = next;
    requireCensus("allocator.13", before, engine.census());
  }

  private void rehearse() {
    engine.drain();
    CensusSummary before = engine.census();
    FrameEngine next = open();
    CensusSummary empty = next.census();
    try {
      next.rebuild(Written.of(engine), true);
    } catch (TransferRefusedException e) {
      requireReason(e);
    }
    requireCensus("allocator.15", empty, next.census());
    close(next);
    requireCensus("allocator.15", before, engine.census());
  }

  private void rebuild() {
    engine.drain();
    Written estate = Written.of(engine);
    FrameEngine next = open();
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
      close(next);
      return;
    } catch (RuntimeException e) {
      throw Broken.by("allocator.14", "rebuild", e);
    }
    requireCensus("allocator.15", estate.census(), engine.census());
    close(engine);
    engine = next;
    requireCensus("allocator.14", estate.census(), engine.census());
  }

  private void requireReason(TransferRefusedException refusal) {
    String message = refusal.getMessage();
    trial.require(
        "allocator.16",
        message != null && !message.isBlank(),
        () -> "a transfer was refused without a reason");
  }

  private void requireCensus(String clause, CensusSummary before, CensusSummary now) {
    trial.require(
        clause, now.equals(before), () -> "the census was %s and is %s".formatted(before, now));
  }

  private void close(FrameEngine gone) {
    done(
        "allocator.17",
        () -> {
          gone.close();
          gone.close();
        });
  }

  // ----------------------------------------------------------------------------- what always holds

  private void counted() {
    long free = inService.cardinality() - live.cardinality();
    trial.require(
        "physmem.16",
        engine.freeFrames() == free,
        () -> "%d frames are said to be free, and %d are".formatted(engine.freeFrames(), free));
  }

  private void check() {
    engine.drain();
    walk();
    zones();
    trial.require("physmem.17", engine.metadataBytes() >= 0, () -> "negative metadata");
    try {
      long facts = engine.checkInvariants();
      trial.require(
          "allocator.10", facts > 0 || live.isEmpty(), () -> "checkInvariants looked at nothing");
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

  private void walk() {
    BitSet shown = new BitSet();
    CensusCount count = new CensusCount();
    int[] whole = {0};
    engine.walk((base, size, attributes) -> {
      int from = (int) base;
      int to = (int) (base + size);
      int twice = shown.nextSetBit(from);
      trial.require(
          "allocator.5",
          twice < 0 || twice >= to,
          () -> "frame 0x%x was shown twice".formatted(twice));
      shown.set(from, to);
      Piece block = blocks.get(base);
      int order = FrameFlags.order(attributes);
      trial.require(
          "physmem.23",
          block == null || (block.order == order && block.count == size),
          () ->
              "%d frames at 0x%x were shown with order %d, and are %s"
                  .formatted(size, base, order, block == null ? "no block" : block));
      whole[0] += block == null ? 0 : 1;
      return count.visit(base, size, attributes);
    });
    BitSet wrong = (BitSet) shown.clone();
    wrong.xor(live);
    trial.require(
        "allocator.5",
        wrong.isEmpty() && whole[0] == blocks.size(),
        () ->
            "%d frames are live and not shown, or shown and not live, the first 0x%x"
                .formatted(wrong.cardinality(), wrong.nextSetBit(0)));
    summed(count);
  }

  private void summed(CensusCount count) {
    BitSet managed = new BitSet();
    engine.managed((base, size, attributes) -> {
      int twice = managed.nextSetBit((int) base);
      trial.require(
          "allocator.8",
          twice < 0 || twice >= base + size,
          () -> "frame 0x%x is managed twice".formatted(twice));
      managed.set((int) base, (int) (base + size));
      return true;
    });
    BitSet outside = (BitSet) live.clone();
    outside.andNot(managed);
    trial.require(
        "allocator.7", outside.isEmpty(), () -> outside.cardinality() + " live frames unmanaged");
    CensusSummary summed = count.summary(managed.cardinality());
    CensusSummary census = engine.census();
    trial.require(
        "allocator.9",
        census.equals(summed),
        () -> "the census is %s, and the walk says %s".formatted(census, summed));
    int[] seen = {0};
    engine.walk((base, size, attributes) -> ++seen[0] < 1);
    trial.require(
        "allocator.6",
        seen[0] == Math.min(1, live.cardinality()),
        () -> "a walk that was ended went on for %d ranges".formatted(seen[0]));
  }

  private void zones() {
    long sum = 0;
    for (ZoneReport zone : engine.zones()) {
      sum += zone.free() + zone.cached();
    }
    long free = engine.freeFrames();
    long total = sum;
    trial.require(
        "physmem.18",
        total == free || engine.zones().stream().mapToLong(ZoneReport::free).sum() == free,
        () -> "the zones have %d frames free, the engine %d".formatted(total, free));
  }

  private void end() {
    for (Map.Entry<String, Piece> each : List.copyOf(named.entrySet())) {
      free(each.getKey(), each.getValue(), 0);
    }
    check();
    close(engine);
  }
}
