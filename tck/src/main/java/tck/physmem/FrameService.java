package tck.physmem;

import static tck.physmem.FrameSubject.asked;

import allocator.api.MisuseException;
import java.util.Optional;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FrameSpan;
import tck.Broken;
import tck.Trial;

/** The steps of a script that have blocks moved and take frames out of service. */
final class FrameService {
  private final FrameSubject subject;
  private final FrameLedger ledger;
  private final Trial trial;

  FrameService(FrameSubject subject) {
    this.subject = subject;
    this.ledger = subject.ledger();
    this.trial = subject.trial();
  }

  /** The owner of all blocks. */
  private final class Mover implements FrameMover {
    private final boolean willing;
    private long moved;

    Mover(boolean willing) {
      this.willing = willing;
    }

    @Override
    public boolean move(long from, long to, int order) {
      Optional<FramePiece> block = ledger.block(from);
      trial.require(
          "physmem.19",
          block
              .filter(piece -> piece.order() == order)
              .filter(piece -> FrameFlags.mobility(piece.flags()) == FrameFlags.MOVABLE)
              .isPresent(),
          () -> "0x%x of order %d was to be moved: %s".formatted(from, order, block));
      trial.require(
          "physmem.19",
          ledger.isFree(to, to + (1L << order)),
          () -> "a block was to be moved to 0x%x, which is not free".formatted(to));
      if (willing) {
        ledger.move(from, to);
        moved++;
      }
      return willing;
    }
  }

  /** Has blocks moved together; with every third order the owner refuses. */
  void compact(int order) {
    Mover mover = new Mover(order % 3 != 2);
    long moved = asked(() -> subject.engine().compact(order, mover));
    trial.require(
        "physmem.19",
        moved == mover.moved,
        () -> "%d blocks are said to have moved, and %d have".formatted(moved, mover.moved));
  }

  /** Takes frames of one span out of service; brings them back if told to. */
  void offline(int index, int count, boolean back) {
    long frame = ledger.frameAt(index);
    FrameSpan span =
        subject.ground().free().stream()
            .filter(each -> each.start() <= frame && frame < each.end())
            .findFirst()
            .orElseThrow();
    long frames = Math.min(Math.max(1, count), span.end() - frame);
    FrameSpan gone = new FrameSpan(frame, frames, span.node());
    FrameEngine engine = subject.engine();
    if (asked(() -> engine.offline(gone, new Mover(true)) ? 1 : 0) == 0) {
      return;
    }
    long taken = ledger.liveIn(gone.start(), gone.end());
    trial.require(
        "physmem.21",
        taken < 0,
        () -> "frame 0x%x is live and was taken out of service".formatted(taken));
    ledger.leave(gone.start(), gone.end());
    subject.counted();
    notGiven("physmem.21", gone.start());
    notGiven("physmem.21", gone.end() - 1);
    if (back) {
      trial.require(
          "physmem.20",
          asked(() -> engine.online(gone) ? 1 : 0) == 1,
          () -> "%s went out of service and may not come back".formatted(gone));
      ledger.join(gone.start(), gone.end());
    }
  }

  private void notGiven(String clause, long frame) {
    trial.require(
        clause,
        asked(() -> subject.engine().allocateAt(0, frame, 1, 0) ? 1 : 0) == 0,
        () -> "frame 0x%x is out of service and was handed out".formatted(frame));
  }

  /** Says that a free frame has a fault. */
  void poison(int index) {
    long frame = ledger.frameAt(index);
    if (!ledger.isFree(frame, frame + 1)) {
      return;
    }
    if (asked(() -> subject.engine().poison(frame, new Mover(true)) ? 1 : 0) == 0) {
      return; // it cannot leave single frames out
    }
    ledger.leave(frame, frame + 1);
    notGiven("physmem.22", frame);
    poisonRefused(frame);
    poisonRefused(subject.ground().end() + 7);
  }

  private void poisonRefused(long frame) {
    String what = "poison of frame 0x%x, which is not in service,".formatted(frame);
    long free = subject.engine().freeFrames();
    try {
      subject.engine().poison(frame, new Mover(true));
    } catch (MisuseException e) {
      trial.require(
          "physmem.22", subject.engine().freeFrames() == free, () -> what + " has changed it");
      return;
    } catch (RuntimeException e) {
      throw Broken.by("physmem.22", what, e);
    }
    throw new Broken("physmem.22", what + " was accepted");
  }
}
