package vmem.tree;

import static vmem.tree.Areas.NIL;

import allocator.api.MisuseException;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;

/**
 * The spans of one arena, those that are leaving it, and the rule that nothing joins across the
 * border of two. Guarded by the arena's lock.
 */
final class Territory {
  private static final long NONE = AddressArena.NONE;

  private final String name;
  private final long quantum;
  private final TreeSettings settings;
  private final Areas areas;
  private final AreaTree spans;
  private long bytes;
  private long imported;
  private int importCount;
  private int departing = NIL; // a list through the last words
  private long origin;

  Territory(ArenaSpec spec, TreeSettings settings, Areas areas) {
    this.name = spec.name();
    this.quantum = spec.quantum();
    this.settings = settings;
    this.areas = areas;
    this.spans = new AreaTree(areas, false);
  }

  /**
   * Refuses a span that the arena cannot have.
   *
   * @throws MisuseException saying why
   */
  void check(String what, long base, long size) {
    String fault = fault(base, size, quantum);
    if (!fault.isEmpty()) {
      throw misuse(what, base, size, fault);
    }
    int other = spans.under(base + size - 1);
    if (other != NIL && !Unsigned.below(areas.last(other), base)) {
      throw misuse(what, base, size, "overlaps the span at 0x%x".formatted(areas.start(other)));
    }
  }

  /** {@return what is wrong with a span whatever others there are, or an empty text} */
  static String fault(long base, long size, long quantum) {
    if (size == 0 || Unsigned.isOff(base | size, quantum)) {
      return "must have whole quanta of 0x%x".formatted(quantum);
    }
    if (Unsigned.below(base + size - 1, base)) {
      return "passes the end of the address space";
    }
    return base + size - 1 == NONE && quantum == 1 ? "contains -1, which means no range" : "";
  }

  /** Adds a span that overlaps none. */
  void add(long base, long size, boolean fromSource) {
    int span = areas.create(base, size);
    if (fromSource) {
      areas.setImported(span);
      imported += size;
      importCount++;
    } else if (spans.count() == importCount) {
      displace(base, size);
    }
    bytes += size;
    spans.insert(span);
  }

  /** Draws where the search begins, from the first span that is added by hand. */
  private void displace(long base, long size) {
    long half = Long.divideUnsigned(size, quantum) >>> 1;
    long shift = settings.displacement(name.hashCode(), half) * quantum;
    if (settings.randomBits() > 0) {
      origin = settings.topDown() ? base + size - shift : base + shift;
    }
  }

  /** {@return the address from which to search first, upward or downward; 0 for no such} */
  long origin() {
    return origin;
  }

  /** {@return whether one span has all addresses of a range} */
  boolean contains(long base, long size) {
    long last = base + size - 1;
    int span = spans.under(base);
    return size != 0
        && span != NIL
        && !Unsigned.below(last, base)
        && !Unsigned.below(areas.last(span), last);
  }

  /**
   * Adds an area to a tree, or joins it with its neighbours there: with the one above, then the one
   * below, which then takes the other's place, as in the kernel.
   *
   * @return the area that has its addresses now
   */
  int mergeOrAdd(int area, AreaTree tree) {
    int below = tree.under(areas.start(area));
    int above = tree.behind(below);
    int joined = area;
    if (above != NIL && adjoins(area, above)) {
      areas.setStart(above, areas.start(area));
      areas.setSize(above, areas.size(above) + areas.size(area));
      areas.destroy(area);
      joined = above;
    }
    if (below != NIL && adjoins(below, joined)) {
      if (joined == above) {
        tree.remove(above);
      }
      areas.setSize(below, areas.size(below) + areas.size(joined));
      areas.destroy(joined);
      joined = below;
    }
    tree.place(joined, joined == area, below, above);
    return joined;
  }

  private boolean adjoins(int below, int above) {
    long border = areas.start(above);
    return areas.last(below) + 1 == border && spans.find(border) == NIL;
  }

  /** {@return the imported span that a free area is all of, or nobody} */
  int filledBy(int area) {
    if (importCount == 0) {
      return NIL;
    }
    int span = spans.find(areas.start(area));
    boolean isFilled =
        span != NIL && areas.isImported(span) && areas.size(span) == areas.size(area);
    return isFilled ? span : NIL;
  }

  /** Takes an imported span out, to be handed back to the source. */
  void depart(int span) {
    spans.remove(span);
    long size = areas.size(span);
    bytes -= size;
    imported -= size;
    importCount--;
    areas.setMax(span, departing);
    departing = span;
  }

  /** {@return a span that is to be handed back, or nobody} */
  int departing() {
    return departing;
  }

  /** {@return how many spans are to be handed back} */
  int departingCount() {
    int count = 0;
    for (int span = departing; span != NIL; span = (int) areas.max(span)) {
      count++;
    }
    return count;
  }

  /** Forgets the span that {@link #departing} names. */
  void departed() {
    int span = departing;
    departing = (int) areas.max(span);
    areas.destroy(span);
  }

  /** {@return the spans} */
  AreaTree tree() {
    return spans;
  }

  /** {@return bytes in spans} */
  long bytes() {
    return bytes;
  }

  /** {@return bytes in imported spans} */
  long imported() {
    return imported;
  }

  /** Makes the exception for a range or span that is refused. */
  MisuseException misuse(String what, long base, long size, String why) {
    return new MisuseException(
        "arena %s: %s at 0x%x of 0x%x bytes %s".formatted(name, what, base, size, why));
  }
}
