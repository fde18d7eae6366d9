package hardware.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void shouldUseTheLargestUnitThatFits() {
    assertEquals("0 B", Sizes.text(0));
    assertEquals("1023 B", Sizes.text(1023));
    assertEquals("1 KiB", Sizes.text(1024));
    assertEquals("1.5 MiB", Sizes.text(3 << 19));
    assertEquals("31 TiB", Sizes.text(31L << 40));
    assertEquals("8 EiB", Sizes.text(Long.MAX_VALUE));
  }
}
