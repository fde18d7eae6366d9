package shell.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchOptionsTest {
  private static WatchOptions parse(String words) {
    return WatchOptions.parse(List.of(words.split(" ")), "top");
  }

  @Test
  void shouldReadOptions() {
    assertEquals(
        new WatchOptions(true, 500, OptionalLong.of(3)), parse("--batch --delay 0.5 --count 3"));
    assertEquals(
        new WatchOptions(false, 1000, OptionalLong.empty()), WatchOptions.parse(List.of(), "top"));
  }

  @ParameterizedTest
  @CsvSource({"1s,1000", "2,2000", "200ms,200", "0.1s,100", "2m,120000", "0,1"})
  void shouldReadTimes(String text, long millis) {
    assertEquals(millis, WatchOptions.millis(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--delay", "--delay x", "--delay -1", "--count 0", "--count", "--fast"})
  void shouldRefuseWhatItDoesNotKnow(String words) {
    assertThrows(IllegalArgumentException.class, () -> parse(words));
  }
}
