package physmem.llfree;

import static physmem.llfree.Layout.ABSENT;
import static physmem.llfree.Layout.BUSY;
import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.HUGE;
import static physmem.llfree.Layout.WORD_FRAMES;

import allocator.api.CensusCount;
import allocator.api.CorruptionException;

/**
 * Recomputes the counts from the bit fields, and what is foreign from the map. For one run by one
 * thread while no hot call is under way.
 */
final class Audit {
  private final Machine machine;
  private final RamMap map;
  private final Words words;
  private final Children children;
  private long facts;

  Audit(Machine machine) {
    this.machine = machine;
    this.map = machine.map();
    this.words = machine.words();
    this.children = machine.children();
  }

  /**
   * {@return the number of facts checked}
   *
   * @throws CorruptionException if one does not hold
   */
  long run() {
    long[] counted = new long[map.trees()]; // frames not free, by tree
    long foreign = 0;
    for (int child = 0; child < machine.childCount(); child++) {
      counted[treeOf(child)] += checkChild(child);
      foreign += foreignIn(child);
    }
    checkForeign(foreign);
    checkTrees(counted);
    checkLive(counted, foreign);
    return facts;
  }

  private int treeOf(int child) {
    return (int) ((long) child * CHILD_FRAMES / map.treeFrames());
  }

  private void expect(String what, long place, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "%s 0x%x: expected %d, found %d".formatted(what, place, expected, found));
    }
  }

  /** {@return the frames of a child that are not free} */
  private int checkChild(int child) {
    int entry = children.at(child);
    expect("busy child", child, 0, entry & BUSY);
    expect("kinds of child", child, 0, (entry & HUGE) != 0 && (entry & ABSENT) != 0 ? 1 : 0);
    int used = 0;
    for (int i = 0; i < CHILD_WORDS; i++) {
      used += WORD_FRAMES - Integer.bitCount(Words.free(words.at(word(child, i))));
    }
    boolean whole = Children.isWhole(entry);
    expect("bits of whole child", child, 0, whole ? used : 0);
    int count = whole ? CHILD_FRAMES : used;
    expect("count of child", child, count, Children.used(entry));
    return count;
  }

  private static long word(int child, int i) {
    return (long) child * CHILD_WORDS + i;
  }

  private long foreignIn(int child) {
    if ((children.at(child) & ABSENT) != 0) {
      return CHILD_FRAMES;
    }
    int foreign = 0;
    for (int i = 0; i < CHILD_WORDS; i++) {
      long value = words.at(word(child, i));
      foreign += Integer.bitCount(Words.heads(value) & ~Words.allocated(value));
    }
    return foreign;
  }

  /** As many frames are foreign as are not managed, and no managed one is. */
  private void checkForeign(long foreign) {
    long managed = 0;
    for (Zone zone : map.zones()) {
      managed += Zone.frames(zone.managed());
      for (Span span : map.managedSlots(zone)) {
        for (long slot = span.from(); slot < span.to(); ) {
          slot = skipManaged(slot, span.to());
        }
      }
    }
    expect("foreign frames of trees", map.trees(), map.slots() - managed, foreign);
  }

  private long skipManaged(long slot, long to) {
    int entry = children.at(Pieces.childOf(slot));
    if (Children.isFree(entry) || Children.isHuge(entry)) {
      return Pieces.pieceEnd(slot, to);
    }
    boolean foreign = machine.pieces().state(slot) == Layout.FOREIGN;
    expect("managed slot is foreign", slot, 0, foreign ? 1 : 0);
    return slot + 1;
  }

  private void checkTrees(long[] counted) {
    long[] kept = new long[map.trees()];
    int[] reserved = new int[map.trees()];
    Reservations all = machine.reservations();
    for (int zone = 0; zone < all.zones(); zone++) {
      for (int part = 0; part < all.parts(zone); part++) {
        long value = all.at(all.line(zone, part));
        if (Reservations.exists(value)) {
          kept[all.tree(value)] += Reservations.free(value);
          reserved[all.tree(value)]++;
        }
      }
    }
    for (int tree = 0; tree < map.trees(); tree++) {
      int value = machine.trees().at(tree);
      expect("reservations of tree", tree, Trees.isReserved(value) ? 1 : 0, reserved[tree]);
      long used = map.treeFrames() - machine.trees().freeOf(value);
      expect("count of tree", tree, counted[tree] + kept[tree], used);
    }
  }

  /** The live ranges are the frames that are neither free nor foreign. */
  private void checkLive(long[] counted, long foreign) {
    CensusCount count = new CensusCount();
    new LiveWalk(machine, count).run();
    long used = 0;
    for (long each : counted) {
      used += each;
    }
    expect("frames of live ranges", 0, used - foreign, count.summary(0).liveUnits());
  }
}
