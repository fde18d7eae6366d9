package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mapping function, at every boundary that it has. */
class MappingTest {
  private static Mapping mapping(int secondLevel) {
    return new Mapping(secondLevel, Tags.SIZE_BITS, Tags.LEAST);
  }

  @Test
  void shouldMapAsTheFigureInTheReadMe() {
    Mapping mapping = mapping(5);
    assertEquals(512, mapping.linear);
    assertEquals(32, mapping.rows);
    // 5000 = 0b1_00111_0001000: row of 4096, column 7; a search begins at column 8, 5120 bytes
    assertEquals(4 * 32 + 7, mapping.insert(5008));
    assertEquals(4 * 32 + 8, mapping.search(5008));
    assertEquals(4992, mapping.from(4 * 32 + 7));
    assertEquals(5120, mapping.from(4 * 32 + 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void shouldKeepListsInOrderWithoutGap(int secondLevel) {
    Mapping mapping = mapping(secondLevel);
    int lists = mapping.rows * mapping.columns;
    for (int list = 0; list < lists; list++) {
      long from = mapping.from(list);
      assertEquals(list, mapping.insert(from));
      long upTo = list + 1 < lists ? mapping.from(list + 1) : mapping.limit;
      assertTrue(from < upTo);
      assertEquals(list, mapping.insert(upTo - Tags.ALIGN));
      assertEquals(list, mapping.search(from), "the smallest of a list is searched in it");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6})
  void shouldSearchWhereEveryBlockWillDo(int secondLevel) {
    Mapping mapping = mapping(secondLevel);
    int lists = mapping.rows * mapping.columns;
    for (int list = 1; list < lists - 1; list++) {
      for (long size = Math.max(16, mapping.from(list) - 16);
          size <= mapping.from(list) + 16;
          size += 16) {
        int found = mapping.search(size);
        assertTrue(mapping.from(found) >= size, "list " + found + " for " + size);
        assertTrue(mapping.from(found - 1) < size, "an earlier list would have done");
        long waste = mapping.roundUp(size) - size;
        assertTrue(waste * mapping.columns <= size, waste + " of " + size);
      }
    }
    assertEquals(lists, mapping.search(mapping.limit - Tags.ALIGN), "beyond the last list");
  }

  @ParameterizedTest
  @CsvSource({"0,32", "1,32", "24,32", "25,48", "40,48", "41,64", "4088,4096", "4089,4112"})
  void shouldAddTheTagAndRoundUp(long bytes, long size) {
    assertEquals(size, mapping(5).blockSize(bytes));
  }

  @Test
  void shouldHaveNoBlockForWhatIsTooLarge() {
    Mapping mapping = mapping(5);
    assertEquals(mapping.limit, mapping.blockSize(Long.MAX_VALUE));
    assertTrue(mapping.blockSize(mapping.limit - 1) >= mapping.limit);
    assertEquals(mapping.limit - 16, mapping.blockSize(mapping.limit - 24));
  }
}
