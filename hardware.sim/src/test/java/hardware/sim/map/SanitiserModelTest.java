package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapEntry;
import hardware.api.map.MapOptions;
import hardware.api.map.MemoryType;
import hardware.api.map.SanitisedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the sanitiser with a model that looks at every byte of a small address space. */
class SanitiserModelTest {
  private static final int SPACE = 600;
  private static final int PAGE = 16;
  private static final int ROUNDS = 20_000;

  @Test
  void shouldAgreeWithAModelThatCountsBytes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      FirmwareMap map = randomMap(random);
      boolean loader = random.nextBoolean();
      MapOptions options = MapOptions.DEFAULTS.withPageSize(PAGE).withLoaderUsable(loader);
      SanitisedMap sane = Samples.MAPS.sanitise(map, options);
      String where = "seed " + seed + ", round " + round + ", " + map.entries();
      Model model = new Model(map.entries(), map.efi() && loader);
      assertEquals(model.usable(), Samples.spans(sane), where);
      assertEquals(model.reservedBytes(), sane.reservedBytes(), where);
      assertEquals(model.totals(), sane.totals(), where);
      SanitisedMapCheck.check(sane);
    }
  }

  private static FirmwareMap randomMap(Random random) {
    List<MapEntry> entries = new ArrayList<>();
    int count = random.nextInt(8);
    MemoryType[] types = MemoryType.values();
    for (int i = 0; i < count; i++) {
      long first = random.nextInt(SPACE);
      long last = random.nextInt(4) == 0 ? random.nextInt(SPACE) : first + random.nextInt(80);
      boolean ram = random.nextBoolean();
      MemoryType type = ram ? MemoryType.USABLE : types[random.nextInt(types.length)];
      if (random.nextInt(3) == 0) {
        first &= -PAGE;
      }
      entries.add(Samples.entry(i + 1, first, Math.min(last, SPACE - 1), type));
    }
    return Samples.of(random.nextBoolean(), entries);
  }

  /** The rules, byte by byte. */
  private static final class Model {
    private final boolean[] ram = new boolean[SPACE + PAGE];
    private final boolean[] covered = new boolean[SPACE + PAGE];
    private final MemoryType[] strictest = new MemoryType[SPACE + PAGE];

    Model(List<MapEntry> entries, boolean loader) {
      Arrays.fill(strictest, MemoryType.KERNEL);
      for (MapEntry e : entries) {
        for (long a = e.first(); e.covers() && a <= e.last() && !e.type().neutral(); a++) {
          (e.type().usable(loader) ? ram : covered)[(int) a] = true;
          if (e.type().compareTo(strictest[(int) a]) > 0) {
            strictest[(int) a] = e.type();
          }
        }
      }
    }

    private boolean usablePage(int page) {
      boolean usable = true;
      for (int a = page; a < page + PAGE; a++) {
        usable &= ram[a] && !covered[a];
      }
      return usable;
    }

    private boolean reservedPage(int page) {
      boolean reserved = false;
      for (int a = page; a < page + PAGE; a++) {
        reserved |= covered[a];
      }
      return reserved;
    }

    String usable() {
      StringBuilder spans = new StringBuilder();
      for (int page = 0; page < SPACE; page += PAGE) {
        if (usablePage(page)) {
          int start = page;
          while (page < SPACE && usablePage(page)) {
            page += PAGE;
          }
          spans.append(Integer.toHexString(start)).append('-').append(Integer.toHexString(page));
          spans.append(' ');
        }
      }
      return spans.toString().strip();
    }

    long reservedBytes() {
      long bytes = 0;
      for (int page = 0; page < SPACE; page += PAGE) {
        bytes += reservedPage(page) ? PAGE : 0;
      }
      return bytes;
    }

    Map<MemoryType, Long> totals() {
      Map<MemoryType, Long> totals = new EnumMap<>(MemoryType.class);
      for (int a = 0; a < SPACE; a++) {
        if (strictest[a] != MemoryType.KERNEL) {
          totals.merge(strictest[a], 1L, Long::sum);
        }
      }
      return totals;
    }
  }
}
