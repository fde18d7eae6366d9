package workbench.ranges;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The live ranges of one address space, by id and by address. */
final class LiveRanges {
  private final Map<Long, LiveRange> byId = new HashMap<>();
  private final NavigableMap<Long, Long> idOfBase = new TreeMap<>();
  private long bytes;

  int count() {
    return byId.size();
  }

  /** Returns the bytes that the arena has handed out for them. */
  long bytes() {
    return bytes;
  }

  @Nullable LiveRange find(long id) {
    return byId.get(id);
  }

  void add(long id, LiveRange range) {
    byId.put(id, range);
    idOfBase.put(range.base(), id);
    bytes += range.size();
  }

  void remove(long id, LiveRange range) {
    byId.remove(id);
    idOfBase.remove(range.base());
    bytes -= range.size();
  }

  /** Returns the ids in rising order of the ranges' addresses. */
  List<Long> ids() {
    return List.copyOf(idOfBase.values());
  }

  /** Returns the ranges in rising order of their addresses. */
  List<LiveRange> all() {
    return idOfBase.values().stream().map(byId::get).toList();
  }

  /** Returns a live range that shares addresses with another one, if there is one. */
  Optional<LiveRange> meeting(LiveRange other) {
    Map.Entry<Long, Long> below = idOfBase.lowerEntry(other.end());
    return Optional.ofNullable(below)
        .map(entry -> byId.get(entry.getValue()))
        .filter(range -> range.end() > other.base());
  }
}
