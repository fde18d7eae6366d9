package tck.physmem;

import static tck.physmem.FrameSubject.done;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tck.Broken;
import tck.Trial;

/** The steps of a script that free frames, rightly or wrongly. */
final class FrameFrees {
  private final FrameSubject subject;
  private final FrameLedger ledger;
  private final Trial trial;

  FrameFrees(FrameSubject subject) {
    this.subject = subject;
    this.ledger = subject.ledger();
    this.trial = subject.trial();
  }

  /** Takes a step {@code KIND CPU NAME …} if something has the name. */
  void onPiece(String[] words) {
    ledger.piece(words[2]).ifPresent(piece -> onPiece(words, piece));
  }

  private void onPiece(String[] words, FramePiece piece) {
    int cpu = subject.cpu(words[1]);
    switch (words[0]) {
      case "free" -> free(words[2], piece, cpu);
      case "free-part" -> part(words, piece, cpu);
      case "free-twice" -> {
        free(words[2], piece, cpu);
        subject.refused(
            clause(piece), "a free of " + piece + " a second time", () -> release(piece, cpu));
      }
      default -> misuse(piece, cpu);
    }
  }

  private static String clause(FramePiece piece) {
    return piece.isRun() ? "physmem.15" : "physmem.9";
  }

  private void release(FramePiece piece, int cpu) {
    if (piece.isRun()) {
      subject.engine().freeRange(cpu, piece.frame(), piece.count());
    } else {
      subject.engine().free(cpu, piece.frame(), piece.order());
    }
  }

  private void free(String name, FramePiece piece, int cpu) {
    done(clause(piece), () -> release(piece, cpu));
    ledger.forget(name);
  }

  /** Frees everything. */
  void all() {
    new TreeMap<>(ledger.pieces()).forEach((name, piece) -> free(name, piece, 0));
  }

  /** Frees all but every so-manieth of those that one step has named. */
  void thin(int cpu, String name, int keep) {
    for (int i = 0; ledger.piece(name + "." + i).isPresent(); i++) {
      if (i % keep != 0) {
        String each = name + "." + i;
        ledger.piece(each).ifPresent(piece -> free(each, piece, cpu));
      }
    }
  }

  /** Frees all that is left of what one step has named. */
  void release(int cpu, String name) {
    new TreeMap<>(ledger.pieces())
        .subMap(name + ".", name + "/") // the names with a number
        .forEach((each, piece) -> free(each, piece, cpu));
  }

  private void part(String[] words, FramePiece run, int cpu) {
    if (!run.isRun()) {
      return;
    }
    long offset = Long.parseLong(words[3]) % run.count();
    long count = 1 + Long.parseLong(words[4]) % (run.count() - offset);
    done("physmem.15", () -> subject.engine().freeRange(cpu, run.frame() + offset, count));
    String name = words[2];
    ledger.forget(name);
    if (offset > 0) {
      ledger.enter(name, FramePiece.run(run.frame(), offset));
    }
    long rest = run.count() - offset - count;
    if (rest > 0) {
      ledger.enter(name + "'", FramePiece.run(run.frame() + offset + count, rest));
    }
    if (count < run.count()) {
      subject.refused(
          "physmem.15",
          "a free of all of " + run + ", of which a part was freed",
          () -> release(run, cpu));
    }
  }

  private void misuse(FramePiece piece, int cpu) {
    if (piece.isRun()) {
      return; // any part of a run may be freed
    }
    if (piece.order() > 0) {
      subject.refused(
          "physmem.9",
          "a free of a frame inside of " + piece,
          () -> subject.engine().free(cpu, piece.frame() + 1, 0));
    }
    int order = piece.order();
    int other = order == subject.maxOrder() ? order - 1 : order + 1;
    if (other >= 0) {
      subject.refused(
          "physmem.9",
          "a free of " + piece + " as order " + other,
          () -> subject.engine().free(cpu, piece.frame(), other));
    }
  }

  /** Frees what is not live, if nothing at the frame is. */
  void foreign(int cpu, long frame, long wanted) {
    int order = subject.order(wanted);
    long from = frame & -(1L << order);
    if (ledger.liveIn(from, from + (1L << order)) < 0) {
      foreign(cpu, from, order);
    }
  }

  private void foreign(int cpu, long frame, int order) {
    subject.refused(
        "physmem.9",
        "a free of frame 0x%x with order %d, not live".formatted(frame, order),
        () -> subject.engine().free(cpu, frame, order));
    subject.refused(
        "physmem.15",
        "a free of a run at frame 0x%x, not live".formatted(frame),
        () -> subject.engine().freeRange(cpu, frame, 1L << order));
  }

  /** Frees frames of no RAM, with orders and counts that there are not. */
  void wrong(int cpu) {
    long beyond = subject.ground().end();
    for (long frame : new long[] {beyond, beyond + 4096, 1L << 31, 1L << 40, -1, Long.MIN_VALUE}) {
      foreign(cpu, frame, 0);
    }
    foreign(cpu, 1L << 40, subject.maxOrder());
    long frame = ledger.frameAt(0);
    for (int order : new int[] {-1, subject.maxOrder() + 1, 64}) {
      subject.refused(
          "physmem.9",
          "a free with order " + order,
          () -> subject.engine().free(cpu, frame, order));
    }
    for (long count : new long[] {0, -1, Long.MAX_VALUE}) {
      subject.refused(
          "physmem.15",
          "a free of %d frames".formatted(count),
          () -> subject.engine().freeRange(cpu, frame, count));
    }
  }

  /** Frees blocks together, those of each order in a call, between two others that stay. */
  void bulk(String[] words, boolean wrongly) {
    Map<Integer, List<String>> byOrder = new TreeMap<>();
    for (int i = 2; i < words.length; i++) {
      String name = words[i];
      ledger
          .piece(name)
          .filter(piece -> !piece.isRun())
          .map(piece -> byOrder.computeIfAbsent(piece.order(), order -> new ArrayList<>()))
          .filter(same -> !same.contains(name))
          .ifPresent(same -> same.add(name));
    }
    int cpu = subject.cpu(words[1]);
    byOrder.forEach((order, names) -> {
      if (wrongly) {
        wrongBulk(cpu, order, names);
      } else {
        bulk(cpu, order, names);
      }
    });
  }

  private void bulk(int cpu, int order, List<String> names) {
    List<String> inner = names.size() < 3 ? names : names.subList(1, names.size() - 1);
    long[] frames = frames(names);
    int from = names.size() < 3 ? 0 : 1;
    done("physmem.11", () -> subject.engine().freeBulk(cpu, order, frames, from, inner.size()));
    inner.forEach(ledger::forget);
    trial.require(
        "physmem.11",
        subject.engine().freeFrames() == ledger.freeFrames(),
        () ->
            "%d blocks of order %d were freed together: %d frames are free, expected %d"
                .formatted(
                    inner.size(), order, subject.engine().freeFrames(), ledger.freeFrames()));
  }

  private long[] frames(List<String> names) {
    return names.stream().mapToLong(name -> ledger.piece(name).orElseThrow().frame()).toArray();
  }

  // The one in the middle is not live any more: those before it may be freed, the others stay.
  private void wrongBulk(int cpu, int order, List<String> names) {
    int dead = names.size() / 2;
    long[] frames = frames(names);
    free(names.get(dead), ledger.piece(names.get(dead)).orElseThrow(), cpu);
    long free = subject.engine().freeFrames();
    try {
      subject.engine().freeBulk(cpu, order, frames.clone(), 0, frames.length);
    } catch (MisuseException | IllegalArgumentException e) {
      long freed = subject.engine().freeFrames() - free >> order;
      trial.require(
          "physmem.11",
          freed >= 0 && freed <= dead,
          () ->
              "block %d of %s was not live, and %d were freed"
                  .formatted(dead, Arrays.toString(frames), freed));
      settle(cpu, order, names, frames, dead);
      return;
    } catch (RuntimeException e) {
      throw Broken.by("physmem.11", "a bulk free with a block that is not live", e);
    }
    throw new Broken(
        "physmem.11",
        "block %d of %s was not live, and all were freed".formatted(dead, Arrays.toString(frames)));
  }

  private void settle(int cpu, int order, List<String> names, long[] frames, int dead) {
    for (int i = 0; i < dead; i++) {
      try {
        subject.engine().free(cpu, frames[i], order);
      } catch (MisuseException e) {
        trial.fact(); // the bulk free has freed it
      }
      ledger.forget(names.get(i));
    }
    for (int i = dead + 1; i < frames.length; i++) {
      String name = names.get(i);
      FramePiece piece = ledger.piece(name).orElseThrow();
      done("physmem.11", () -> release(piece, cpu));
      ledger.forget(name);
    }
  }
}
