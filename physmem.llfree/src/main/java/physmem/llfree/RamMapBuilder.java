package physmem.llfree;

import static physmem.llfree.Layout.roundDown;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/**
 * Gives the frames of a machine slots: zone after zone, and within a zone a new run of trees
 * wherever a hole is larger than a tree. Used once, by one thread.
 */
final class RamMapBuilder {
  private static final long DMA_LIMIT = 16L << 20;
  private static final long DMA32_LIMIT = 4L << 30;

  private record Piece(long from, long to, int node, int kind) {}

  private final int treeFrames;
  private final long[] limits; // first frame of each kind of zone, and the end of all
  private final List<Piece> present;
  private final List<Piece> managed;
  private final List<Zone> zones = new ArrayList<>();
  private final List<Long> treeShifts = new ArrayList<>(); // frame less slot
  private final List<long[]> stretches = new ArrayList<>();

  RamMapBuilder(FrameContext context, int treeFrames) {
    this.treeFrames = treeFrames;
    long page = context.pageBytes();
    this.limits = new long[] {0, DMA_LIMIT / page, DMA32_LIMIT / page, Long.MAX_VALUE};
    this.present = pieces(context.present());
    this.managed = pieces(context.free());
  }

  /** {@return the spans cut at the borders of zones, neighbours of one zone joined} */
  private List<Piece> pieces(List<FrameSpan> spans) {
    List<Piece> pieces = new ArrayList<>();
    long end = 0;
    for (FrameSpan span : spans) {
      if (span.start() < end || span.frames() < 1) {
        throw new IllegalArgumentException(
            "frames [0x%x, 0x%x): spans must be in rising order, disjoint and not empty"
                .formatted(span.start(), span.end()));
      }
      end = span.end();
      for (int kind = 0; kind < Zone.KINDS; kind++) {
        long from = Math.max(span.start(), limits[kind]);
        long to = Math.min(span.end(), limits[kind + 1]);
        if (from < to) {
          join(pieces, new Piece(from, to, span.node(), kind));
        }
      }
    }
    return pieces;
  }

  private static void join(List<Piece> pieces, Piece next) {
    Piece last = pieces.isEmpty() ? next : pieces.getLast();
    boolean joins = last.to == next.from && last.node == next.node && last.kind == next.kind;
    if (joins) {
      pieces.removeLast();
    }
    pieces.add(joins ? new Piece(last.from, next.to, next.node, next.kind) : next);
  }

  RamMap build() {
    managed.forEach(this::checkPresent);
    int[] nodes = present.stream().mapToInt(Piece::node).distinct().sorted().toArray();
    for (int node : nodes) {
      for (int kind = 0; kind < Zone.KINDS; kind++) {
        addZone(node, kind);
      }
    }
    long[] shifts = treeShifts.stream().mapToLong(Long::longValue).toArray();
    return new RamMap(zones, treeFrames, joined(), shifts);
  }

  private void checkPresent(Piece free) {
    if (present.stream().noneMatch(piece -> covers(piece, free))) {
      throw new IllegalArgumentException(
          "free frames [0x%x, 0x%x) of node %d are not all present"
              .formatted(free.from, free.to, free.node));
    }
  }

  private static boolean covers(Piece piece, Piece free) {
    return piece.node == free.node && piece.from <= free.from && free.to <= piece.to;
  }

  private void addZone(int node, int kind) {
    List<Piece> mine = present.stream().filter(p -> p.node == node && p.kind == kind).toList();
    if (mine.isEmpty()) {
      return;
    }
    int firstTree = treeShifts.size();
    int begin = 0;
    for (int i = 1; i <= mine.size(); i++) {
      if (i == mine.size() || mine.get(i).from - mine.get(i - 1).to > treeFrames) {
        addRegion(mine.subList(begin, i), zones.size());
        begin = i;
      }
    }
    List<Span> ram = mine.stream().map(p -> new Span(p.from, p.to)).toList();
    zones.add(new Zone(node, kind, firstTree, treeShifts.size(), ram, managedOf(node, kind)));
  }

  private List<Span> managedOf(int node, int kind) {
    return managed.stream()
        .filter(p -> p.node == node && p.kind == kind)
        .map(p -> new Span(p.from, p.to))
        .toList();
  }

  /** Gives a run of trees to pieces that lie close together. */
  private void addRegion(List<Piece> pieces, int zone) {
    long base = roundDown(pieces.getFirst().from, treeFrames);
    long shift = (long) treeShifts.size() * treeFrames - base;
    for (long at = base; at < pieces.getLast().to; at += treeFrames) {
      treeShifts.add(-shift);
    }
    for (Piece piece : pieces) {
      stretches.add(new long[] {piece.from, piece.to, shift, zone});
    }
  }

  /** {@return the stretches in the order of frames, neighbours with the same slots joined} */
  private long[][] joined() {
    stretches.sort(Comparator.comparingLong(stretch -> stretch[0]));
    List<long[]> kept = new ArrayList<>();
    for (long[] next : stretches) {
      if (!kept.isEmpty() && kept.getLast()[2] == next[2] && kept.getLast()[3] == next[3]) {
        kept.getLast()[1] = next[1];
      } else {
        kept.add(next);
      }
    }
    return kept.toArray(long[][]::new);
  }
}
