package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The red-black tree against one of Java's, balance and largest sizes recomputed as it goes. */
class AreaTreeTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Areas areas = new Areas(1 << 20);
  private final AreaTree tree = new AreaTree(areas, true);
  private final TreeMap<Long, Integer> model = new TreeMap<>(Long::compareUnsigned);

  @Test
  void shouldStayBalancedAndInOrderWhileItGrowsAndShrinks() {
    for (int step = 0; step < 6000; step++) {
      boolean isGrowing = step < 3000;
      if (model.isEmpty() || random.nextInt(10) < (isGrowing ? 7 : 3)) {
        insert();
      } else {
        change();
      }
      if (step % 40 == 0) {
        compare();
      }
    }
    assertEquals(model.size(), areas.used());
    model.values().forEach(tree::remove);
    assertEquals(Areas.NIL, tree.root());
    assertEquals(0, tree.count());
  }

  private void insert() {
    long start = (random.nextLong() & -0x100) + random.nextInt(2);
    if (!model.containsKey(start)) {
      assertTrue(areas.reserve(1));
      int area = areas.create(start, 1 + random.nextInt(50));
      tree.insert(area);
      model.put(start, area);
    }
  }

  private void change() {
    long start = any();
    int area = tree.find(start);
    if (random.nextInt(4) == 0) {
      areas.setSize(area, 1 + random.nextInt(50));
      tree.resized(area);
    } else {
      tree.remove(area);
      areas.destroy(area);
      model.remove(start);
    }
  }

  private long any() {
    Long start = model.ceilingKey(random.nextLong());
    return start == null ? model.firstKey() : start;
  }

  private void compare() {
    int[] count = {0};
    blacks(tree.root(), Areas.NIL, count);
    assertEquals(model.size(), count[0], "seed " + seed);
    assertEquals(model.size(), tree.count(), "seed " + seed);
    List<Integer> found = new ArrayList<>();
    for (int area = tree.first(); area != Areas.NIL; area = tree.next(area)) {
      found.add(area);
    }
    assertEquals(List.copyOf(model.values()), found, "seed " + seed);
    compareSearches(found);
  }

  /** Checks a subtree and returns its height in black areas. */
  private int blacks(int area, int parent, int[] count) {
    if (area == Areas.NIL) {
      return 1;
    }
    count[0]++;
    int left = areas.child(area, Areas.LEFT);
    int right = areas.child(area, Areas.RIGHT);
    assertEquals(parent, areas.parent(area), "seed " + seed);
    assertTrue(!areas.isRed(area) || !areas.isRed(parent) && parent != 0, "seed " + seed);
    int height = blacks(left, area, count);
    assertEquals(height, blacks(right, area, count), "seed " + seed);
    long below = Math.max(areas.max(left), areas.max(right));
    assertEquals(Math.max(areas.size(area), below), areas.max(area), "seed " + seed);
    return height + (areas.isRed(area) ? 0 : 1);
  }

  private void compareSearches(List<Integer> inOrder) {
    long address = random.nextLong();
    long size = 1 + random.nextInt(50);
    int under = tree.under(address);
    var floor = model.floorEntry(address);
    assertEquals(floor == null ? Areas.NIL : floor.getValue(), under, "seed " + seed);
    int lowest = Areas.NIL;
    int highest = Areas.NIL;
    for (int area : inOrder) {
      boolean isLarge = areas.size(area) >= size;
      boolean isBelow = Unsigned.below(areas.start(area), address);
      highest = isLarge && isBelow ? area : highest;
      boolean isCandidate = isLarge && (!isBelow || area == under);
      lowest = isCandidate && lowest == Areas.NIL ? area : lowest;
    }
    assertEquals(lowest, tree.lowestFrom(address, size), "seed " + seed);
    assertEquals(highest, tree.highestTo(address, size), "seed " + seed);
  }
}
