package hardware.sim.map;

import hardware.api.map.NodeRange;
import hardware.api.map.RangeShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects which addresses belong to which NUMA node from a boot log.
 *
 * <pre>
 * ACPI: SRAT: Node 1 PXM 1 [mem 0x40000000-0x7fffffff]         affinity table, end inclusive
 * SRAT: Node 1 PXM 1 40000000-80000000                         until 3.5, end exclusive
 *   node   1: [mem 0x0000000040000000-0x000000007ffdefff]      "Early memory node ranges"
 *     1: 0x00040000 -> 0x0007ffdf                              until 3.5, page frames, exclusive
 * </pre>
 *
 * <p>The affinity table is preferred, since it also covers what the kernel has taken by then.
 */
final class NumaLines {
  private static final int OLD_PAGE_SHIFT = 12;
  private static final Pattern SRAT =
      Pattern.compile(
          "\\bSRAT: Node (\\d{1,5}) PXM \\d+ (?:\\[mem\\s+"
              + Hex.PREFIXED
              + "\\s*-\\s*"
              + Hex.PREFIXED
              + "\\s*\\]|"
              + Hex.NUMBER
              + "-"
              + Hex.NUMBER
              + "\\b)");
  private static final Pattern EARLY =
      Pattern.compile(
          "^\\s*node\\s+(\\d{1,5}):\\s*\\[mem\\s+"
              + Hex.PREFIXED
              + "\\s*-\\s*"
              + Hex.PREFIXED
              + "\\s*\\]");
  private static final Pattern LIKE =
      Pattern.compile("\\bSRAT: Node \\d+ PXM \\d+ \\S|^\\s*node\\s+\\d+:\\s*\\[mem\\b");
  private static final Pattern FRAMES_HEADER =
      Pattern.compile("early_node_map\\[\\d+\\] active PFN ranges");
  private static final Pattern FRAMES =
      Pattern.compile(
          "^\\s*(\\d{1,5}):\\s+(0x[0-9a-f]{1,13}|\\d{1,15}) -> (0x\\w{1,13}|\\d{1,15})$");

  private final List<NodeRange> affinity = new ArrayList<>();
  private final List<NodeRange> early = new ArrayList<>();
  private boolean frames;

  /** Forgets everything: a new boot begins. */
  void clear() {
    affinity.clear();
    early.clear();
    frames = false;
  }

  /** Ranges of the affinity table, or else of the early node ranges, in input order. */
  List<NodeRange> ranges() {
    return affinity.isEmpty() ? List.copyOf(early) : List.copyOf(affinity);
  }

  /** The early node ranges alone: RAM, unlike the affinity table, which covers holes as well. */
  List<NodeRange> early() {
    return List.copyOf(early);
  }

  /** Whether the line begins like a node's range. */
  static boolean like(String text) {
    return LIKE.matcher(text).find();
  }

  /** Takes in the line; whether it states a node's range or announces a list of them. */
  boolean accept(TextLine line) {
    if (FRAMES_HEADER.matcher(line.text()).find()) {
      frames = true;
      return true;
    }
    return srat(line) || early(line) || (frames && frames(line));
  }

  private boolean srat(TextLine line) {
    Matcher m = SRAT.matcher(line.text());
    if (!m.find()) {
      return false;
    }
    boolean inclusive = m.group(2) != null;
    Extent extent =
        inclusive
            ? Extent.inclusive(Hex.parse(m.group(2)), Hex.parse(m.group(3)))
            : Extent.halfOpen(Hex.parse(m.group(4)), Hex.parse(m.group(5)));
    return add(affinity, m.group(1), extent, line);
  }

  private boolean early(TextLine line) {
    Matcher m = EARLY.matcher(line.text());
    return m.find()
        && add(
            early,
            m.group(1),
            Extent.inclusive(Hex.parse(m.group(2)), Hex.parse(m.group(3))),
            line);
  }

  private boolean frames(TextLine line) {
    Matcher m = FRAMES.matcher(line.text());
    if (!m.matches()) {
      frames = false;
      return false;
    }
    Optional<Extent> extent = frameExtent(m.group(2), m.group(3));
    return extent.isPresent() && add(early, m.group(1), extent.get(), line);
  }

  private static Optional<Extent> frameExtent(String first, String end) {
    if (!end.matches("0x[0-9a-f]+|\\d+")) {
      return Optional.empty();
    }
    long start = Hex.parseEither(first) << OLD_PAGE_SHIFT;
    return Optional.of(Extent.halfOpen(start, Hex.parseEither(end) << OLD_PAGE_SHIFT));
  }

  private static boolean add(List<NodeRange> list, String node, Extent extent, TextLine line) {
    if (extent.shape() != RangeShape.PROPER) {
      return false;
    }
    list.add(new NodeRange(Integer.parseInt(node), extent.first(), extent.last(), line.line()));
    return true;
  }
}
