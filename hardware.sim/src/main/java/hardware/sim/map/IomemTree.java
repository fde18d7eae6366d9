package hardware.sim.map;

import hardware.api.map.MapEntry;
import hardware.api.map.MemoryType;
import hardware.api.map.RangeShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves the nesting of a resource tree into a flat list of entries that may be sanitised like
 * any other.
 *
 * <p>A child refines its parent. So RAM inside a window that is not RAM (a CXL device handed to the
 * kernel, {@code System RAM (kmem)}) takes its range out of the entries that contain it, and what
 * is left of those keeps their lines.
 *
 * <p>The other way round a child inside RAM says nothing of the machine: {@code Kernel code} and
 * {@code reserved} there are what the kernel that printed the file had made of its RAM (its image,
 * page tables, initial RAM disk), which is RAM to the next one. What firmware keeps stands beside
 * {@code System RAM} and not below it. Such children are left out.
 */
final class IomemTree {
  /** An entry with the indentation of its line. */
  record Node(MapEntry entry, int indent) {}

  private IomemTree() {}

  /** The flat list for the given lines of a tree, in input order. */
  static List<MapEntry> flatten(List<Node> nodes) {
    List<Node> flat = new ArrayList<>();
    for (Node node : nodes) {
      if (nestedRam(node, flat)) {
        flat = without(flat, node);
      }
      if (!madeByTheKernel(node, flat)) {
        flat.add(node);
      }
    }
    return flat.stream().map(Node::entry).toList();
  }

  /** The entries inside RAM that are left out, in input order. */
  static List<MapEntry> leftOut(List<Node> nodes) {
    return nodes.stream()
        .filter(node -> madeByTheKernel(node, nodes))
        .map(Node::entry)
        .filter(entry -> entry.type() == MemoryType.RESERVED)
        .toList();
  }

  private static boolean madeByTheKernel(Node node, List<Node> others) {
    return !node.entry().type().usable(true)
        && node.entry().covers()
        && others.stream()
            .anyMatch(e ->
                e.indent() < node.indent()
                    && e.entry().type().usable(true)
                    && contains(e.entry(), node.entry()));
  }

  private static boolean nestedRam(Node node, List<Node> earlier) {
    return node.entry().type() == MemoryType.USABLE
        && node.entry().covers()
        && (node.entry().typeText().contains("(")
            || earlier.stream().anyMatch(e -> ancestor(e, node)));
  }

  private static boolean ancestor(Node outer, Node inner) {
    return outer.indent() < inner.indent()
        && !outer.entry().type().usable(true)
        && contains(outer.entry(), inner.entry());
  }

  private static boolean contains(MapEntry outer, MapEntry inner) {
    return outer.covers()
        && Long.compareUnsigned(outer.first(), inner.first()) <= 0
        && Long.compareUnsigned(inner.last(), outer.last()) <= 0;
  }

  private static List<Node> without(List<Node> earlier, Node ram) {
    List<Node> kept = new ArrayList<>();
    for (Node node : earlier) {
      if (node.entry().type().usable(true) || !contains(node.entry(), ram.entry())) {
        kept.add(node);
      } else {
        addParts(kept, node, ram.entry());
      }
    }
    return kept;
  }

  private static void addParts(List<Node> kept, Node outer, MapEntry inner) {
    MapEntry entry = outer.entry();
    if (entry.first() != inner.first()) {
      kept.add(new Node(part(entry, entry.first(), inner.first() - 1), outer.indent()));
    }
    if (entry.last() != inner.last()) {
      kept.add(new Node(part(entry, inner.last() + 1, entry.last()), outer.indent()));
    }
  }

  private static MapEntry part(MapEntry entry, long first, long last) {
    return new MapEntry(
        first,
        last,
        RangeShape.PROPER,
        entry.type(),
        entry.typeText(),
        entry.line(),
        entry.lastLine(),
        entry.text());
  }
}
