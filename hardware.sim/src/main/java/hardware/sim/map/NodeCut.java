package hardware.sim.map;

import hardware.api.map.NodeRange;
import hardware.api.map.UsableSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Assigns usable spans to NUMA nodes.
 *
 * <p>An address belongs to the node whose range begins at it or next below it, else to the node of
 * the lowest range. So bytes that the log assigns to no node (page 0, which the kernel keeps for
 * itself) still have one. Without any ranges all belongs to node 0.
 */
final class NodeCut {
  private final List<NodeRange> ranges;

  NodeCut(List<NodeRange> ranges) {
    this.ranges = new ArrayList<>(ranges);
    this.ranges.sort((a, b) -> Long.compareUnsigned(a.first(), b.first()));
  }

  /** The spans with their nodes, one for each interval. */
  List<UsableSpan> whole(Intervals usable) {
    List<UsableSpan> spans = new ArrayList<>();
    for (int i = 0; i < usable.count(); i++) {
      List<UsableSpan> parts = cut(usable.start(i), usable.end(i));
      int node = parts.size() == 1 ? parts.getFirst().node() : UsableSpan.SEVERAL_NODES;
      spans.add(new UsableSpan(usable.start(i), usable.end(i), node));
    }
    return spans;
  }

  /** The spans with their nodes, cut where the node changes. */
  List<UsableSpan> parts(Intervals usable, long pageSize) {
    List<UsableSpan> spans = new ArrayList<>();
    for (int i = 0; i < usable.count(); i++) {
      cut(usable.start(i), usable.end(i)).stream()
          .map(s -> aligned(s, pageSize))
          .filter(s -> s.start() < s.end())
          .forEach(spans::add);
    }
    return spans;
  }

  /** A page that two nodes share goes to the upper one. */
  private static UsableSpan aligned(UsableSpan span, long pageSize) {
    return new UsableSpan(
        Intervals.down(span.start(), pageSize), Intervals.down(span.end(), pageSize), span.node());
  }

  private List<UsableSpan> cut(long start, long end) {
    List<UsableSpan> parts = new ArrayList<>();
    long from = start;
    int node = nodeOf(start);
    for (NodeRange range : ranges) {
      boolean inside = range.first() > from && range.first() < end;
      if (inside && range.node() != node) {
        parts.add(new UsableSpan(from, range.first(), node));
        from = range.first();
        node = range.node();
      }
    }
    parts.add(new UsableSpan(from, end, node));
    return parts;
  }

  private int nodeOf(long address) {
    return ranges.stream()
        .filter(r -> Long.compareUnsigned(r.first(), address) <= 0)
        .max(Comparator.comparingLong(NodeRange::first))
        .or(() -> ranges.stream().findFirst())
        .map(NodeRange::node)
        .orElse(0);
  }
}
