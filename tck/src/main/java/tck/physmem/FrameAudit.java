package tck.physmem;

import static tck.physmem.FrameSubject.done;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.ZoneReport;
import tck.Broken;
import tck.Trial;

/** Compares all that an engine says of itself with what a script knows. */
final class FrameAudit {
  private final FrameSubject subject;
  private final FrameLedger ledger;
  private final Trial trial;

  FrameAudit(FrameSubject subject) {
    this.subject = subject;
    this.ledger = subject.ledger();
    this.trial = subject.trial();
  }

  void run() {
    FrameEngine engine = subject.engine();
    engine.drain();
    subject.same();
    walk(engine);
    zones(engine);
    trial.require("physmem.17", engine.metadataBytes() >= 0, () -> "negative metadata");
    try {
      long facts = engine.checkInvariants();
      trial.require(
          "allocator.10", facts > 0 || ledger.hasNone(), () -> "checkInvariants looked at nothing");
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

  private void walk(FrameEngine engine) {
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
      whole[0] += isBlock(base, size, attributes) ? 1 : 0;
      return count.visit(base, size, attributes);
    });
    BitSet wrong = (BitSet) shown.clone();
    wrong.xor(ledger.live());
    trial.require(
        "allocator.5",
        wrong.isEmpty() && whole[0] == ledger.blockCount(),
        () ->
            "%d frames are live and not shown, or shown and not live, the first 0x%x"
                .formatted(wrong.cardinality(), wrong.nextSetBit(0)));
    summed(engine, count);
  }

  private boolean isBlock(long base, long size, long attributes) {
    Optional<FramePiece> block = ledger.block(base);
    int order = FrameFlags.order(attributes);
    trial.require(
        "physmem.23",
        block.stream().allMatch(piece -> piece.order() == order && piece.count() == size),
        () ->
            "%d frames at 0x%x were shown with order %d, and are %s"
                .formatted(size, base, order, block));
    return block.isPresent();
  }

  private void summed(FrameEngine engine, CensusCount count) {
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
    BitSet outside = (BitSet) ledger.live().clone();
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
        seen[0] == Math.min(1, ledger.live().cardinality()),
        () -> "a walk that was ended went on for %d ranges".formatted(seen[0]));
  }

  private void zones(FrameEngine engine) {
    List<ZoneReport> zones = engine.zones();
    long total = zones.stream().mapToLong(zone -> zone.free() + zone.cached()).sum();
    trial.require(
        "physmem.18",
        total == engine.freeFrames(),
        () -> "the zones have %d frames free, the engine %d".formatted(total, engine.freeFrames()));
    for (ZoneReport zone : zones) {
      long sum = 0;
      for (int order = 0; order < zone.freeBlocks().size(); order++) {
        sum += zone.freeBlocks().get(order) << order;
      }
      long blocks = sum;
      trial.require(
          "physmem.18",
          blocks == zone.free(),
          () ->
              "the free blocks of node %d, zone %s have %d frames: %s, and %d are free"
                  .formatted(zone.node(), zone.name(), blocks, zone.freeBlocks(), zone.free()));
    }
  }
}
