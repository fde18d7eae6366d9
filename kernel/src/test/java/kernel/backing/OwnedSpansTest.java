package kernel.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who holds which pages, and what passes to a successor. */
final class OwnedSpansTest {
  private static final long PAGE = Ground.PAGE;

  @Test
  void shouldPassOnPagesThatHaveFramesAndNoOthers() {
    try (Ground ground = new Ground(16 << 20, 4, 0)) {
      PageOwners owners = new PageOwners(ground.space.kernelBase(), Ground.WINDOW_BYTES, 12);
      OwnedSpans before = new OwnedSpans(ground.spans, owners, 1);
      OwnedSpans after = new OwnedSpans(ground.spans, owners, 2);
      long guard = before.reserve(4 * PAGE, PAGE);
      long block = before.allocate(4 * PAGE, PAGE);
      assertNotEquals(0, guard);
      before.depopulate(block + PAGE, PAGE);
      assertEquals(List.of(block, PAGE, block + 2 * PAGE, 2 * PAGE), mapped(before));
      assertEquals(8 * PAGE, before.bytes());

      after.absorb(before);
      assertEquals(List.of(block, PAGE, block + 2 * PAGE, 2 * PAGE), mapped(after));
      assertEquals(3 * PAGE, after.bytes());
      assertEquals(5 * PAGE, before.bytes(), "addresses without frames stay");
      assertThrows(MisuseException.class, () -> before.release(block, PAGE));
      assertThrows(MisuseException.class, () -> after.release(guard, PAGE));

      before.releaseAll();
      assertEquals(0, before.bytes());
      assertEquals(3 * PAGE, ground.spans.claimedBytes());
      after.releaseAll();
      assertEquals(0, ground.spans.claimedBytes());
      ground.spans.purge();
      ground.spans.checkInvariants();
    }
  }

  private static List<Long> mapped(OwnedSpans spans) {
    List<Long> seen = new ArrayList<>();
    spans.forEachMapped((base, size, attributes) -> seen.add(base) && seen.add(size));
    return seen;
  }
}
