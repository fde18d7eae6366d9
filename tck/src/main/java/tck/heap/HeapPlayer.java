package tck.heap;

import allocator.api.AllocatorException;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.TierVacantException;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.Arrays;
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

/**
 * Makes the calls of a script on a heap, with a sorted map of blocks beside it that knows what must
 * come back. Every block is filled with a pattern of its own, as far as it may be used.
 *
 * <pre>
 *  given cpus N, given memory BYTES, given page BYTES
 *  B = allocate CPU BYTES          B = zeroed CPU BYTES        B = aligned CPU ALIGN BYTES
 *  B = group CPU BYTES BYTES …     the blocks are B.0, B.1 …
 *  B = zeroed-group CPU BYTES …    the same, and they read as zero
 *  resize CPU B BYTES              in-place CPU B BYTES
 *  free CPU B                      free-sized CPU B            bulk CPU B B …
 *  trim BYTES     drain            check                       limit BYTES     no-limit
 *  free-twice CPU B                frees it, and once more, which must be refused
 *  misuse CPU B OFFSET             free, resize and size of an address inside the block
 *  foreign CPU OFFSET              the same of an address that far above the lowest
 *  wrong CPU                       a negative size, an alignment of 3
 *  refuse N, vacant N, broken N    the Nth call below from now on fails so
 *  adopt FORM   rebuild   rehearse a transfer to another engine of the provider
 * </pre>
 *
 * <p>Sizes take K and M. For one thread.
 */
final class HeapPlayer {
  private static final long USUAL_MEMORY = 64L << 20;
  private static final int USUAL_CPUS = 2;
  private static final long BEYOND = 7; // an entry that is not to be touched
  private static final long MOST = 1L << 40; // larger sizes are asked for, but never modelled

  /** A step that is not understood: the script's fault, not the provider's. */
  private static final class BadStepException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadStepException(String message) {
      super(message);
    }
  }

  /** A live block: its size as asked for, as usable, and what fills it. */
  private record Block(long address, long bytes, long usable, byte pattern) {
    long end() {
      return address + Math.max(1, usable);
    }

    @Override
    public String toString() {
      return "the block of %d bytes at 0x%x".formatted(usable, address);
    }
  }

  private final HeapProvider provider;
  private final Trial trial;
  private final Script script;
  private final HeapGround ground;
  private final TreeMap<Long, Block> live = new TreeMap<>();
  private final Map<String, Block> named = new HashMap<>();
  private HeapEngine heap;
  private byte nextPattern = 1;
  private long peak;
  private long last; // footprint
  private long limit = Long.MAX_VALUE;
  private boolean failing; // a failure below was asked for and may come
  private boolean threw; // and came through the call

  HeapPlayer(HeapProvider provider, Script script, Trial trial) {
    this.provider = provider;
    this.script = script;
    this.trial = trial;
    this.ground =
        new HeapGround(
            bytes(script.given("memory", "" + USUAL_MEMORY)),
            (int) bytes(script.given("cpus", "" + USUAL_CPUS)),
            (int) bytes(script.given("page", "4096")));
    this.heap = open();
  }

  private HeapEngine open() {
    HeapEngine opened = provider.open(ground, trial.options().settings());
    trial.require("heap.1", opened.census().liveCount() == 0, () -> "blocks live from the start");
    return opened;
  }

  /** {@return a number with K, M or G} */
  static long bytes(String text) {
    int last = text.length() - 1;
    int shift = 10 * ("KMG".indexOf(text.charAt(last)) + 1);
    String digits = shift == 0 ? text : text.substring(0, last);
    try {
      return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new BadStepException(text + ": not a number of bytes");
    }
  }

  /** Makes the calls, checks everything, and frees what is left. */
  void run() {
    try {
      script.steps().forEach(this::step);
      check();
      end();
    } finally {
      ground.close();
    }
  }

  private void step(String step) {
    String[] words = step.split(" ");
    boolean birth = words.length > 2 && words[1].equals("=");
    requireWords(step, words, birth);
    try {
      if (birth) {
        birth(words);
      } else {
        call(words);
      }
      requireBounds();
    } catch (BadStepException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Broken.by("allocator.19", step, e);
    }
  }

  private static void requireWords(String step, String[] words, boolean birth) {
    int least =
        switch (words[birth ? 2 : 0]) {
          case "allocate", "zeroed", "group", "zeroed-group" -> 5;
          case "aligned" -> 6;
          case "resize", "in-place", "misuse" -> 4;
          case "free", "free-sized", "free-twice", "foreign" -> 3;
          case "bulk", "wrong", "trim", "limit", "refuse", "vacant", "broken", "adopt" -> 2;
          default -> 1;
        };
    if (words.length < least) {
      throw new BadStepException(step + ": a word is missing");
    }
  }

  private int cpu(String word) {
    return (int) (bytes(word) % ground.cpus);
  }

  // ------------------------------------------------------------------------------------- the steps

  private void birth(String[] words) {
    if (named.containsKey(words[0]) || named.containsKey(words[0] + ".0")) {
      return;
    }
    int cpu = cpu(words[3]);
    switch (words[2]) {
      case "allocate" -> {
        long bytes = bytes(words[4]);
        born(words[0], bytes, heap.alignment(), () -> heap.allocate(cpu, bytes));
      }
      case "zeroed" -> {
        long bytes = bytes(words[4]);
        long address = asked(() -> heap.allocateZeroed(cpu, bytes));
        requireZero(address, bytes);
        enter(words[0], address, bytes, heap.alignment());
      }
      case "aligned" -> {
        long align = 1L << Math.min(40, bytes(words[4]));
        long bytes = bytes(words[5]);
        born(
            words[0],
            bytes,
            Math.max(align, heap.alignment()),
            () -> heap.allocateAligned(cpu, align, bytes));
      }
      case "group" -> group(words, cpu, false);
      case "zeroed-group" -> group(words, cpu, true);
      default -> throw unknown(words[2]);
    }
  }

  /** {@return the calls below so far} */
  long callsBelow() {
    return ground.calls;
  }

  private static BadStepException unknown(String word) {
    return new BadStepException(
        word
            + ": not a step of a heap's script; known are allocate, zeroed, aligned, group,"
            + " zeroed-group, resize, in-place, free, free-sized, bulk, free-twice, misuse,"
            + " foreign, wrong, trim, drain, limit, no-limit, check, refuse, vacant, broken, adopt,"
            + " rebuild, rehearse");
  }

  private void born(String name, long bytes, long align, LongSupplier call) {
    enter(name, asked(call), bytes, align);
  }

  // What a failure below may do to a request: no memory, or the exception comes through.
  private long asked(LongSupplier call) {
    long imports = ground.calls;
    threw = false;
    try {
      return call.getAsLong();
    } catch (TierVacantException | IllegalStateException e) {
      if (failing && ground.calls > imports) {
        failing = ground.failIn > 0;
        threw = true;
        return HeapEngine.NULL;
      }
      throw Broken.by("allocator.19", "a call threw what it must not", e);
    }
  }

  private void enter(String name, long address, long bytes, long align) {
    if (address == HeapEngine.NULL) {
      return;
    }
    trial.require(
        clauseOf(align),
        (address & (align - 1)) == 0,
        () -> "a block of %d bytes at 0x%x is not aligned to %d".formatted(bytes, address, align));
    long usable = heap.usableSize(address);
    trial.require(
        "heap.6",
        usable >= bytes && usable < MOST,
        () -> "a block of %d bytes has %d usable".formatted(bytes, usable));
    Block block = new Block(address, bytes, usable, nextPattern++);
    requireApart(block);
    requireHeld(block);
    fill(block);
    live.put(address, block);
    named.put(name, block);
  }

  private String clauseOf(long align) {
    return align > heap.alignment() ? "heap.11" : "heap.5";
  }

  private void requireApart(Block block) {
    Map.Entry<Long, Block> below = live.floorEntry(block.address());
    Map.Entry<Long, Block> above = live.ceilingEntry(block.address());
    boolean same = above != null && above.getKey() == block.address();
    trial.require(
        same && block.bytes() == 0 ? "heap.7" : "heap.3",
        (below == null || below.getValue().end() <= block.address())
            && (above == null || block.end() <= above.getKey()),
        () ->
            "%s overlaps %s"
                .formatted(
                    block,
                    below != null && below.getValue().end() > block.address()
                        ? below.getValue()
                        : above == null ? null : above.getValue()));
  }

  private void requireHeld(Block block) {
    for (long at = block.address() & -ground.page; at < block.end(); at += ground.page) {
      long page = at;
      trial.require(
          "heap.4",
          ground.isTaken(page) && ground.isBacked(page),
          () ->
              "the block of %d bytes at 0x%x: the page at 0x%x is not held or has no frame"
                  .formatted(block.usable(), block.address(), page));
    }
  }

  private void requireZero(long address, long bytes) {
    for (long i = 0; address != HeapEngine.NULL && i < bytes; i++) {
      if (ground.memory.getByte(address + i) != 0) {
        throw new Broken("heap.10", "byte %d of a zeroed block of %d is not 0".formatted(i, bytes));
      }
    }
    trial.fact();
  }

  private void fill(Block block) {
    ground.memory.fill(block.address(), block.usable(), block.pattern());
  }

  private void verify(Block block, long bytes, String clause) {
    for (long i = 0; i < bytes; i++) {
      if (ground.memory.getByte(block.address() + i) != block.pattern()) {
        throw new Broken(
            clause,
            "byte %d of the block of %d at 0x%x has changed"
                .formatted(i, block.bytes(), block.address()));
      }
    }
    trial.fact();
  }

  private void group(String[] words, int cpu, boolean zeroed) {
    long[] sizes = new long[words.length - 4];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = bytes(words[4 + i]);
    }
    long[] into = new long[sizes.length];
    Arrays.fill(into, BEYOND);
    long done = asked(() -> heap.allocateAll(cpu, sizes, zeroed, into) ? 1 : HeapEngine.NULL);
    for (int i = 0; (threw || done != HeapEngine.NULL) && i < sizes.length; i++) {
      int at = i;
      trial.require(
          "heap.12",
          threw || into[at] != HeapEngine.NULL,
          () -> "block " + at + " of a group is missing");
      if (zeroed) {
        requireZero(into[at], sizes[at]);
      }
      enter(words[0] + "." + at, into[at], sizes[at], heap.alignment());
    }
  }

  private void call(String[] words) {
    switch (words[0]) {
      case "resize", "in-place", "free", "free-sized", "free-twice", "misuse" -> onBlock(words);
      case "bulk" -> bulk(words);
      case "foreign" -> refused(cpu(words[1]), ground.base + bytes(words[2]));
      case "wrong" -> wrong(cpu(words[1]));
      case "trim" -> trim(bytes(words[1]));
      case "drain" -> freed(heap::drain);
      case "limit" -> limit(bytes(words[1]));
      case "no-limit" -> limit(Long.MAX_VALUE);
      case "check" -> check();
      case "refuse" -> fail(HeapGround.Failure.REFUSED, words[1]);
      case "vacant" -> fail(HeapGround.Failure.VACANT, words[1]);
      case "broken" -> fail(HeapGround.Failure.BROKEN, words[1]);
      case "adopt" -> adopt(words[1]);
      case "rebuild" -> rebuild();
      case "rehearse" -> rehearse();
      default -> throw unknown(words[0]);
    }
  }

  private void requireBounds() {
    long footprint = heap.footprint();
    trial.require(
        "heap.24",
        footprint <= Math.max(limit, last),
        () ->
            "the footprint went from %d to %d, and the limit is %d"
                .formatted(last, footprint, limit));
    last = footprint;
    peak = Math.max(peak, footprint);
    trial.require(
        "heap.23",
        heap.peakFootprint() >= peak,
        () -> "the peak is %d, and %d were seen".formatted(heap.peakFootprint(), peak));
  }

  private void limit(long bytes) {
    heap.footprintLimit(bytes);
    limit = bytes;
    trial.require(
        "heap.24",
        heap.footprintLimit() == bytes,
        () -> "the limit was set to %d and is %d".formatted(bytes, heap.footprintLimit()));
  }

  private void fail(HeapGround.Failure how, String in) {
    ground.failure = how;
    ground.failIn = Math.max(1, bytes(in));
    failing = true;
  }

  private void onBlock(String[] words) {
    Block block = named.get(words[2]);
    if (block == null) {
      return;
    }
    int cpu = cpu(words[1]);
    switch (words[0]) {
      case "resize" -> resize(words[2], block, cpu, bytes(words[3]));
      case "in-place" -> inPlace(words[2], block, cpu, bytes(words[3]));
      case "free" -> free(words[2], block, () -> heap.free(cpu, block.address()));
      case "free-sized" ->
          free(words[2], block, () -> heap.freeSized(cpu, block.address(), block.bytes()));
      case "free-twice" -> {
        free(words[2], block, () -> heap.free(cpu, block.address()));
        if (!failing) {
          refused(cpu, block.address());
        }
      }
      default -> {
        long inside = block.address() + 1 + bytes(words[3]) % Math.max(1, block.bytes());
        if (inside < block.end()) {
          refused(cpu, inside);
        }
      }
    }
  }

  private void resize(String name, Block block, int cpu, long bytes) {
    long moved = asked(() -> heap.resize(cpu, block.address(), bytes));
    if (moved == HeapEngine.NULL) {
      verify(block, block.usable(), "heap.14");
      requireSize("heap.14", block, "its resize failed");
      return;
    }
    live.remove(block.address());
    named.remove(name);
    Block there = new Block(moved, bytes, bytes, block.pattern());
    verify(there, Math.min(block.bytes(), bytes), "heap.13");
    enter(name, moved, bytes, heap.alignment());
  }

  private void inPlace(String name, Block block, int cpu, long bytes) {
    boolean done = asked(() -> heap.resizeInPlace(cpu, block.address(), bytes) ? 1 : 0) == 1;
    if (!done) {
      verify(block, block.usable(), "heap.15");
      requireSize("heap.15", block, "it could not be resized in place");
      return;
    }
    trial.require(
        "heap.15",
        heap.usableSize(block.address()) >= bytes,
        () ->
            "resized in place to %d, the block at 0x%x has %d usable"
                .formatted(bytes, block.address(), heap.usableSize(block.address())));
    live.remove(block.address());
    named.remove(name);
    verify(block, Math.min(block.bytes(), bytes), "heap.15");
    enter(name, block.address(), bytes, heap.alignment());
  }

  private void requireSize(String clause, Block block, String after) {
    try {
      long usable = heap.usableSize(block.address());
      trial.require(
          clause,
          usable == block.usable(),
          () -> "the block of %d has %d, though %s".formatted(block.usable(), usable, after));
    } catch (AllocatorException e) {
      throw Broken.by(clause, "the block at 0x%x, though %s".formatted(block.address(), after), e);
    }
  }

  private void free(String name, Block block, Runnable call) {
    verify(block, block.usable(), "heap.6");
    forget(name, block);
    if (!freed(call)) {
      settle(name, block);
    }
  }

  // A free that could not give memory back has taken place, or has changed nothing.
  private void settle(String name, Block block) {
    try {
      long usable = heap.usableSize(block.address());
      trial.require(
          "allocator.19",
          usable == block.usable(),
          () -> "a free threw, and the block is there with %d bytes".formatted(usable));
      live.put(block.address(), block);
      named.put(name, block);
    } catch (MisuseException | CorruptionException e) {
      trial.fact();
    }
  }

  private void forget(String name, Block block) {
    live.remove(block.address());
    named.remove(name);
  }

  /** {@return false if a failure below came through} */
  private boolean freed(Runnable call) {
    long calls = ground.calls;
    try {
      call.run();
      return true;
    } catch (TierVacantException | IllegalStateException e) {
      if (!failing || ground.calls == calls) {
        throw Broken.by("allocator.19", "a call threw what it must not", e);
      }
      failing = ground.failIn > 0;
      return false;
    } catch (AllocatorException e) {
      throw Broken.by("heap.16", "a free was refused", e);
    }
  }

  private void bulk(String[] words) {
    Map<String, Block> gone = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      Block block = named.get(words[i]);
      if (block != null) {
        verify(block, block.usable(), "heap.6");
        forget(words[i], block);
        gone.put(words[i], block);
      }
    }
    long[] array = new long[2 * gone.size() + 3]; // zeros between, and something at both ends
    array[0] = BEYOND;
    array[array.length - 1] = BEYOND;
    int next = 2;
    for (Block each : gone.values()) {
      array[next] = each.address();
      next += 2;
    }
    boolean done = freed(() -> heap.freeBulk(cpu(words[1]), array, 1, array.length - 2));
    if (!done) {
      gone.forEach(this::settle);
    }
    for (int i = 1; done && i < array.length - 1; i++) {
      int at = i;
      trial.require("heap.19", array[i] == 0, () -> "entry " + at + " is not 0 after a bulk free");
    }
    trial.require(
        "heap.19",
        array[0] == BEYOND && array[array.length - 1] == BEYOND,
        () -> "an entry outside the range changed");
  }

  private void refused(int cpu, long address) {
    if (live.containsKey(address)) {
      return;
    }
    refuses("free", address, () -> heap.free(cpu, address));
    refuses("resize", address, () -> heap.resize(cpu, address, 100));
    refuses("resizeInPlace", address, () -> heap.resizeInPlace(cpu, address, 100));
    refuses("usableSize", address, () -> heap.usableSize(address));
  }

  private void refuses(String call, long address, Runnable body) {
    try {
      body.run();
    } catch (MisuseException | CorruptionException e) {
      trial.require(
          "heap.17", e.getMessage() != null, () -> call + " was refused without a message");
      return;
    } catch (RuntimeException e) {
      throw Broken.by("heap.17", "%s of 0x%x, no live block".formatted(call, address), e);
    }
    throw new Broken("heap.17", "%s of 0x%x, no live block, was accepted".formatted(call, address));
  }

  private void wrong(int cpu) {
    illegal("heap.8", "allocate of -1", () -> heap.allocate(cpu, -1));
    illegal("heap.8", "allocateZeroed of -1", () -> heap.allocateZeroed(cpu, -1));
    illegal("heap.11", "an alignment of 3", () -> heap.allocateAligned(cpu, 3, 100));
    illegal("heap.11", "an alignment of 0", () -> heap.allocateAligned(cpu, 0, 100));
    illegal(
        "heap.12",
        "a group with a size of -1",
        () -> heap.allocateAll(cpu, new long[] {16, -1}, false, new long[2]));
  }

  private void illegal(String clause, String what, Runnable call) {
    try {
      call.run();
    } catch (IllegalArgumentException | MisuseException e) {
      trial.fact();
      return;
    } catch (RuntimeException e) {
      throw Broken.by(clause, what, e);
    }
    throw new Broken(clause, what + " was accepted");
  }

  private void trim(long keep) {
    long before = heap.footprint();
    long[] given = {0};
    if (freed(() -> given[0] = heap.trim(keep))) {
      trial.require(
          "heap.21",
          given[0] >= 0 && heap.footprint() == before - given[0],
          () ->
              "trim said %d, and the footprint went from %d to %d"
                  .formatted(given[0], before, heap.footprint()));
    }
  }

  // -------------------------------------------------------------------------------------- transfer

  /** {@return whether the provider adopts what it exports in any form} */
  static List<TransferForm> forms(HeapEngine engine) {
    return engine.exportForms().stream().filter(engine.importForms()::contains).toList();
  }

  private void adopt(String form) {
    Optional<TransferForm> wanted =
        forms(heap).stream().filter(each -> each.toString().equals(form)).findFirst();
    if (wanted.isEmpty()) {
      return; // not offered as things are now
    }
    drain();
    CensusSummary before = heap.census();
    HeapEngine next = open();
    try {
      next.adopt(heap.exportState(wanted.get()));
    } catch (RuntimeException e) {
      throw Broken.by("allocator.13", "what the same provider exported was not adopted", e);
    }
    heap.handedOver();
    close(heap);
    heap = next;
    peak = heap.footprint();
    last = peak;
    limit = Long.MAX_VALUE; // the successor was not told
    requireCensus("allocator.13", before);
  }

  private void drain() {
    ground.failIn = 0;
    failing = false;
    heap.drain();
  }

  private void rehearse() {
    drain();
    CensusSummary before = heap.census();
    HeapEngine next = open();
    try {
      next.rebuild(new HeapEstate(ground, live()), true);
    } catch (TransferRefusedException e) {
      requireReason(e);
    }
    trial.require(
        "allocator.15",
        next.census().liveCount() == 0 && next.census().liveUnits() == 0,
        () -> "a rehearsal changed the successor: " + next.census());
    close(next);
    requireCensus("allocator.15", before);
  }

  private void requireReason(TransferRefusedException refusal) {
    String message = refusal.getMessage();
    trial.require(
        "allocator.16",
        message != null && !message.isBlank(),
        () -> "a transfer was refused without a reason");
  }

  private void rebuild() {
    drain();
    CensusSummary before = heap.census();
    HeapEngine next = open();
    HeapEstate estate = new HeapEstate(ground, live());
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
      requireCensus("allocator.16", before);
      return; // the blocks would lodge
    }
    requireCensus("allocator.15", before);
    close(heap);
    heap = next;
    peak = heap.footprint();
    last = peak;
    limit = Long.MAX_VALUE; // the successor was not told
    requireCensus("allocator.14", before);
    trial.require(
        "allocator.16",
        heap.footprint() == ground.backedBytes(),
        () ->
            "after a rebuild the footprint is %d, and %d are held"
                .formatted(heap.footprint(), ground.backedBytes()));
    ground.releaseUnbacked();
  }

  private List<long[]> live() {
    return live.values().stream().map(each -> new long[] {each.address(), each.usable()}).toList();
  }

  private void requireCensus(String clause, CensusSummary before) {
    CensusSummary now = heap.census();
    trial.require(
        clause,
        now.liveCount() == before.liveCount()
            && now.liveUnits() == before.liveUnits()
            && now.checksum() == before.checksum(),
        () -> "the census was %s and is %s".formatted(before, now));
  }

  private void close(HeapEngine engine) {
    try {
      engine.close();
      engine.close();
      trial.fact();
    } catch (RuntimeException e) {
      throw Broken.by("allocator.17", "close", e);
    }
  }

  // ----------------------------------------------------------------------------- what always holds

  private void check() {
    drain();
    walk();
    managed();
    for (Block block : live.values()) {
      verify(block, block.usable(), "heap.6");
      trial.require(
          "heap.20",
          heap.usableSize(block.address()) == block.usable(),
          () -> "the usable size of 0x%x changed".formatted(block.address()));
    }
    invariants();
    texts();
  }

  private void walk() {
    Map<Long, Long> shown = new HashMap<>();
    CensusCount count = new CensusCount();
    heap.walk((base, size, attributes) -> {
      trial.require(
          "allocator.5",
          shown.put(base, size) == null,
          () -> "the block at 0x%x was shown twice".formatted(base));
      return count.visit(base, size, attributes);
    });
    for (Block block : live.values()) {
      @Nullable Long size = shown.remove(block.address());
      trial.require(
          "allocator.5",
          size != null && size == block.usable(),
          () ->
              "the block of %d at 0x%x was shown with size %s"
                  .formatted(block.usable(), block.address(), size));
    }
    trial.require(
        "allocator.5", shown.isEmpty(), () -> shown.size() + " blocks shown that are not live");
    CensusSummary summed = count.summary(sumOfManaged());
    CensusSummary census = heap.census();
    trial.require(
        "allocator.9",
        census.equals(summed),
        () -> "the census is %s, and the walk says %s".formatted(census, summed));
    int[] seen = {0};
    heap.walk((base, size, attributes) -> ++seen[0] < 1);
    trial.require(
        "allocator.6",
        seen[0] == Math.min(1, live.size()),
        () -> "a walk that was ended went on for %d blocks".formatted(seen[0]));
  }

  private long sumOfManaged() {
    long[] sum = {0};
    heap.managed((base, size, attributes) -> {
      sum[0] += size;
      return true;
    });
    return sum[0];
  }

  private void managed() {
    TreeMap<Long, Long> ranges = new TreeMap<>();
    heap.managed((base, size, attributes) -> {
      Map.Entry<Long, Long> below = ranges.lowerEntry(base + size);
      trial.require(
          "allocator.8",
          below == null || below.getKey() + below.getValue() <= base,
          () -> "the range of %d at 0x%x overlaps another".formatted(size, base));
      ranges.put(base, size);
      return true;
    });
    for (Block block : live.values()) {
      trial.require(
          "allocator.7",
          covers(ranges, block.address(), block.end()),
          () -> "no managed range holds the block at 0x%x".formatted(block.address()));
    }
    long footprint = heap.footprint();
    trial.require(
        "heap.22",
        footprint == ground.backedBytes() && footprint == sumOfManaged(),
        () ->
            "the footprint is %d, the managed ranges are %d, and %d are held with frames"
                .formatted(footprint, sumOfManaged(), ground.backedBytes()));
  }

  // Neighbouring ranges may be shown apart.
  private static boolean covers(NavigableMap<Long, Long> ranges, long from, long to) {
    for (long at = from; at < to; ) {
      Map.Entry<Long, Long> range = ranges.floorEntry(at);
      if (range == null || range.getKey() + range.getValue() <= at) {
        return false;
      }
      at = range.getKey() + range.getValue();
    }
    return true;
  }

  private void invariants() {
    try {
      long facts = heap.checkInvariants();
      trial.require(
          "allocator.10",
          facts > 0 || live.isEmpty(),
          () -> "checkInvariants looked at nothing, with %d blocks live".formatted(live.size()));
    } catch (RuntimeException e) {
      throw Broken.by("allocator.10", "checkInvariants", e);
    }
  }

  private void texts() {
    try {
      trial.require("allocator.3", heap.statistics() != null, () -> "statistics are null");
      for (String name : heap.reports()) {
        trial.facts(1 + heap.report(name).size());
      }
    } catch (RuntimeException e) {
      throw Broken.by("allocator.4", "statistics or a report", e);
    }
  }

  private void end() {
    limit(Long.MAX_VALUE);
    for (Map.Entry<String, Block> each : List.copyOf(named.entrySet())) {
      free(each.getKey(), each.getValue(), () -> heap.free(0, each.getValue().address()));
    }
    heap.drain();
    heap.trim(0);
    check();
    trial.require(
        "heap.28",
        heap.census().liveCount() == 0,
        () -> "blocks are live after all were freed: " + heap.census());
    close(heap);
  }
}
