package tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractTest {
  @Test
  void shouldHaveTheTextOfTheApisSources() throws IOException {
    String sources = ClauseSources.text(ClauseSources.read(Path.of("..")));
    assertEquals(
        sources,
        ClauseSources.text(Contract.all()),
        "write it anew: in tck, java -cp target/test-classes:target/classes tck.ClauseSources");
  }

  @Test
  void shouldNumberClausesWithoutGapsOrTwins() {
    for (String chapter : List.of("allocator", "physmem", "vmem", "heap")) {
      List<Integer> numbers =
          Contract.all().stream()
              .filter(each -> each.chapter().equals(chapter))
              .map(each -> ClauseSources.number(each.id()))
              .toList();
      for (int i = 0; i < numbers.size(); i++) {
        assertEquals(i + 1, numbers.get(i), chapter);
      }
      assertTrue(numbers.size() > 20, chapter);
    }
  }

  @Test
  void shouldHoldATierToItsOwnClausesAndTheShared() {
    assertTrue(Contract.of(Tier.HEAP).contains(Contract.clause("heap.1")));
    assertTrue(Contract.of(Tier.HEAP).contains(Contract.clause("allocator.1")));
    assertTrue(Contract.of(Tier.HEAP).stream().noneMatch(each -> each.chapter().equals("physmem")));
    assertThrows(IllegalArgumentException.class, () -> Contract.clause("heap.999"));
  }
}
