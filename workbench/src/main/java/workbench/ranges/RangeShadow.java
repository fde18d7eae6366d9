package workbench.ranges;

import allocator.api.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import trace.ranges.RangeEvent;
import workbench.Findings;
import workbench.ranges.Mappings.Mapping;

/**
 * Compares what arenas and page tables hold with what the replay knows. A range that is born is
 * whole pages, within the arena's span, and shares nothing with a live one; at the end of a space
 * the arena's live ranges are the replay's, and the tables map exactly the pages that may be
 * accessed.
 */
final class RangeShadow {
  private final boolean on;
  private final Findings findings = new Findings();

  RangeShadow(boolean on) {
    this.on = on;
  }

  Findings findings() {
    return findings;
  }

  void born(RangeSpace space, LiveRange range) {
    if (!on) {
      return;
    }
    String where = "range 0x%x + 0x%x ".formatted(range.base(), range.size());
    if (range.base() % RangeEvent.PAGE != 0) {
      findings.add(where + "does not begin with a page");
    }
    if (range.base() < RangeSpace.BREAK_LIMIT || range.end() > RangeSpace.HIGHEST) {
      findings.add(where + "is not within the arena's span");
    }
    space
        .live()
        .meeting(range)
        .ifPresent(other ->
            findings.add(
                where + "overlaps the live 0x%x + 0x%x".formatted(other.base(), other.size())));
  }

  /** Compares everything that a space holds. */
  void look(RangeSpace space) {
    if (on) {
      compareArena(space);
      compareTables(space);
    }
  }

  private void compareArena(RangeSpace space) {
    NavigableMap<Long, Long> walked = new TreeMap<>();
    space
        .arena()
        .walkAllocated((base, size, attributes) -> {
          walked.put(base, size);
          return true;
        });
    NavigableMap<Long, Long> known = new TreeMap<>();
    space.live().all().forEach(range -> known.put(range.base(), range.size()));
    if (!walked.equals(known)) {
      findings.add(
          "%s: a walk shows %d live ranges, there are %d"
              .formatted(space.arena().spec().name(), walked.size(), known.size()));
    }
    long sum = known.values().stream().mapToLong(Long::longValue).sum();
    long told = space.arena().allocatedBytes();
    if (told != sum) {
      findings.add(
          "%s: %d bytes are said to be live, %d are"
              .formatted(space.arena().spec().name(), told, sum));
    }
  }

  private void compareTables(RangeSpace space) {
    List<Long> wanted = new ArrayList<>();
    for (Mapping one : space.mappings().all()) {
      for (long at = one.start();
          PageTables.accessible(one.protection()) && at < one.end();
          at += RangeEvent.PAGE) {
        wanted.add(at);
      }
    }
    List<Long> found = new ArrayList<>();
    space
        .tables()
        .space()
        .leaves((address, frame, pages, entry) -> {
          for (long page = 0; page < pages; page++) {
            found.add(address + page * RangeEvent.PAGE);
          }
        });
    if (!wanted.equals(found)) {
      findings.add(
          "%s: the page tables map %d pages, %d are mapped"
              .formatted(space.arena().spec().name(), found.size(), wanted.size()));
    }
    try {
      space.tables().space().checkInvariants();
    } catch (CorruptionException e) {
      findings.add(space.arena().spec().name() + ": " + e.getMessage());
    }
  }
}
