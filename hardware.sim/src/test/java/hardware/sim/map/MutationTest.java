package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages samples at random: whatever comes in, a map or a {@link MapException} comes out. */
class MutationTest {
  private static final int MUTATIONS = 10_000;
  private static final String NOISE =
      "0123456789abcdefxX-[](){}:,|<>=. \t\r\u0000\u00e9OolI~#%\\$ABCDEFusable";
  private static final List<String> FILES =
      List.of(
          "e820-new.txt",
          "e820-old.txt",
          "e820-oldest.txt",
          "e820-quoted-printable.txt",
          "xen-old.txt",
          "xen-new.txt",
          "seabios.txt",
          "freebsd-smap.txt",
          "grub-lsmmap.txt",
          "grub4dos.txt",
          "limine-protocol.txt",
          "sysfs-memmap.txt",
          "iomem.txt",
          "efi-new.txt",
          "efi-numbers.txt",
          "efi-arm.txt",
          "uefi-shell.txt",
          "esx.txt",
          "rust-uefi.txt",
          "limine-efi.txt",
          "numa-srat.txt",
          "numa-frames.txt",
          "node-ranges.txt",
          "sections.txt");

  @Test
  void shouldAnswerDamageWithAMapOrAMapException() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      List<String> lines = new ArrayList<>(Samples.lines(FILES.get(i % FILES.size())));
      for (int k = random.nextInt(3); k >= 0; k--) {
        mutate(lines, random);
      }
      refused += survives(lines, random.nextBoolean(), "seed " + seed + ", round " + i) ? 0 : 1;
    }
    assertTrue(refused > MUTATIONS / 20, "only " + refused + " refused, seed " + seed);
    assertTrue(refused < MUTATIONS, "all refused, seed " + seed);
  }

  private static boolean survives(List<String> lines, boolean lenient, String where) {
    MapOptions options = MapOptions.DEFAULTS.withLenient(lenient);
    try {
      FirmwareMap map = Samples.MAPS.read("mutated", lines, options);
      SanitisedMapCheck.check(Samples.MAPS.sanitise(map, options));
      return true;
    } catch (MapException e) {
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError(where + ", lines " + lines, e);
    }
  }

  private static void mutate(List<String> lines, Random random) {
    int i = random.nextInt(lines.size());
    String line = lines.get(i);
    int at = random.nextInt(line.length() + 1);
    switch (random.nextInt(7)) {
      case 0 -> lines.set(i, line.substring(0, at));
      case 1 -> lines.set(i, line.substring(0, at) + noise(random) + line.substring(at));
      case 2 -> lines.set(i, line.substring(0, at) + noise(random) + rest(line, at + 1));
      case 3 -> lines.set(i, line.substring(0, at) + rest(line, at + random.nextInt(6)));
      case 4 -> lines.add(random.nextInt(lines.size()), line);
      case 5 -> {
        lines.set(i, line.substring(0, at));
        lines.add(i + 1, line.substring(at));
      }
      default -> lines.set(i, line.substring(0, at) + line);
    }
  }

  private static char noise(Random random) {
    return NOISE.charAt(random.nextInt(NOISE.length()));
  }

  private static String rest(String line, int from) {
    return from < line.length() ? line.substring(from) : "";
  }
}
