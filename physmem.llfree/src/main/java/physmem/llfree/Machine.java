package physmem.llfree;

import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.TOUCHED;

import java.util.List;

/** The parts of an allocator over one set of metadata, put together. */
final class Machine {
  private final RamMap map;
  private final Memory memory;
  private final Words words;
  private final Children children;
  private final Trees trees;
  private final Reservations reservations;
  private final Upper upper;
  private final Pieces pieces;
  private final Frees frees;
  private final Ranges ranges;

  Machine(RamMap map, Memory memory, int cpus, boolean reserve, Cells cells) {
    this.map = map;
    this.memory = memory;
    this.words = new Words(cells, memory.words());
    this.children = new Children(cells, memory.children());
    this.trees = new Trees(cells, memory.trees(), map.treeFrames());
    this.reservations = new Reservations(cells, memory.reservations(), map, cpus);
    Lower lower = new Lower(words, children, map.treeFrames() / Layout.CHILD_FRAMES);
    this.upper = new Upper(map, trees, lower, reservations, reserve);
    this.pieces = new Pieces(words, children);
    this.frees = new Frees(map, upper, lower);
    this.ranges = new Ranges(map, upper, lower, frees);
  }

  RamMap map() {
    return map;
  }

  Memory memory() {
    return memory;
  }

  Words words() {
    return words;
  }

  Children children() {
    return children;
  }

  Trees trees() {
    return trees;
  }

  Reservations reservations() {
    return reservations;
  }

  Upper upper() {
    return upper;
  }

  Pieces pieces() {
    return pieces;
  }

  Frees frees() {
    return frees;
  }

  Ranges ranges() {
    return ranges;
  }

  int childCount() {
    return (int) (map.slots() / Layout.CHILD_FRAMES);
  }

  long freeFrames() {
    long sum = reservations.reserved();
    for (int tree = 0; tree < map.trees(); tree++) {
      sum += trees.free(tree);
    }
    return sum;
  }

  /** Declares what is not managed foreign, in metadata that is zero. */
  void seed() {
    for (Zone zone : map.zones()) {
      long at = (long) zone.firstTree() * map.treeFrames();
      for (Span span : map.managedSlots(zone)) {
        ban(at, span.from());
        at = span.to();
      }
      ban(at, (long) zone.endTree() * map.treeFrames());
    }
  }

  private void ban(long from, long to) {
    for (long at = from; at < to; ) {
      long end = Pieces.pieceEnd(at, to);
      pieces.ban(at, end);
      trees.mark((int) (at / map.treeFrames()), (int) (end - at));
      at = end;
    }
  }

  /** Allocates what is free, while nobody else is at work, in metadata that is seeded. */
  void allocateAll() {
    for (Zone zone : map.zones()) {
      for (Span span : map.managedSlots(zone)) {
        for (long at = span.from(); at < span.to(); ) {
          long end = Pieces.pieceEnd(at, span.to());
          pieces.markBlocks(at, end);
          trees.mark((int) (at / map.treeFrames()), (int) (end - at));
          at = end;
        }
      }
    }
  }

  /** Makes everything free again while nobody else is at work. */
  void reset() {
    for (int child = 0; child < childCount(); child++) {
      if ((children.plainAt(child) & TOUCHED) != 0) {
        for (int i = 0; i < CHILD_WORDS; i++) {
          words.put((long) child * CHILD_WORDS + i, 0);
        }
      }
    }
    List<?> parts = memory.segments();
    for (int i = 1; i < parts.size(); i++) {
      memory.segments().get(i).fill((byte) 0);
    }
    seed();
  }
}
