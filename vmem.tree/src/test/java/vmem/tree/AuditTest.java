package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import vmem.api.ArenaSpec;

/** Damage of every kind is found and named. */
class AuditTest {
  private static final ArenaSpec SPEC = ArenaSpec.of("damaged", 0x10);

  /**
   * Two spans with live, lazy and free areas, at least three of each tree but that of the spans.
   */
  private static Space sound() {
    Space space = new Space(SPEC, Arenas.settings("guard", "off"), Arenas.CPUS);
    space.addSpan(0x1000, 0x100);
    space.addSpan(0x1100, 0x200);
    for (int i = 0; i < 40; i++) {
      space.take(0x10, Placement.ANYWHERE);
    }
    for (int i = 0; i < 9; i += 2) {
      space.free(0x1000 + i * 0x10, 0x10);
    }
    space.drain();
    for (int i = 20; i < 30; i += 2) {
      space.free(0x1000 + i * 0x10, 0x10);
    }
    return space;
  }

  private static void finds(String what, Consumer<Space> damage) {
    Space space = sound();
    assertTrue(new TreeAudit(SPEC, space).check() > 200);
    damage.accept(space);
    String message =
        assertThrows(CorruptionException.class, () -> new TreeAudit(SPEC, space).check(), what)
            .toString();
    assertTrue(message.contains("arena damaged: " + what), message);
  }

  private static void resize(Space space, AreaTree tree, long more) {
    space.areas.setSize(tree.first(), space.areas.size(tree.first()) + more);
    tree.resized(tree.first());
  }

  @Test
  void shouldFindDamageToATree() {
    finds("live: red root", s -> s.areas.setRed(s.live.root(), true));
    finds("live: parent of the root", s -> s.areas.setParent(s.live.root(), s.live.first()));
    finds("lazy: parent", s -> s.areas.setParent(s.lazies.tree().first(), Areas.NIL));
    finds("live: red below red", s -> paint(s, true));
    finds("live: black areas on the right", s -> paint(s, false));
    finds("free: largest size below", s -> s.areas.setMax(s.free.root(), 0x20));
    finds("live: order", s -> s.areas.setStart(s.live.first(), 0x1300));
    finds("spans: order", s -> s.areas.setStart(s.spans.tree().first(), 0x1010));
    finds("live: count", s -> cut(s, s.live));
  }

  /** Cuts a red leaf off, which leaves the balance as it was. */
  private static void cut(Space space, AreaTree tree) {
    Areas areas = space.areas;
    int leaf = tree.first();
    while (!areas.isRed(leaf)
        || areas.child(leaf, Areas.LEFT) != Areas.NIL
        || areas.child(leaf, Areas.RIGHT) != Areas.NIL) {
      leaf = tree.next(leaf);
    }
    int parent = areas.parent(leaf);
    int side = areas.child(parent, Areas.LEFT) == leaf ? Areas.LEFT : Areas.RIGHT;
    areas.setChild(parent, side, Areas.NIL);
  }

  private static void paint(Space space, boolean red) {
    int first = space.live.first();
    int parent = space.areas.parent(first);
    if (red) {
      space.areas.setRed(parent, true);
      space.areas.setRed(first, true);
    } else {
      space.areas.setRed(first, !space.areas.isRed(first));
    }
  }

  @Test
  void shouldFindDamageToTheTiling() {
    finds("area modulo the quantum", s -> resize(s, s.free, -0x8));
    finds("free: order", s -> resize(s, s.free, 0x20));
    finds("area at the end of the one before", s -> s.live.remove(s.live.first()));
    finds("free area outside of all spans", s -> add(s, s.free, 0x2000));
    finds("lazy area outside of all spans", s -> add(s, s.lazies.tree(), 0x2000));
    finds("live range outside of all spans", s -> add(s, s.live, 0x2000));
    finds("two areas that could be joined", AuditTest::split);
    finds("span modulo the quantum", s -> resize(s, s.spans.tree(), -0x8));
    finds(
        "area past the end of its span", s -> s.areas.setSize(s.spans.tree().find(0x1100), 0x1c0));
    finds("guard", s -> s.areas.setMax(s.live.first(), 0x30));
    finds("range of no size", s -> s.areas.setSize(s.live.first(), 0));
  }

  private static void add(Space space, AreaTree tree, long at) {
    space.areas.reserve(1);
    tree.insert(space.areas.create(at, 0x10));
  }

  private static void split(Space space) {
    int last = space.free.root();
    for (int area = last; area != Areas.NIL; area = space.free.next(area)) {
      last = area;
    }
    space.areas.setSize(last, space.areas.size(last) - 0x10);
    space.free.resized(last);
    add(space, space.free, space.areas.last(last) + 1);
  }

  @Test
  void shouldFindWrongCounts() {
    finds("mem_inuse", s -> s.tally.liveBytes++);
    finds("free_bytes", s -> s.tally.freeBytes--);
    finds("guard bytes", s -> s.tally.guardBytes++);
    finds("alloc less free", s -> s.tally.allocations++);
    finds(
        "areas in trees",
        s -> {
          s.areas.reserve(1);
          s.areas.create(0x1000, 0x10);
        });
  }
}
