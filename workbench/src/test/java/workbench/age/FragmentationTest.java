package workbench.age;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FragmentationTest {
  /** 8 single frames, a block of order 3 and one of order 9: 528 frames. */
  private final Fragmentation mixture =
      new Fragmentation(528, List.of(8L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 1L, 0L));

  @Test
  void shouldCutLargerBlocksUp() {
    assertEquals(528, mixture.suitable(0));
    assertEquals(1 + 64, mixture.suitable(3));
    assertEquals(1, mixture.suitable(9));
    assertEquals(0, mixture.suitable(10));
  }

  @Test
  void shouldGiveTheUnusableIndexOfLinux() {
    assertEquals(0, mixture.unusable(0));
    assertEquals((528 - 520) * 1000 / 528, mixture.unusable(3));
    assertEquals((528 - 512) * 1000 / 528, mixture.unusable(9));
    assertEquals(1000, mixture.unusable(10));
    assertEquals(1000, new Fragmentation(0, List.of(0L)).unusable(0));
  }

  @Test
  void shouldGiveTheFragmentationIndexOfLinux() {
    assertEquals(-1000, mixture.externalIndex(9), "there is a block");
    assertEquals(0, new Fragmentation(0, List.of(0L)).externalIndex(9), "nothing is free");
    // 1000 - (1000 + 600 * 1000 / 512) / 600: many single frames, so fragmentation is to blame
    Fragmentation singles = new Fragmentation(600, List.of(600L));
    assertEquals(1000 - (1000 + 1171) / 600, singles.externalIndex(9));
    // 1000 - (1000 + 256 * 1000 / 512) / 1: one large block, so memory is wanting
    Fragmentation little = new Fragmentation(256, List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L));
    assertEquals(1000 - 1500, little.externalIndex(9));
  }
}
