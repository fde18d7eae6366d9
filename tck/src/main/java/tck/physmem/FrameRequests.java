package tck.physmem;

import static tck.physmem.FrameSubject.asked;

import java.util.Arrays;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import tck.Trial;

/** The steps of a script that ask for frames. */
final class FrameRequests {
  private static final long MIB = 256; // in frames
  private static final long UNTOUCHED = -7;

  private final FrameSubject subject;
  private final FrameLedger ledger;
  private final Trial trial;

  FrameRequests(FrameSubject subject) {
    this.subject = subject;
    this.ledger = subject.ledger();
    this.trial = subject.trial();
  }

  /** Takes a step {@code NAME = KIND CPU …}; {@return whether it knows the kind}. */
  boolean take(String[] words) {
    String name = words[0];
    int cpu = subject.cpu(words[3]);
    switch (words[2]) {
      case "allocate" -> one(name, cpu, order(words[4]), Integer.parseInt(words[5]));
      case "fill" -> fill(name, cpu, order(words[4]), Integer.parseInt(words[5]));
      case "bulk" -> bulk(name, cpu, order(words[4]), Integer.parseInt(words[5]));
      case "at" -> at(name, cpu, Integer.parseInt(words[4]), Long.parseLong(words[5]));
      case "run" -> run(words, cpu);
      default -> {
        return false;
      }
    }
    return true;
  }

  private int order(String word) {
    return subject.order(Long.parseLong(word));
  }

  private boolean one(String name, int cpu, int order, int flags) {
    boolean patient = (flags & FrameFlags.NO_RETRY) == 0 && !subject.mayKeepBack();
    long frame =
        subject.requested(
            () -> subject.engine().allocate(cpu, order, flags),
            () -> patient && ledger.hasBlock(order, flags));
    if (frame != FrameEngine.NONE) {
      block(name, frame, order, flags);
      return true;
    }
    trial.require(
        "physmem.8",
        !patient || !ledger.hasBlock(order, flags),
        () -> "a block of order %d, flags 0x%x was refused, and is free".formatted(order, flags));
    return false;
  }

  private void fill(String name, int cpu, int order, int flags) {
    for (int i = 0; one(name + "." + i, cpu, order, flags); i++) {}
  }

  private void block(String name, long frame, int order, int flags) {
    FramePiece piece = FramePiece.block(frame, order, flags);
    trial.require("physmem.5", (frame & ((1L << order) - 1)) == 0, () -> piece + " is not aligned");
    trial.require(
        "physmem.6",
        piece.end() <= FramePlot.limit(flags),
        () -> piece + " is above the zone that was asked for");
    ledger.enter(name, piece);
  }

  private void bulk(String name, int cpu, int order, int count) {
    long[] into = new long[count + 2];
    Arrays.fill(into, UNTOUCHED);
    int got = (int) asked(() -> subject.engine().allocateBulk(cpu, order, 0, into, 1, count));
    trial.require(
        "physmem.10", got >= 0 && got <= count, () -> got + " of " + count + " were allocated");
    for (int i = 0; i < got; i++) {
      block(name + "." + i, into[1 + i], order, 0);
    }
    trial.require(
        "physmem.10",
        into[0] == UNTOUCHED
            && Arrays.stream(into, 1 + got, into.length).allMatch(each -> each == UNTOUCHED),
        () -> "elements that were not filled have changed: " + Arrays.toString(into));
    if (got < count) {
      one(name + "." + got, cpu, order, 0); // what one call can have, the other could
      trial.require(
          "physmem.10",
          subject.mayKeepBack() || ledger.piece(name + "." + got).isEmpty(),
          () -> "%d of %d were allocated, and one more could be had".formatted(got, count));
    }
  }

  private void at(String name, int cpu, int index, long count) {
    long frame = ledger.frameAt(index);
    boolean free = ledger.isFree(frame, frame + count);
    boolean got = asked(() -> subject.engine().allocateAt(cpu, frame, count, 0) ? 1 : 0) == 1;
    trial.require(
        "physmem.12",
        got == free,
        () ->
            "allocateAt of %d frames at 0x%x said %s, and the frames are%s all free"
                .formatted(count, frame, got, free ? "" : " not"));
    if (got) {
      ledger.enter(name, FramePiece.run(frame, count));
    }
  }

  private void run(String[] words, int cpu) {
    long count = Long.parseLong(words[4]);
    long align = 1L << (Long.parseLong(words[5]) % 12);
    long width = Long.parseLong(words[6]);
    long boundary = width == 0 ? 0 : 1L << (width % 20);
    long low = Long.parseLong(words[7]) * MIB;
    long high = Math.max(low + 1, Long.parseLong(words[8]) * MIB);
    FrameConstraints where = new FrameConstraints(low, high, align, boundary);
    long frame =
        subject.requested(
            () -> subject.engine().allocateContiguous(cpu, count, where, 0),
            () -> ledger.hasRun(count, where, 0));
    if (frame == FrameEngine.NONE) {
      trial.require(
          "physmem.14",
          subject.mayKeepBack() || !ledger.hasRun(count, where, 0),
          () -> "a run of %d frames within %s was refused, and is free".formatted(count, where));
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
    ledger.enter(words[0], FramePiece.run(frame, count));
  }

  /** Asks for what there is not. */
  void wrong(int cpu) {
    int most = subject.maxOrder();
    subject.refused("physmem.7", "order -1", () -> subject.engine().allocate(cpu, -1, 0));
    subject.refused(
        "physmem.7", "an order too large", () -> subject.engine().allocate(cpu, most + 1, 0));
    long beyond = subject.ground().end();
    for (long frame : new long[] {beyond, beyond - 1, 1L << 40}) {
      trial.require(
          "physmem.12",
          asked(() -> subject.engine().allocateAt(cpu, frame, 2, 0) ? 1 : 0) == 0,
          () -> "allocateAt of 2 frames at 0x%x, which goes beyond all RAM".formatted(frame));
    }
  }
}
