package workbench.ranges;

import allocator.api.Statistic;
import hardware.api.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all address spaces of a replay count together. */
final class RangeTally {
  private static final Set<String> COUNTERS = Set.of("calls", "batches"); // units
  private static final String FORECAST = "calls_left"; // of calls that are still to come

  private final Machine machine;
  private final RangeShadow shadow;
  private final Stopwatch arenaWatch = new Stopwatch();
  private final Stopwatch tableWatch = new Stopwatch();
  private long failures;
  private long fixed;
  private long displaced;
  private long moves;
  private long bornBytes;
  private long reusedBytes;
  private long kinds;
  private final Map<String, Statistic> ofArenas = new LinkedHashMap<>();

  RangeTally(Machine machine, RangeShadow shadow) {
    this.machine = machine;
    this.shadow = shadow;
  }

  RangeShadow shadow() {
    return shadow;
  }

  Stopwatch arenaWatch() {
    return arenaWatch;
  }

  Stopwatch tableWatch() {
    return tableWatch;
  }

  /** Returns the CPU that a thread of the trace runs on. */
  int cpu(int thread) {
    return thread % machine.cpus();
  }

  /** Counts something that addresses or frames for tables were missing for. */
  void failure() {
    failures++;
  }

  /** Counts a range that was wanted at an address, and whether it was had there. */
  void fixed(boolean there) {
    fixed++;
    displaced += there ? 0 : 1;
  }

  /** Counts a range that a resize moved. */
  void moved() {
    moves++;
  }

  /** Counts a range that an arena handed out, and how much of it was handed out before. */
  void born(long bytes, long reused) {
    bornBytes += bytes;
    reusedBytes += reused;
  }

  /** Flushes the whole TLB once if pages of an address space were changed all over it. */
  void flushAll(long pages) {
    if (pages > 0) {
      machine.mmu().flush(0);
    }
  }

  /** Adds the counters of an arena that is about to end; levels and rates have no sum. */
  void ended(List<Statistic> figures) {
    for (Statistic figure : figures) {
      if (COUNTERS.contains(figure.unit()) && !figure.name().equals(FORECAST)) {
        ofArenas.merge(figure.name(), figure, RangeTally::sum);
      }
    }
  }

  /** Returns the sums of the figures of all arenas that have ended. */
  List<Statistic> ofArenas() {
    return List.copyOf(ofArenas.values());
  }

  private static Statistic sum(Statistic one, Statistic other) {
    return new Statistic(one.name(), one.value() + other.value(), one.unit());
  }

  /** Returns a kind of mapping that joins no other. */
  long nextKind() {
    return ++kinds;
  }

  long failures() {
    return failures;
  }

  long fixed() {
    return fixed;
  }

  long displaced() {
    return displaced;
  }

  long moves() {
    return moves;
  }

  long bornBytes() {
    return bornBytes;
  }

  long reusedBytes() {
    return reusedBytes;
  }
}
