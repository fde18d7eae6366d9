package trace.ranges;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is mapped where in one address space, and its program break. */
final class AddressMap {
  /**
   * A part of a range that is mapped in one piece.
   *
   * @param start its first address
   * @param end the address behind it
   * @param id the range's id
   * @param base the address of the range's offset 0
   */
  record Piece(long start, long end, long id, long base) {
    long offset() {
      return start - base;
    }

    long bytes() {
      return end - start;
    }

    private Piece within(long from, long to) {
      return new Piece(Math.max(start, from), Math.min(end, to), id, base);
    }
  }

  private final TreeMap<Long, Piece> pieces = new TreeMap<>();

  /** First address of the heap segment, -1 if not known yet. */
  long heapStart = -1;

  long heapEnd = -1;

  AddressMap() {}

  AddressMap(AddressMap other) {
    pieces.putAll(other.pieces);
    heapStart = other.heapStart;
    heapEnd = other.heapEnd;
  }

  int size() {
    return pieces.size();
  }

  boolean isEmpty() {
    return pieces.isEmpty() && heapStart == heapEnd;
  }

  void clear() {
    pieces.clear();
    heapStart = -1;
    heapEnd = -1;
  }

  void add(long start, long bytes, long id) {
    pieces.put(start, new Piece(start, start + bytes, id, start));
  }

  /** Returns the parts of pieces between two addresses, in their order. */
  List<Piece> between(long from, long to) {
    List<Piece> found = new ArrayList<>();
    Map.@Nullable Entry<Long, Piece> before = pieces.floorEntry(from);
    long first = before != null && before.getValue().end > from ? before.getKey() : from;
    for (Piece piece : pieces.subMap(first, to).values()) {
      found.add(piece.within(from, to));
    }
    return found;
  }

  /** Returns the piece that holds all bytes between two addresses, if one does. */
  @Nullable Piece around(long from, long to) {
    Map.@Nullable Entry<Long, Piece> before = pieces.floorEntry(from);
    return before != null && before.getValue().end >= to
        ? before.getValue().within(from, to)
        : null;
  }

  /** Returns whether the range of this id is exactly what lies between two addresses. */
  boolean isWhole(long from, long to) {
    Map.@Nullable Entry<Long, Piece> found = pieces.floorEntry(from);
    if (found == null) {
      return false;
    }
    Piece piece = found.getValue();
    boolean alone = piece.start == from && piece.end == to && piece.base == from;
    return alone && pieces.tailMap(to).values().stream().noneMatch(p -> p.id == piece.id);
  }

  /** Takes a part away that {@link #between} has returned. */
  void remove(Piece part) {
    Map.@Nullable Entry<Long, Piece> found = pieces.floorEntry(part.start);
    if (found == null) {
      throw new IllegalArgumentException("address " + part.start + " is not mapped");
    }
    Piece whole = found.getValue();
    pieces.remove(whole.start);
    if (whole.start < part.start) {
      pieces.put(whole.start, whole.within(whole.start, part.start));
    }
    if (part.end < whole.end) {
      pieces.put(part.end, whole.within(part.end, whole.end));
    }
  }
}
