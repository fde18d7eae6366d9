package tck.heap;

import allocator.api.CensusSummary;
import allocator.api.Explanation;
import heap.api.ExplainingEngine;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import heap.api.HeapRequest;
import heap.api.HeapRequest.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tck.Skipped;
import tck.Trial;

/** Calls that are explained before they are made, so that the explanation can be held to them. */
final class HeapForesight {
  private static final int CALLS = 4000;
  private static final int MOST_LIVE = 200;

  private final HeapProvider heaps;

  HeapForesight(HeapProvider heaps) {
    this.heaps = heaps;
  }

  void run(Trial trial) {
    HeapGround ground = new HeapGround(16L << 20, 2);
    HeapEngine heap = heaps.open(ground, trial.options().settings());
    if (!(heap instanceof ExplainingEngine explaining)) {
      heap.close();
      throw new Skipped("it does not explain its calls");
    }
    Random random = new Random(trial.options().seed());
    List<Long> live = new ArrayList<>();
    for (int i = trial.options().times(CALLS); i > 0; i--) {
      HeapRequest request = request(random, live);
      CensusSummary before = heap.census();
      Explanation explanation = explaining.explain(request);
      trial.require(
          "heap.29",
          before.equals(heap.census()),
          () -> "%s was explained, and %s became %s".formatted(request, before, heap.census()));
      long place = make(heap, request, live);
      explanation
          .place()
          .ifPresent(expected ->
              trial.require(
                  "heap.29",
                  place == expected,
                  () ->
                      "%s was to lie at 0x%x and lies at 0x%x"
                          .formatted(request, expected, place)));
    }
    heap.checkInvariants();
    heap.close();
    ground.close();
  }

  private static HeapRequest request(Random random, List<Long> live) {
    int cpu = random.nextInt(2);
    long bytes = random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(600);
    boolean full = live.size() > MOST_LIVE;
    int choice = live.isEmpty() ? random.nextInt(6) : random.nextInt(full ? 6 : 0, 12);
    return switch (choice) {
      case 0, 1, 2, 3 -> new HeapRequest(Kind.ALLOCATE, cpu, 0, 0, bytes);
      case 4 -> new HeapRequest(Kind.ZEROED, cpu, 0, 0, bytes);
      case 5 -> new HeapRequest(Kind.ALIGNED, cpu, 0, 1L << random.nextInt(13), bytes);
      case 6, 7 -> new HeapRequest(Kind.RESIZE, cpu, any(random, live), 0, bytes);
      default -> new HeapRequest(Kind.FREE, cpu, any(random, live), 0, 0);
    };
  }

  private static long any(Random random, List<Long> live) {
    return live.get(random.nextInt(live.size()));
  }

  /** {@return where the block lies; of one that was freed, where it lay} */
  private static long make(HeapEngine heap, HeapRequest request, List<Long> live) {
    int cpu = request.cpu();
    long old = request.address();
    long place =
        switch (request.kind()) {
          case ALLOCATE -> heap.allocate(cpu, request.bytes());
          case ZEROED -> heap.allocateZeroed(cpu, request.bytes());
          case ALIGNED -> heap.allocateAligned(cpu, request.align(), request.bytes());
          case RESIZE -> heap.resize(cpu, old, request.bytes());
          case FREE -> {
            heap.free(cpu, old);
            yield old;
          }
        };
    if (request.kind() == Kind.FREE || place != HeapEngine.NULL) {
      live.remove(old);
    }
    if (request.kind() != Kind.FREE && place != HeapEngine.NULL) {
      live.add(place);
    }
    return place;
  }
}
