package trace.ranges;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that are live in each address space, by id. Refuses events that do not fit what went
 * before, with an {@link IllegalArgumentException} that says why.
 */
final class Spaces {
  /** A bound on what is remembered: copies of spaces could grow it beyond any trace's length. */
  static final int MOST_PIECES = 1 << 21;

  private final Map<Integer, Map<Long, Pieces>> ranges = new HashMap<>();
  private final Map<Integer, Long> breaks = new HashMap<>();
  private final Set<Integer> born = new HashSet<>(Set.of(0));
  private int live;
  private long liveBytes;

  Spaces() {
    ranges.put(0, new HashMap<>());
  }

  /** Returns the bytes mapped in all spaces, breaks included. */
  long liveBytes() {
    return liveBytes;
  }

  /** Returns the number of ranges live in all spaces. */
  int live() {
    return live;
  }

  /** Returns the number of spaces that there have been. */
  int born() {
    return born.size();
  }

  void apply(RangeEvent event) {
    switch (event.operation()) {
      case MAP, MAP_AT -> birth(event);
      case OVERLAY, PROTECT -> part(event);
      case UNMAP -> unmap(event);
      case RESIZE -> {
        Pieces old = find(event.space(), event.other());
        forget(event.space(), event.other(), old);
        birth(event);
      }
      case BREAK -> moveBreak(event.space(), event.bytes());
      case COPY -> copy(event.space(), (int) event.other());
      case CLEAR -> clear(event.space());
      case SPACE -> enter(event.space());
      case THREAD -> {}
    }
  }

  private void birth(RangeEvent event) {
    count(event.bytes());
    if (of(event.space()).putIfAbsent(event.id(), new Pieces(event.bytes())) != null) {
      live--;
      liveBytes -= event.bytes();
      throw new IllegalArgumentException("range " + event.id() + " is mapped a second time");
    }
  }

  private void count(long bytes) {
    if (live == MOST_PIECES) {
      throw new IllegalArgumentException("more than " + MOST_PIECES + " ranges are live at once");
    }
    if (liveBytes + bytes < 0) {
      throw new IllegalArgumentException("more than 2^63 bytes are mapped at once");
    }
    live++;
    liveBytes += bytes;
  }

  private Pieces part(RangeEvent event) {
    Pieces pieces = find(event.space(), event.id());
    if (!pieces.holds(event.offset(), event.bytes())) {
      throw new IllegalArgumentException(
          "%d bytes at offset %d of range %d are not all mapped"
              .formatted(event.bytes(), event.offset(), event.id()));
    }
    return pieces;
  }

  private void unmap(RangeEvent event) {
    Pieces pieces = part(event);
    pieces.remove(event.offset(), event.bytes());
    liveBytes -= event.bytes();
    if (pieces.isEmpty()) {
      forget(event.space(), event.id(), pieces);
    }
  }

  private void forget(int space, long id, Pieces pieces) {
    of(space).remove(id);
    live--;
    liveBytes -= pieces.bytes();
  }

  private Pieces find(int space, long id) {
    Pieces pieces = of(space).get(id);
    if (pieces == null) {
      throw new IllegalArgumentException("range " + id + " is not mapped in space " + space);
    }
    return pieces;
  }

  private void moveBreak(int space, long bytes) {
    of(space);
    long old = breaks.getOrDefault(space, 0L);
    if (liveBytes - old + bytes < 0) {
      throw new IllegalArgumentException("more than 2^63 bytes are mapped at once");
    }
    liveBytes += bytes - old;
    breaks.put(space, bytes);
  }

  private void copy(int from, int to) {
    Map<Long, Pieces> source = of(from);
    if (!born.add(to) && !of(to).isEmpty()) {
      throw new IllegalArgumentException("space " + to + " is in use");
    }
    if (live + source.size() > MOST_PIECES) {
      throw new IllegalArgumentException("more than " + MOST_PIECES + " ranges are live at once");
    }
    Map<Long, Pieces> copies = new HashMap<>();
    source.forEach((id, pieces) -> copies.put(id, new Pieces(pieces)));
    ranges.put(to, copies);
    copies.values().forEach(pieces -> count(pieces.bytes()));
    moveBreak(to, breaks.getOrDefault(from, 0L));
  }

  private void clear(int space) {
    Map<Long, Pieces> all = of(space);
    live -= all.size();
    liveBytes -= all.values().stream().mapToLong(Pieces::bytes).sum();
    all.clear();
    moveBreak(space, 0);
  }

  /** A space that no copy made begins empty. */
  private void enter(int space) {
    if (born.add(space)) {
      ranges.put(space, new HashMap<>());
    }
  }

  private Map<Long, Pieces> of(int space) {
    @Nullable Map<Long, Pieces> all = ranges.get(space);
    if (all == null) {
      throw new IllegalArgumentException("space " + space + " does not exist");
    }
    return all;
  }
}
