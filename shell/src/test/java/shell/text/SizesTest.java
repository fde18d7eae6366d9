package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "102348, 99.9 KiB",
    "102399, 100 KiB",
    "104857600, 100 MiB",
    "1048575, 1.0 MiB",
    "536215552, 511 MiB",
    "4398046511104, 4.0 TiB",
    "9223372036854775807, 8192 PiB"
  })
  void shouldShowBytesInTheLargestUnit(long bytes, String text) {
    assertEquals(text, Sizes.bytes(bytes));
  }

  @Test
  void shouldSetThousandsApartInEveryLocale() {
    assertEquals("1,234,567", Sizes.count(1_234_567));
    assertEquals("0xffff800000000010", Sizes.address(0xFFFF_8000_0000_0010L));
    assertEquals("0x0000000000001000", Sizes.address(0x1000));
  }

  @ParameterizedTest
  @CsvSource({
    "0xffff800000000010, -140737488355312",
    "0xFFFF_8000_0000_0010, -140737488355312",
    "4096, 4096",
    "18446744073709551615, -1"
  })
  void shouldReadAddresses(String text, long address) {
    assertEquals(address, Sizes.parseAddress(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "-1", "ffff", "0x1ffffffffffffffff", "12q"})
  void shouldSayHowAnAddressIsWritten(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Sizes.parseAddress(text)).getMessage();
    assertEquals(text + " is no address; write it like 0xffff800000000000", message);
  }

  @Test
  void shouldReadBytesWithAUnit() {
    assertEquals(65_536, Sizes.parseBytes("64K"));
    assertEquals(2L << 20, Sizes.parseBytes("2MiB"));
    assertThrows(IllegalArgumentException.class, () -> Sizes.parseBytes("many"));
    assertThrows(IllegalArgumentException.class, () -> Sizes.parseBytes("-1"));
  }
}
