package trace.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotTableTest {
  @Test
  void shouldGiveSlotOfLastDeathFirst() {
    SlotTable table = new SlotTable();
    assertEquals(0, table.birth(10, 100));
    assertEquals(1, table.birth(11, 101));
    assertEquals(2, table.birth(12, 102));
    assertEquals(0, table.death(10));
    assertEquals(2, table.death(12));
    assertEquals(2, table.birth(13, 103));
    assertEquals(0, table.birth(14, 104));
    assertEquals(3, table.birth(15, 105));
    assertEquals(104, table.id(0));
    assertEquals(4, table.limit());
    table.checkInvariants();
  }

  @Test
  void shouldChangeNothingWhenKeyHasWrongState() {
    SlotTable table = new SlotTable();
    table.birth(1, 1);
    assertEquals(SlotTable.NONE, table.birth(1, 2));
    assertEquals(SlotTable.NONE, table.death(2));
    assertEquals(1, table.live());
    assertEquals(1, table.id(table.find(1)));
    table.checkInvariants();
  }

  @Test
  void shouldKeepSlotsOfLiveBlocksApartAndWithinPeak() {
    for (long seed = 1; seed <= 10; seed++) {
      Random random = new Random(seed);
      SlotTable table = new SlotTable();
      Map<Long, Integer> slotOfKey = new HashMap<>();
      Map<Integer, Long> keyOfSlot = new HashMap<>();
      List<Long> keys = new ArrayList<>();
      int peak = 0;
      for (long step = 0; step < 20_000; step++) {
        String message = "seed " + seed + " step " + step;
        if (keys.isEmpty() || random.nextInt(100) < 52) {
          int slot = table.birth(step, -step);
          assertEquals(null, keyOfSlot.putIfAbsent(slot, step), message);
          slotOfKey.put(step, slot);
          keys.add(step);
        } else {
          long key = keys.remove(random.nextInt(keys.size()));
          assertEquals(slotOfKey.remove(key), table.death(key), message);
          keyOfSlot.values().remove(key);
        }
        peak = Math.max(peak, keys.size());
        assertEquals(keys.size(), table.live(), message);
      }
      assertEquals(peak, table.limit(), "seed " + seed);
      assertTrue(table.limit() < 10_000, "seed " + seed);
      table.checkInvariants();
    }
  }
}
