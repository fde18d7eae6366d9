package kernel.lodge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kernel.backing.PageOwners;
import org.junit.jupiter.api.Test;

/** The tables that lodgers are kept in, against plain maps. */
final class TablesTest {
  private static final long BASE = 0xffff_8000_0000_0000L;

  @Test
  void shouldKeepSizesAndWhatIsGoneAsAMapDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    LodgerTable table = new LodgerTable();
    Map<Long, Long> model = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      long address = BASE + 16L * random.nextInt(20_000);
      long size = random.nextInt(3) == 0 ? LodgerTable.GONE : random.nextInt(5000);
      table.put(address, size);
      model.put(address, size);
      long asked = BASE + 16L * random.nextInt(40_000);
      assertEquals(
          model.getOrDefault(asked, LodgerTable.ABSENT), table.get(asked), () -> "seed " + seed);
    }
    long[] sum = {0, 0};
    table.forEach((address, size) -> {
      sum[0]++;
      sum[1] += size;
      return true;
    });
    List<Long> live = model.values().stream().filter(size -> size != LodgerTable.GONE).toList();
    assertEquals(live.size(), sum[0]);
    assertEquals(live.stream().mapToLong(Long::longValue).sum(), sum[1]);
  }

  @Test
  void shouldSayWhichPiecesNobodyReachesIntoAnyMore() {
    PieceCounts pieces = new PieceCounts();
    pieces.add(BASE + PieceCounts.BYTES - 8, 16); // reaches into the next one
    pieces.add(BASE, 0); // an empty block still stands somewhere
    assertEquals(2, pieces.at(BASE));
    assertEquals(1, pieces.at(BASE + PieceCounts.BYTES));
    List<Long> emptied = new ArrayList<>();
    pieces.remove(BASE + PieceCounts.BYTES - 8, 16, emptied::add);
    assertEquals(List.of(BASE + PieceCounts.BYTES), emptied);
    pieces.remove(BASE, 0, emptied::add);
    assertEquals(List.of(BASE + PieceCounts.BYTES, BASE), emptied);
  }

  @Test
  void shouldNumberHeapsAndUseTheNumbersOfThoseThatAreGone() {
    Lodgers lodgers = new Lodgers(new PageOwners(BASE, 1 << 30, 12));
    assertEquals(1, lodgers.takeNumber());
    assertEquals(2, lodgers.takeNumber());
    lodgers.giveNumber(1);
    assertEquals(1, lodgers.takeNumber());
    assertTrue(lodgers.all().isEmpty());
    assertEquals(null, lodgers.at(BASE));
    assertEquals(null, lodgers.at(0)); // far outside of the window
  }
}
