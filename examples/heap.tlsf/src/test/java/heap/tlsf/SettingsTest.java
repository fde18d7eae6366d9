package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tck.heap.HeapGround;

/** What can be set. */
class SettingsTest {
  private static final int PAGE = 4096;

  @ParameterizedTest
  @CsvSource({
    "second.level,7",
    "first.level,41",
    "growth,0",
    "growth,2T",
    "block.least,40",
    "block.least,1K",
    "empty.keep,some",
    "footprint.limit,-1"
  })
  void shouldSayWhatIsNotAccepted(String key, String value) {
    HeapGround ground = new HeapGround(1 << 20, 1);
    String message =
        String.valueOf(
            assertThrows(BadSettingException.class, () -> Heaps.open(ground, key, value))
                .getMessage());
    assertTrue(message.contains("heap.tlsf:" + key + "=" + value), message);
    assertEquals(0, ground.importCalls);
  }

  @Test
  void shouldHaveTheDefaultsOfTheMetatype() {
    Map<String, String> shown =
        Map.of(
            "second.level", "5",
            "first.level", "40",
            "growth", "256K",
            "block.least", "32",
            "empty.keep", "1M",
            "footprint.limit", "off");
    assertEquals(
        TlsfSettings.parse(Settings.none("heap.tlsf"), PAGE),
        TlsfSettings.parse(new Settings("heap.tlsf", shown), PAGE));
  }

  @Test
  void shouldRefuseBlocksThatTheFirstLevelDoesNotReach() {
    HeapGround ground = new HeapGround(8 << 20, 1);
    TlsfEngine heap = Heaps.open(ground, "first.level", "20");
    assertEquals(0, heap.allocate(0, 1 << 20));
    assertTrue(heap.allocate(0, 900_000) != 0);
    assertTrue(heap.allocate(0, 900_000) != 0);
    heap.managed((start, bytes, attributes) -> {
      assertTrue(bytes < 1 << 20);
      return true;
    });
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldStopGrowingAtTheLimit() {
    HeapGround ground = new HeapGround(8 << 20, 1);
    TlsfEngine heap = Heaps.open(ground, "footprint.limit", "100K");
    while (heap.allocate(0, 1000) != 0) {}
    assertEquals(100 << 10, heap.footprint());
    heap.footprintLimit(Long.MAX_VALUE);
    assertTrue(heap.allocate(0, 1000) != 0);
  }
}
