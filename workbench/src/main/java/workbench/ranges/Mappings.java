package workbench.ranges;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The separate mappings of one address space, as the lines of {@code /proc/PID/maps}: neighbours
 * that are alike are one.
 */
final class Mappings {
  /**
   * One mapping.
   *
   * @param start the first address
   * @param end the address behind the last one
   * @param protection as in a range trace
   * @param kind neighbours are joined only if this is equal: 0 for private anonymous memory
   */
  record Mapping(long start, long end, int protection, long kind) {
    long bytes() {
      return end - start;
    }

    private boolean joins(Mapping next) {
      return end == next.start && protection == next.protection && kind == next.kind;
    }

    private Mapping clipped(long from, long to) {
      return new Mapping(Math.max(start, from), Math.min(end, to), protection, kind);
    }
  }

  private final NavigableMap<Long, Mapping> byStart = new TreeMap<>();
  private long bytes;

  int count() {
    return byStart.size();
  }

  long bytes() {
    return bytes;
  }

  List<Mapping> all() {
    return List.copyOf(byStart.values());
  }

  /** Adds a mapping where none is. */
  void add(Mapping fresh) {
    Mapping joined = fresh;
    Map.Entry<Long, Mapping> before = byStart.lowerEntry(fresh.start);
    if (before != null && before.getValue().joins(fresh)) {
      Mapping left = before.getValue();
      byStart.remove(left.start);
      joined = new Mapping(left.start, joined.end, joined.protection, joined.kind);
    }
    @Nullable Mapping after = byStart.get(fresh.end);
    if (after != null && fresh.joins(after)) {
      byStart.remove(after.start);
      joined = new Mapping(joined.start, after.end, joined.protection, joined.kind);
    }
    byStart.put(joined.start, joined);
    bytes += fresh.bytes();
  }

  /** Returns what is mapped in a range of addresses, clipped to it, in rising order. */
  List<Mapping> within(long start, long end) {
    List<Mapping> found = new ArrayList<>();
    Map.Entry<Long, Mapping> before = byStart.lowerEntry(start);
    if (before != null && before.getValue().end > start) {
      found.add(before.getValue().clipped(start, end));
    }
    byStart.subMap(start, end).values().forEach(one -> found.add(one.clipped(start, end)));
    return found;
  }

  /** Takes away what is mapped in a range of addresses and returns it, clipped to the range. */
  List<Mapping> cut(long start, long end) {
    List<Mapping> gone = within(start, end);
    split(start);
    split(end);
    byStart.subMap(start, end).clear();
    gone.forEach(one -> bytes -= one.bytes());
    return gone;
  }

  private void split(long at) {
    Map.Entry<Long, Mapping> around = byStart.lowerEntry(at);
    if (around != null && around.getValue().end > at) {
      Mapping whole = around.getValue();
      byStart.put(whole.start, whole.clipped(whole.start, at));
      byStart.put(at, whole.clipped(at, whole.end));
    }
  }
}
