package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import vmem.api.ArenaSpec;

/** Damage of every kind is found and named. */
class AuditTest {
  private static final ArenaSpec SPEC = ArenaSpec.of("damaged", 0x10);

  /** A full span with two live ranges, and one with room and a live range. */
  private static Territory sound() {
    Territory territory = new Territory(SPEC, BumpSettings.DEFAULT);
    territory.addSpan(0x100, 0x40);
    territory.addSpan(0x200, 0x40);
    territory.take(0x18, Place.ANYWHERE);
    territory.take(0x20, Place.ANYWHERE);
    territory.take(0x10, Place.ANYWHERE);
    territory.spans().firstOpen();
    return territory;
  }

  private static void finds(String what, Consumer<Territory> damage) {
    Territory territory = sound();
    assertTrue(new BumpAudit(SPEC, territory).check() > 30);
    damage.accept(territory);
    String message =
        assertThrows(CorruptionException.class, () -> new BumpAudit(SPEC, territory).check(), what)
            .toString();
    assertTrue(message.contains("arena damaged: " + what), message);
  }

  @Test
  void shouldFindDamageToTheSpans() {
    finds("span modulo the quantum", t -> t.spans().insert(0x308, 0x10, false));
    finds("span without addresses", t -> t.spans().insert(0x300, 0, false));
    finds("span in or below", t -> t.spans().insert(0x230, 0x20, false));
    finds("frontier modulo the quantum", t -> t.spans().advance(1, 0x218));
    finds("frontier above the end", t -> t.spans().advance(1, 0x250));
    finds("room above the bound", t -> t.spans().narrow(0x20));
    finds("room in a span known to be full", t -> t.spans().advance(0, 0x130));
    finds("live ranges of the span", t -> t.spans().retire(1));
    finds(
        "live ranges in spans",
        t -> {
          t.spans().remove(1);
          t.spans().remove(0);
        });
  }

  @Test
  void shouldFindDamageToTheRanges() {
    finds("range modulo the quantum", t -> t.live().add(0x108, 0x10));
    finds("range overlapping the one below", t -> t.live().add(0x110, 0x10));
    finds("range above the frontier", t -> t.live().add(0x220, 0x10));
    finds("live ranges of the span", t -> t.live().remove(0x120));
    finds("entries", t -> t.live().leaf(0).remove(0x120, Leaf.hash(0x120, 4)));
    finds(
        "alloc less free",
        t -> {
          t.live().add(0x210, 0x10);
          t.spans().advance(1, 0x220);
        });
  }
}
