package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Damage of every kind is found and named. */
class AuditTest {
  private static final ArenaShape SPEC = ArenaShape.of("damaged", 0x10);

  /** Two spans, a live range between free ones in the first; tags 3 to 8. */
  private static Segments sound() {
    Segments segments = new Segments(0x10, true, ArenaTuning.DEFAULT);
    segments.tags.reserve();
    int free = segments.addSpan(0x100, 0x100, false);
    segments.carve(free, 0x140, 0x20, 0);
    segments.tags.reserve();
    segments.addSpan(0x400, 0x80, false);
    return segments;
  }

  private static void finds(String what, Consumer<Segments> damage) {
    Segments segments = sound();
    assertTrue(new Audit(SPEC, segments, 0).check() > 30);
    damage.accept(segments);
    String message =
        assertThrows(CorruptionException.class, () -> new Audit(SPEC, segments, 0).check(), what)
            .toString();
    assertTrue(message.contains("damaged: " + what), message);
  }

  @Test
  void shouldFindDamage() {
    Segments sound = sound();
    int live = sound.live.find(0x140);
    int low = sound.tags.previous(live);
    int high = sound.tags.next(live);
    int span = sound.tags.previous(low);
    assertEquals(0x160, sound.tags.start(high));
    finds("start", s -> s.tags.setStart(high, 0x170));
    finds("start", s -> s.tags.setEnd(low, 0x130));
    finds("end of the last segment", s -> s.tags.setEnd(high, 0x1f0));
    finds("free neighbours", s -> s.tags.setState(live, Tags.FREE));
    finds("entry in the table", s -> s.live.remove(live));
    finds("number of segments on free lists", s -> s.free.delete(high));
    finds("type of a segment", s -> s.tags.setState(high, Tags.IDLE));
    finds("previous on a free list", s -> s.tags.setKinPrevious(low, high));
    finds("start", s -> s.tags.insertAfter(low, high));
    finds("next of kin of a span", s -> s.tags.setKinNext(Tags.ANCHOR, live));
    finds("previous of kin", s -> s.tags.setKinPrevious(span, live));
    finds("cached segments", s -> s.tags.setState(live, Tags.CACHED));
    finds("tags held", s -> s.tags.hold());
    finds("mem_inuse", s -> s.tags.setEnd(live, 0x15f));
  }

  @Test
  void shouldFindOverlappingSpans() {
    Segments segments = new Segments(0x10, false, ArenaTuning.DEFAULT);
    segments.tags.reserve();
    segments.addSpan(0x100, 0x100, true);
    segments.tags.reserve();
    segments.addSpan(0x180, 0x100, true);
    assertThrows(CorruptionException.class, () -> new Audit(SPEC, segments, 0).check());
  }
}
