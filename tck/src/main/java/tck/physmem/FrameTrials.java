package tck.physmem;

import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;
import tck.Broken;
import tck.Skipped;
import tck.Trial;

/** Checks of a frame engine that are no scripts. */
final class FrameTrials {
  private final FrameProvider frames;

  FrameTrials(FrameProvider frames) {
    this.frames = frames;
  }

  private FrameEngine open(String ram, int cpus, Trial trial) {
    return frames.open(FrameGround.named(ram, cpus), trial.options().settings());
  }

  void open(Trial trial) {
    trial.require(
        "allocator.1",
        frames.model() != null && !frames.model().isBlank(),
        () -> "the provider's model is " + frames.model());
    for (String ram : FrameScripts.GROUNDS) {
      FrameEngine engine = open(ram, 2, trial);
      trial.require(
          "allocator.2",
          engine.model() != null && !engine.model().isBlank(),
          () -> "the engine's model is " + engine.model());
      CensusSummary census = engine.census();
      trial.require(
          "physmem.1", census.liveCount() == 0, () -> "the census of a new engine is " + census);
      noSuchReport(engine, trial);
      engine.checkInvariants();
      engine.close();
      engine.close();
    }
  }

  private static void noSuchReport(FrameEngine engine, Trial trial) {
    try {
      engine.report("no such report");
    } catch (IllegalArgumentException e) {
      trial.fact();
      return;
    }
    throw new Broken("allocator.4", "a report that there is not was printed");
  }

  // What could be had of every order at the start can be had again when all was freed.
  void recovery(Trial trial) {
    for (String ram : FrameScripts.GROUNDS) {
      FrameEngine engine = open(ram, 2, trial);
      int most = engine.maxOrder();
      for (int order = most; order >= 0; order = order == 0 ? -1 : order / 2) {
        int first = fillAndFree(engine, order, trial);
        fillAndFree(engine, 0, trial);
        int again = fillAndFree(engine, order, trial);
        int wanted = order;
        trial.require(
            "physmem.8",
            again == first,
            () ->
                "%d blocks of order %d at first, and %d after all was freed"
                    .formatted(first, wanted, again));
      }
      engine.checkInvariants();
      engine.close();
    }
  }

  private static int fillAndFree(FrameEngine engine, int order, Trial trial) {
    List<Long> blocks = new ArrayList<>();
    long free = engine.freeFrames();
    for (long frame = engine.allocate(blocks.size() % 2, order, 0);
        frame != FrameEngine.NONE;
        frame = engine.allocate(blocks.size() % 2, order, 0)) {
      blocks.add(frame);
      trial.require(
          "physmem.8", blocks.size() << order <= free, () -> "more frames than there are");
    }
    // Every third first, so that what is joined again comes from all sides.
    for (int step = 0; step < 3; step++) {
      for (int i = step; i < blocks.size(); i += 3) {
        engine.free(i % 2, blocks.get(i), order);
      }
    }
    engine.drain();
    trial.require(
        "physmem.16",
        engine.freeFrames() == free,
        () -> "%d frames were free, and %d are".formatted(free, engine.freeFrames()));
    return blocks.size();
  }

  // Frames with faults, free and in use: one that is out of service never comes again.
  void poison(Trial trial) {
    FrameEngine engine = open("one", 1, trial);
    long used = engine.allocate(0, 0, 0);
    long bad = 0;
    for (long frame = 7; frame < 4000; frame += 911) {
      if (frame != used && engine.poison(frame, FrameTrials::refuse)) {
        bad = frame;
        gone(engine, frame, trial);
      }
    }
    boolean out = engine.poison(used, FrameTrials::refuse);
    trial.require(
        "physmem.22",
        !out && engine.census().liveCount() == 1,
        () -> "a frame with a fault that is in use is not live any more: " + engine.census());
    engine.checkInvariants();
    if (bad == 0) {
      engine.close();
      throw new Skipped("it cannot leave single frames out");
    }
    engine.free(0, used, 0);
    engine.drain();
    gone(engine, used, trial);
    notInService(engine, bad, trial);
    notInService(engine, 1L << 40, trial);
    engine.checkInvariants();
    engine.close();
  }

  private static boolean refuse(long from, long to, int order) {
    return false;
  }

  private static void gone(FrameEngine engine, long bad, Trial trial) {
    trial.require(
        "physmem.22",
        !engine.allocateAt(0, bad, 1, 0),
        () -> "frame 0x%x has a fault and was handed out".formatted(bad));
  }

  private static void notInService(FrameEngine engine, long frame, Trial trial) {
    long free = engine.freeFrames();
    try {
      engine.poison(frame, FrameTrials::refuse);
    } catch (MisuseException e) {
      trial.require(
          "physmem.22",
          engine.freeFrames() == free,
          () -> "a refused poison of frame 0x%x changed it".formatted(frame));
      return;
    }
    throw new Broken(
        "physmem.22",
        "poison of frame 0x%x, which is not in service, was accepted".formatted(frame));
  }

  // Two engines of one provider.
  void apart(Trial trial) {
    FrameEngine one = open("one", 1, trial);
    FrameEngine other = open("one", 1, trial);
    for (int i = 0; i < 300; i++) {
      one.allocate(0, i % 4, 0);
    }
    trial.require(
        "allocator.20",
        other.census().liveCount() == 0 && other.checkInvariants() >= 0,
        () -> "blocks of one engine show in another: " + other.census());
    long frame = other.allocate(0, 2, 0);
    one.close();
    trial.require(
        "allocator.20",
        other.census().liveCount() == 1,
        () -> "an engine changed as another was closed: " + other.census());
    other.free(0, frame, 2);
    other.close();
  }
}
