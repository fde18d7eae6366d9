package tck.vmem;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tck.Broken;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEstate;
import vmem.api.FitPolicy;

/** What holds of an engine between any two calls. For one thread. */
final class AddressLaws {
  /** The most quanta that an engine may keep unused beside a range. */
  static final int MOST_GUARDS = 2;

  // What a failure below put off is done by then, from a leaf of a tree of arenas to its root.
  private static final int DRAINS = 5;

  private final AddressScene scene;
  private final Trial trial;

  AddressLaws(AddressScene scene) {
    this.scene = scene;
    this.trial = scene.trial;
  }

  /** Drains, and checks all that can be seen. */
  void check() {
    scene.noFailure();
    for (int i = 0; i < DRAINS; i++) {
      scene.engine.drain();
    }
    List<String> names = scene.engine.arenas().stream().map(each -> each.spec().name()).toList();
    trial.require(
        "vmem.3",
        names.equals(List.copyOf(scene.arenas.keySet())),
        () -> "the arenas are " + names + " and should be " + scene.arenas.keySet());
    scene.arenas.values().forEach(this::arenaHolds);
    census();
    try {
      long facts = scene.engine.checkInvariants();
      trial.require(
          "allocator.10",
          facts > 0 || scene.named.isEmpty(),
          () -> "checkInvariants looked at nothing");
    } catch (RuntimeException e) {
      throw Broken.by("allocator.10", "checkInvariants", e);
    }
    scene.done(
        "allocator.4",
        () -> {
          trial.require(
              "allocator.3", scene.engine.statistics() != null, () -> "statistics are null");
          scene.engine.reports().forEach(name -> trial.facts(1 + scene.engine.report(name).size()));
        });
  }

  private void arenaHolds(ArenaModel at) {
    String name = at.spec.name();
    List<AddressRange> shown = new ArrayList<>();
    at.arena.walkAllocated(
        (base, size, attributes) -> shown.add(new AddressRange(name, base, size, false)));
    List<AddressRange> expected =
        at.live.values().stream()
            .map(each -> new AddressRange(name, each.base(), each.size(), false))
            .toList();
    trial.require(
        "vmem.22",
        shown.equals(expected),
        () -> "arena %s shows %s and has %s".formatted(name, shown, expected));
    NavigableMap<Long, Long> spans = spans(at);
    free(at, spans);
    trial.require(
        "vmem.19",
        at.arena.allocatedBytes() == at.liveBytes(),
        () ->
            "arena %s says %d bytes are live, and %d are"
                .formatted(name, at.arena.allocatedBytes(), at.liveBytes()));
    freeBytes(at, ArenaModel.sum(spans));
    scene.done("allocator.3", () -> at.arena.statistics().forEach(each -> trial.fact()));
    contains(at, spans);
  }

  // A guard on either side of each range, and what an engine that does not reuse has used, may be
  // missing.
  private void freeBytes(ArenaModel at, long total) {
    long free = at.arena.freeBytes();
    long most = total - at.takenBytes();
    long guards = at.spec.quantum() * MOST_GUARDS * at.live.size();
    trial.require(
        "vmem.20",
        Long.compareUnsigned(free, most) <= 0
            && (!scene.engine.reuses() || Long.compareUnsigned(most - free, guards) <= 0),
        () ->
            "arena %s says %d bytes are free, of %d with %d taken"
                .formatted(at.spec.name(), free, total, at.takenBytes()));
  }

  private NavigableMap<Long, Long> spans(ArenaModel at) {
    TreeMap<Long, Long> spans = new TreeMap<>(Long::compareUnsigned);
    long[] last = {0};
    at.arena.walkSpans((base, size, attributes) -> {
      boolean imported = at.spec.source().isPresent();
      trial.require(
          "vmem.24",
          attributes == (imported ? 1 : 0)
              && (spans.isEmpty() || Long.compareUnsigned(base, last[0]) > 0),
          () -> "the span at 0x%x is out of order or has mark %d".formatted(base, attributes));
      last[0] = base;
      spans.put(base, size);
      return true;
    });
    trial.require(
        at.spec.source().isEmpty() ? "vmem.6" : "vmem.26",
        spans.equals(at.heldSpans()),
        () ->
            "arena %s has spans %s, and should have %s"
                .formatted(at.spec.name(), spans, at.heldSpans()));
    if (at.live.isEmpty() && at.spec.source().isPresent()) {
      trial.require(
          "vmem.26",
          spans.size() <= (scene.nextFit ? 1 : 0),
          () -> "nothing is live, and these spans did not go back: " + spans);
    }
    return spans;
  }

  private void free(ArenaModel at, NavigableMap<Long, Long> spans) {
    long[] largest = {0};
    long[] end = {0};
    long[] count = {0};
    at.arena.walkFree((base, size, attributes) -> {
      Map.Entry<Long, AddressRange> below = at.live.floorEntry(base + size - 1);
      trial.require(
          "vmem.23",
          (count[0] == 0 || Long.compareUnsigned(base, end[0]) >= 0)
              && (below == null || Long.compareUnsigned(below.getValue().last(), base) < 0),
          () -> "the free segment 0x%x + 0x%x is live or out of order".formatted(base, size));
      trial.require(
          "vmem.23",
          count[0] == 0 || base != end[0] || spans.containsKey(base) || scene.nextFit,
          () -> "two free segments meet at 0x%x".formatted(base));
      count[0]++;
      end[0] = base + size;
      if (Long.compareUnsigned(size, largest[0]) > 0) {
        largest[0] = size;
      }
      return true;
    });
    trial.require(
        "vmem.21",
        at.arena.largestFree() == largest[0],
        () ->
            "the largest free segment is said to be %d, and is %d"
                .formatted(at.arena.largestFree(), largest[0]));
  }

  private void contains(ArenaModel at, NavigableMap<Long, Long> spans) {
    spans.forEach((base, size) -> {
      trial.require("vmem.18", at.arena.contains(base, size), () -> "a span is not contained");
      trial.require(
          "vmem.18",
          !at.arena.contains(base - at.spec.quantum(), at.spec.quantum())
              || ArenaModel.overlaps(spans, base - at.spec.quantum(), at.spec.quantum()),
          () -> "what lies below 0x%x is contained".formatted(base));
      trial.require(
          "vmem.18",
          !at.arena.contains(base + size - at.spec.quantum(), 2 * at.spec.quantum()),
          () -> "what ends behind 0x%x is contained".formatted(base + size));
    });
  }

  private void census() {
    CensusCount count = new CensusCount();
    Map<String, Integer> indices = new HashMap<>();
    for (String name : scene.arenas.keySet()) {
      indices.put(name, indices.size());
    }
    List<String> names = List.copyOf(scene.arenas.keySet());
    scene.engine.walk((base, size, attributes) -> {
      int index = (int) (attributes & AddressEstate.ARENA);
      @Nullable AddressRange range =
          index < names.size() ? scene.known(names.get(index)).orElseThrow().live.get(base) : null;
      trial.require(
          range == null ? "vmem.5" : "allocator.5",
          range != null && range.size() == size,
          () -> "0x%x + 0x%x of arena %d is not live".formatted(base, size, index));
      return count.visit(base, size, attributes);
    });
    long live = scene.arenas.values().stream().mapToLong(each -> each.live.size()).sum();
    CensusSummary summed = count.summary(managed());
    trial.require(
        "allocator.5",
        summed.liveCount() == live,
        () -> "%d ranges were shown, and %d are live".formatted(summed.liveCount(), live));
    CensusSummary census = scene.engine.census();
    trial.require(
        "allocator.9",
        census.equals(summed),
        () -> "the census is %s, and the walk says %s".formatted(census, summed));
    int[] seen = {0};
    scene.engine.walk((base, size, attributes) -> ++seen[0] < 1);
    trial.require(
        "allocator.6",
        seen[0] == Math.min(1, live),
        () -> "a walk that was ended went on for %d ranges".formatted(seen[0]));
  }

  // Spans are disjoint within an arena; two arenas may have the same numbers, and one that imports
  // has those of its source.
  private long managed() {
    List<ArenaModel> all = List.copyOf(scene.arenas.values());
    List<NavigableMap<Long, Long>> shown = new ArrayList<>();
    all.forEach(each -> shown.add(new TreeMap<>(Long::compareUnsigned)));
    long[] sum = {0};
    scene.engine.managed((base, size, attributes) -> {
      int index = (int) (attributes & AddressEstate.ARENA);
      trial.require(
          "vmem.5",
          index < all.size()
              && all.get(index).spec.source().isPresent()
                  == ((attributes & AddressEstate.IMPORTED) != 0),
          () -> "the span 0x%x + 0x%x has attributes 0x%x".formatted(base, size, attributes));
      trial.require(
          "allocator.8",
          !ArenaModel.overlaps(shown.get(index), base, size),
          () -> "the span 0x%x + 0x%x of arena %d is shown twice".formatted(base, size, index));
      shown.get(index).put(base, size);
      sum[0] += size;
      return true;
    });
    for (int i = 0; i < all.size(); i++) {
      inside(all.get(i), shown.get(i));
    }
    return sum[0];
  }

  // What is live was compared with what walk shows.
  private void inside(ArenaModel at, NavigableMap<Long, Long> managed) {
    for (AddressRange each : at.live.values()) {
      trial.require(
          "allocator.7",
          ArenaModel.covers(managed, each),
          () -> "%s of arena %s is live and not managed".formatted(each, at.spec.name()));
    }
  }

  /** Checks that all of each span can be had again when nothing is live. */
  void whole() {
    if (scene.engine.reuses() && !scene.nextFit) { // the place of a next fit may part a span
      scene.arenas.values().stream().filter(each -> each.live.isEmpty()).forEach(this::whole);
    }
  }

  private void whole(ArenaModel at) {
    for (long size : at.spans.values()) {
      if (size <= MOST_GUARDS * at.spec.quantum()) {
        continue; // there may be nothing but guards
      }
      long base = whole(at, size);
      trial.require(
          "vmem.28",
          base != AddressArena.NONE,
          () -> "a span of 0x%x bytes cannot be had again as a whole".formatted(size));
    }
    scene.engine.drain();
  }

  // A guard may lie on either side of a range.
  private static long whole(ArenaModel at, long size) {
    for (int guards = 0; guards <= MOST_GUARDS; guards++) {
      long less = size - guards * at.spec.quantum();
      long base =
          at.arena.allocateConstrained(0, less, AddressConstraints.aligned(0), FitPolicy.BEST);
      if (base != AddressArena.NONE) {
        at.arena.freeConstrained(0, base, less);
        return base;
      }
    }
    return AddressArena.NONE;
  }
}
