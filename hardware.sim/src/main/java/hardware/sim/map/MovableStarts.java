package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.UsableSpan;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where zone Movable begins on each node: the rule of {@code find_zone_movable_pfns_for_nodes} in
 * Linux 6.1. All figures are page frames.
 *
 * <p>{@code kernelcore=} is spread evenly over the nodes: each node gives its lowest frames until
 * its share is met, those below the highest zone without being asked. What a node cannot give is
 * asked from the others in another round. {@code movablecore=} is the same from the other side.
 */
final class MovableStarts {
  private static final long ALIGN = 1024; // a block of the buddy's largest order

  private final SortedMap<Integer, List<UsableSpan>> nodes;
  private final long page;
  private final long usable;
  private final Map<Integer, Long> starts = new TreeMap<>();
  private long required;
  private long remaining;

  /**
   * Prepares the search.
   *
   * @param nodes RAM by node
   * @param page bytes per frame
   * @param usable the lowest frame that may be movable: the beginning of the highest zone
   */
  MovableStarts(SortedMap<Integer, List<UsableSpan>> nodes, long page, long usable) {
    this.nodes = nodes;
    this.page = page;
    this.usable = usable;
  }

  /** The first movable frame by node; nodes without are absent. */
  Map<Integer, Long> find(BootParameters parameters, List<AddressRange> hotplug) {
    if (parameters.movableNode()) {
      nodes.forEach((node, spans) -> lowest(node, spans, hotplug));
      return aligned();
    }
    long total = nodes.values().stream().flatMap(List::stream).mapToLong(this::frames).sum();
    required = required(parameters, total);
    if (required == 0 || required >= total) {
      return Map.of();
    }
    spread();
    return aligned();
  }

  private long frames(UsableSpan span) {
    return span.size() / page;
  }

  private void lowest(int node, List<UsableSpan> spans, List<AddressRange> hotplug) {
    for (UsableSpan span : spans) {
      hotplug.stream()
          .filter(range -> range.start() < span.end() && range.end() > span.start())
          .mapToLong(range -> Math.max(range.start(), span.start()) / page)
          .forEach(frame -> starts.merge(node, frame, Math::min));
    }
  }

  private long required(BootParameters parameters, long total) {
    long core = frames(parameters.kernelCore(), total);
    long movable = frames(parameters.movableCore(), total);
    if (movable == 0) {
      return core;
    }
    long rounded = (movable + ALIGN - 1) / ALIGN * ALIGN;
    return Math.max(core, total - Math.min(total, rounded));
  }

  private long frames(BootParameters.Amount amount, long total) {
    return amount.percent() != 0 ? total * amount.percent() / 100 : amount.bytes() / page;
  }

  private void spread() {
    int left = nodes.size();
    do {
      round(left);
      left--;
    } while (left > 0 && required > left);
  }

  private void round(int count) {
    long share = required / count;
    for (var node : nodes.entrySet()) {
      if (required < share) {
        share = required / count;
      }
      take(node.getKey(), node.getValue(), share);
    }
  }

  /** Takes a share of one node's frames for the kernel. */
  private void take(int node, List<UsableSpan> spans, long share) {
    remaining = share;
    for (UsableSpan span : spans) {
      long end = span.end() / page;
      long start = Math.max(span.start() / page, starts.getOrDefault(node, 0L));
      if (start < end && takeRange(node, start, end)) {
        return;
      }
    }
  }

  /** Takes what is needed of a range; whether the node's share is complete. */
  private boolean takeRange(int node, long from, long end) {
    long start = Math.max(from, Math.min(usable, end));
    count(start - from, Math.min(start - from, remaining));
    if (end <= usable) {
      starts.put(node, end);
      return false; // even a complete share takes all frames that only the kernel can have
    }
    long taken = Math.min(end - start, remaining);
    starts.put(node, start + taken);
    count(taken, taken);
    return remaining == 0;
  }

  private void count(long frames, long ofShare) {
    required -= Math.min(required, frames);
    remaining -= ofShare;
  }

  private Map<Integer, Long> aligned() {
    Map<Integer, Long> found = new TreeMap<>();
    nodes.forEach((node, spans) -> {
      long start = (starts.getOrDefault(node, 0L) + ALIGN - 1) / ALIGN * ALIGN;
      if (start != 0 && start < spans.getLast().end() / page) {
        found.put(node, start);
      }
    });
    return found;
  }
}
