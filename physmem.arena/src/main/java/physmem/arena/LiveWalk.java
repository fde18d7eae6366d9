package physmem.arena;

import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shows the live ranges of all zones; a run that lies in several is shown once. Used once. */
final class LiveWalk {
  private record Part(long base, long size, long note) {
    boolean goesOnIn(Part next) {
      return (note & Notes.ABOVE) != 0
          && (next.note & Notes.BELOW) != 0
          && base + size == next.base;
    }
  }

  private final List<ZoneArena> zones;
  private final RangeVisitor visitor;
  private final List<Part> parts = new ArrayList<>(); // of runs in several zones or spans

  LiveWalk(List<ZoneArena> zones, RangeVisitor visitor) {
    this.zones = zones;
    this.visitor = visitor;
  }

  void run() {
    for (ZoneArena zone : zones) {
      if (!zone.arena().walkAllocated(this::see)) {
        return;
      }
    }
    parts.sort(Comparator.comparingLong(Part::base));
    for (int i = 0; i < parts.size(); ) {
      int end = endOfRun(i);
      Part first = parts.get(i);
      Part last = parts.get(end - 1);
      long size = last.base() + last.size() - first.base();
      if (!show(first.base(), size, first.note())) {
        return;
      }
      i = end;
    }
  }

  private boolean see(long base, long size, long note) {
    if ((note & Notes.CROSSING) == 0) {
      return show(base, size, note);
    }
    parts.add(new Part(base, size, note));
    return true;
  }

  private boolean show(long base, long size, long note) {
    return visitor.visit(base, size, Notes.attributes(base, size, note));
  }

  private int endOfRun(int from) {
    int end = from + 1;
    while (end < parts.size() && parts.get(end - 1).goesOnIn(parts.get(end))) {
      end++;
    }
    return end;
  }
}
