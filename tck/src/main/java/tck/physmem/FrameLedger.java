package tck.physmem;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import physmem.api.FrameConstraints;
import physmem.api.FrameSpan;
import tck.Trial;

/**
 * What a script knows of an engine from its answers: a bit per frame for what is in service and for
 * what is live, and what is live by name. For one thread.
 */
final class FrameLedger {
  private final Trial trial;
  private final FrameGround ground;
  private final BitSet inService = new BitSet(); // frames that may be handed out
  private final BitSet live = new BitSet();
  private final Map<String, FramePiece> named = new HashMap<>();
  private final Map<Long, String> blocks = new HashMap<>(); // names by first frame; no runs

  FrameLedger(FrameGround ground, Trial trial) {
    this.ground = ground;
    this.trial = trial;
    for (FrameSpan span : ground.free()) {
      inService.set((int) span.start(), (int) span.end());
    }
  }

  // ---------------------------------------------------------------------------- what is in service

  long inService() {
    return inService.cardinality();
  }

  long freeFrames() {
    return inService.cardinality() - live.cardinality();
  }

  /** {@return whether frames that the ground has are out of service} */
  boolean isReduced() {
    return inService.cardinality() != ground.free().stream().mapToLong(FrameSpan::frames).sum();
  }

  /** {@return the frame of an index, holes not counted} */
  long frameAt(int index) {
    int left = index % Math.max(1, inService.cardinality());
    int frame = inService.nextSetBit(0);
    while (left-- > 0) {
      frame = inService.nextSetBit(frame + 1);
    }
    return frame;
  }

  void leave(long from, long to) {
    inService.clear((int) from, (int) to);
  }

  void join(long from, long to) {
    inService.set((int) from, (int) to);
  }

  // ---------------------------------------------------------------------------------- what is live

  boolean hasNone() {
    return live.isEmpty();
  }

  BitSet live() {
    return live;
  }

  int blockCount() {
    return blocks.size();
  }

  /** {@return the first live frame of a range, or -1} */
  long liveIn(long from, long to) {
    int taken = live.get((int) from, (int) to).nextSetBit(0); // no search through what lies behind
    return taken < 0 ? -1 : from + taken;
  }

  /** {@return whether all frames of a range are in service and none is live} */
  boolean isFree(long from, long to) {
    return inService.nextClearBit((int) from) >= to && liveIn(from, to) < 0;
  }

  /** {@return whether something has a name, or the first of several the name with a number} */
  boolean isTaken(String name) {
    return named.containsKey(name) || named.containsKey(name + ".0");
  }

  Optional<FramePiece> piece(String name) {
    return Optional.ofNullable(named.get(name));
  }

  Map<String, FramePiece> pieces() {
    return Map.copyOf(named);
  }

  /** {@return the block that begins at a frame} */
  Optional<FramePiece> block(long frame) {
    return Optional.ofNullable(blocks.get(frame)).map(named::get);
  }

  /** Enters what a call has given. */
  void enter(String name, FramePiece piece) {
    trial.require(
        "physmem.4",
        piece.frame() >= 0 && inService.nextClearBit((int) piece.frame()) >= piece.end(),
        () -> piece + " holds frames that are not free RAM");
    long taken = liveIn(piece.frame(), piece.end());
    trial.require(
        "physmem.3", taken < 0, () -> piece + " holds frame 0x%x, which is live".formatted(taken));
    live.set((int) piece.frame(), (int) piece.end());
    named.put(name, piece);
    if (!piece.isRun()) {
      blocks.put(piece.frame(), name);
    }
  }

  void forget(String name) {
    FramePiece piece = Objects.requireNonNull(named.remove(name), name);
    blocks.remove(piece.frame(), name);
    live.clear((int) piece.frame(), (int) piece.end());
  }

  /** Notes that a block lies elsewhere now. */
  void move(long from, long to) {
    String name = Objects.requireNonNull(blocks.get(from), "no block at " + from);
    FramePiece piece = Objects.requireNonNull(named.get(name), name);
    forget(name);
    enter(name, new FramePiece(to, piece.count(), piece.order(), piece.flags()));
  }

  // ---------------------------------------------------------------------------- what could be
  // given

  /** {@return whether an aligned block is free within one zone that the flags allow} */
  boolean hasBlock(int order, int flags) {
    long size = 1L << order;
    return hasRun(size, new FrameConstraints(0, Long.MAX_VALUE, size, 0), flags);
  }

  /** {@return whether a run is free within one zone that the flags allow, and keeps constraints} */
  boolean hasRun(long count, FrameConstraints where, int flags) {
    return ground.plots().stream()
        .filter(plot -> plot.serves(flags))
        .anyMatch(plot -> hasRun(plot, count, where));
  }

  private boolean hasRun(FramePlot plot, long count, FrameConstraints where) {
    long last = Math.min(plot.end(), where.high()) - count;
    for (long at = up(Math.max(plot.start(), where.low()), where); at <= last; ) {
      long blocked = blockedIn(at, at + count);
      if (blocked < 0 && !crosses(at, count, where.boundary())) {
        return true;
      }
      at = up(Math.max(at, blocked) + 1, where);
    }
    return false;
  }

  private static long up(long frame, FrameConstraints where) {
    return frame + where.align() - 1 & -where.align();
  }

  private static boolean crosses(long at, long count, long boundary) {
    return boundary != 0 && at / boundary != (at + count - 1) / boundary;
  }

  // The first frame that is not free, or -1.
  private long blockedIn(long from, long to) {
    long taken = liveIn(from, to);
    long absent = inService.nextClearBit((int) from);
    absent = absent < to ? absent : -1;
    return taken < 0 || absent < 0 ? Math.max(taken, absent) : Math.min(taken, absent);
  }
}
