package shell.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SoakOptionsTest {
  private static SoakOptions parse(String words) {
    return SoakOptions.parse(Arrays.asList(words.split(" ", -1)));
  }

  @Test
  void shouldNeedNoOption() {
    SoakOptions options = SoakOptions.parse(List.of());
    assertEquals(new SoakOptions(300, options.seed(), 2, Optional.empty()), options);
  }

  @Test
  void shouldReadRandomExchanges() {
    assertEquals(
        new SoakOptions(10, -7, 4, Optional.empty()), parse("--seed -7 --seconds 10 --threads 4"));
  }

  @Test
  void shouldReadAChain() {
    assertEquals(
        Optional.of(new SoakOptions.Chain(Tier.HEAP, "dl", "slab", 1000)),
        parse("--chain heap dl slab 1000 --seed 1").chain());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--second 3 | --second is no option; usage: soak",
        "3 | 3 is no option; usage: soak",
        "--seconds | --seconds lacks a value; usage: soak",
        "--seconds x | --seconds x is no whole number",
        "--seconds 0 | --seconds 0 is not in 1 .. 86400",
        "--threads 65536 | --threads 65536 is not in 1 ..",
        "--chain heap dl slab | --chain lacks a value; usage: soak",
        "--chain heap dl slab 0 | COUNT 0 is not in 1 ..",
        "--chain cellar dl slab 3 | no tier is named cellar",
        "--seconds 3 --chain heap dl slab 3 | --seconds is for random exchanges",
      })
  void shouldSayWhatIsWrong(String words, String message) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> parse(words));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }
}
