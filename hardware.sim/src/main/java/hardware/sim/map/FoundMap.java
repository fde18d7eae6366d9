package hardware.sim.map;

import hardware.api.map.MapEntry;
import hardware.api.map.MapSection;
import hardware.api.map.RangeShape;
import java.util.ArrayList;
import java.util.List;

/** One of the maps found in an input: the ranges of one format and section, in input order. */
final class FoundMap {
  private final LineFormat format;
  private final MapSection section;
  private final List<IomemTree.Node> nodes = new ArrayList<>();
  private final List<Contradiction> contradictions = new ArrayList<>();

  /** A line that disagrees with itself. */
  record Contradiction(int line, String message) {}

  FoundMap(LineFormat format, MapSection section) {
    this.format = format;
    this.section = section;
  }

  LineFormat format() {
    return format;
  }

  MapSection section() {
    return section;
  }

  /** Where lines disagreed with themselves. */
  List<Contradiction> contradictions() {
    return contradictions;
  }

  /** Number of the line of its first range. */
  int firstLine() {
    return nodes.getFirst().entry().line();
  }

  /** Number of the line of its last range. */
  int lastLine() {
    return nodes.getLast().entry().lastLine();
  }

  /** Number of ranges. */
  int size() {
    return nodes.size();
  }

  /** Appends the range that the given line states. */
  void add(TextLine line, LineReading.Range range) {
    Extent extent = range.extent();
    nodes.add(
        new IomemTree.Node(
            new MapEntry(
                extent.first(),
                extent.last(),
                extent.shape(),
                range.type(),
                range.typeText(),
                line.line(),
                line.lastLine(),
                line.text().strip()),
            line.indent()));
    range.contradictions().forEach(c -> contradictions.add(new Contradiction(line.line(), c)));
  }

  /** The ranges as a flat list. */
  List<MapEntry> entries() {
    return format.rank() == LineFormat.Rank.RESOURCES
        ? IomemTree.flatten(nodes)
        : nodes.stream().map(IomemTree.Node::entry).toList();
  }

  /** The entries below {@code System RAM} that were left out of the flat list. */
  List<MapEntry> leftOut() {
    return format.rank() == LineFormat.Rank.RESOURCES ? IomemTree.leftOut(nodes) : List.of();
  }

  /** Whether every range is empty at 0, as the kernel shows them to the unprivileged. */
  boolean hidden() {
    return format.rank() == LineFormat.Rank.RESOURCES
        && nodes.stream()
            .map(IomemTree.Node::entry)
            .allMatch(e -> e.shape() == RangeShape.EMPTY && e.first() == 0);
  }
}
