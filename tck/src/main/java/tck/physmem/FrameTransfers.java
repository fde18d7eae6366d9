package tck.physmem;

import static tck.physmem.FrameSubject.asked;

import allocator.api.CensusSummary;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import physmem.api.FrameEngine;
import tck.Broken;
import tck.Trial;

/** The steps of a script in which another engine takes over, or tries to. */
final class FrameTransfers {
  private static final int READERS = 2; // of a relieved engine

  private final FrameSubject subject;
  private final Trial trial;

  FrameTransfers(FrameSubject subject) {
    this.subject = subject;
    this.trial = subject.trial();
  }

  /** {@return the forms that an engine exports and adopts} */
  static List<TransferForm> forms(FrameEngine engine) {
    return engine.exportForms().stream().filter(engine.importForms()::contains).toList();
  }

  void adopt(String form) {
    FrameEngine engine = subject.engine();
    Optional<TransferForm> wanted =
        forms(engine).stream().filter(each -> each.toString().equals(form)).findFirst();
    if (wanted.isEmpty()) {
      return; // not offered as things are now
    }
    engine.drain();
    CensusSummary before = engine.census();
    FrameEngine next = subject.open();
    try {
      next.adopt(engine.exportState(wanted.get()));
    } catch (TransferRefusedException e) {
      requireReason(e);
      if (!subject.ledger().isReduced()) {
        throw Broken.by("allocator.13", "refused what it exports itself", e);
      }
      requireCensus("allocator.13", before, engine.census());
      subject.close(next); // it was opened over more than the other has
      return;
    } catch (RuntimeException e) {
      throw Broken.by("allocator.13", "adopt", e);
    }
    engine.handedOver();
    subject.succeed(next);
    requireCensus("allocator.13", before, next.census());
  }

  void rehearse() {
    FrameEngine engine = subject.engine();
    engine.drain();
    CensusSummary before = engine.census();
    FrameEngine next = subject.open();
    CensusSummary empty = next.census();
    try {
      next.rebuild(FrameEstate.of(engine), true);
    } catch (TransferRefusedException e) {
      requireReason(e);
    }
    requireCensus("allocator.15", empty, next.census());
    subject.close(next);
    requireCensus("allocator.15", before, engine.census());
  }

  void rebuild() {
    subject.engine().drain();
    rebuild(FrameEstate.of(subject.engine()), "allocator.14");
  }

  /** Has an engine take over that finds some frames out of service, if they are free. */
  void reduced(int index, int count) {
    FrameLedger ledger = subject.ledger();
    long from = ledger.frameAt(index);
    long to = from + Math.max(1, count);
    if (!ledger.isFree(from, to)) {
      return;
    }
    subject.engine().drain();
    if (rebuild(FrameEstate.of(subject.engine()).without(from, to), "physmem.24")) {
      ledger.leave(from, to);
      for (long frame : new long[] {from, to - 1}) {
        trial.require(
            "physmem.24",
            asked(() -> subject.engine().allocateAt(0, frame, 1, 0) ? 1 : 0) == 0,
            () -> "frame 0x%x was out of service and is handed out".formatted(frame));
      }
    }
  }

  private boolean rebuild(FrameEstate estate, String clause) {
    FrameEngine engine = subject.engine();
    CensusSummary before = engine.census();
    FrameEngine next = subject.open();
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
      subject.close(next);
      return false;
    } catch (RuntimeException e) {
      throw Broken.by(clause, "rebuild", e);
    }
    requireCensus("allocator.15", before, engine.census());
    requireCensus(clause, estate.census(), next.census());
    relieved(engine, next);
    subject.succeed(next);
    return true;
  }

  /** Reads a predecessor from several threads while its successor serves. */
  private void relieved(FrameEngine engine, FrameEngine next) {
    FrameEstate left = FrameEstate.of(engine);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(
          Thread.ofPlatform()
              .daemon()
              .name("tck-relieved-" + i)
              .uncaughtExceptionHandler((thread, e) -> thrown.add(e))
              .start(() -> read(engine, left)));
    }
    long frame = next.allocate(0, 0, 0);
    if (frame != FrameEngine.NONE) {
      next.free(0, frame, 0);
    }
    readers.forEach(FrameTransfers::await);
    if (!thrown.isEmpty()) {
      throw Broken.by("allocator.21", "read by several threads", thrown.getFirst());
    }
    read(engine, left);
  }

  private static void await(Thread reader) {
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void read(FrameEngine engine, FrameEstate left) {
    trial.require(
        "allocator.21",
        left.isShownBy(engine) && left.census().equals(engine.census()),
        () ->
            "a relieved engine had %s and shows %s: %s"
                .formatted(left.census(), engine.census(), FrameEstate.of(engine).ranges().size()));
  }

  /** Offers estates that nobody can represent. */
  void unfit() {
    FrameEstate estate = FrameEstate.of(subject.engine());
    long beyond = subject.ground().end();
    refuse(estate.with(beyond, 1));
    refuse(estate.with(beyond + (1L << 22), 600));
    refuse(estate.with(1L << 40, 2));
  }

  private void refuse(FrameEstate estate) {
    FrameEngine next = subject.open();
    CensusSummary empty = next.census();
    long free = next.freeFrames();
    for (boolean dryRun : new boolean[] {true, false}) {
      try {
        next.rebuild(estate, dryRun);
      } catch (TransferRefusedException e) {
        requireReason(e);
        requireCensus("allocator.16", empty, next.census());
        trial.require(
            "allocator.16",
            next.freeFrames() == free && next.checkInvariants() >= 0,
            () -> "%d frames were free, and %d after a refusal".formatted(free, next.freeFrames()));
        continue;
      } catch (RuntimeException e) {
        throw Broken.by("allocator.16", "a live run beyond all RAM", e);
      }
      throw new Broken("allocator.16", "a live run beyond all RAM was taken over");
    }
    subject.close(next);
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
}
