package physmem.buddy;

import allocator.api.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The settings of a buddy allocator, read and checked. See {@link BuddyConfiguration} for what each
 * means.
 *
 * @param enforce whether requests are refused below the watermarks
 * @param minFreeBytes the minimum kept free, or 0 for the kernel's formula
 * @param khugepaged whether the minimum is raised as khugepaged does
 * @param watermarkScale distance between watermarks in 1/10000 of a zone
 * @param reserveRatios divisors of the reserve in DMA, DMA32 and Normal; 0 for none
 * @param cpuLists whether there are per-CPU lists
 * @param cpuHigh frames a per-CPU list may hold, or 0 for the kernel's formula
 * @param grouping {@code auto}, {@code on} or {@code off}
 * @param defragMode whether a request rather takes from a worse zone than from a foreign pageblock
 * @param hotplugBytes room for adding frames behind each node's highest ones
 */
record BuddySettings(
    boolean enforce,
    long minFreeBytes,
    boolean khugepaged,
    int watermarkScale,
    List<Integer> reserveRatios,
    boolean cpuLists,
    int cpuHigh,
    String grouping,
    boolean defragMode,
    long hotplugBytes) {
  private static final int MOST_SCALE = 3000; // the kernel's limit since 6.8; it was 1000
  private static final List<Integer> RATIOS = List.of(256, 256, 32); // the kernel's defaults

  private static final List<String> KEYS =
      Arrays.stream(BuddyConfiguration.class.getDeclaredMethods())
          .map(java.lang.reflect.Method::getName)
          .sorted()
          .toList();

  BuddySettings {
    reserveRatios = List.copyOf(reserveRatios);
  }

  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a key or a value is not accepted
   */
  static BuddySettings read(Settings settings) {
    refuseUnknown(settings);
    return new BuddySettings(
        choice(settings, "watermarks", List.of("report", "enforce")).equals("enforce"),
        settings.bytes("minFree", 0),
        settings.flag("khugepaged", false),
        (int) settings.number("watermarkScale", 10, 1, MOST_SCALE),
        ratios(settings),
        settings.flag("cpuLists", true),
        (int) settings.number("cpuHigh", 0, 0, Integer.MAX_VALUE),
        choice(settings, "grouping", List.of("auto", "on", "off")),
        settings.flag("defragMode", false),
        settings.bytes("hotplugRoom", 0));
  }

  private static void refuseUnknown(Settings settings) {
    for (Map.Entry<String, String> entry : settings.values().entrySet()) {
      boolean framework = entry.getKey().indexOf('.') >= 0; // service.pid, component.name …
      if (!framework && !KEYS.contains(entry.getKey())) {
        throw settings.bad(
            entry.getKey(), entry.getValue(), "no such key: there are " + String.join(", ", KEYS));
      }
    }
  }

  private static String choice(Settings settings, String key, List<String> choices) {
    String text = settings.text(key, "").strip();
    if (text.isEmpty()) {
      return choices.getFirst();
    }
    if (!choices.contains(text)) {
      throw settings.bad(key, text, "one of " + String.join(", ", choices));
    }
    return text;
  }

  private static List<Integer> ratios(Settings settings) {
    String text = settings.text("lowmemReserve", "").strip();
    if (text.isEmpty()) {
      return RATIOS;
    }
    String wanted = "three whole numbers from 0, such as 256,256,32";
    try {
      List<Integer> ratios =
          Arrays.stream(text.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
      if (ratios.size() != RATIOS.size() || ratios.stream().anyMatch(ratio -> ratio < 0)) {
        throw settings.bad("lowmemReserve", text, wanted);
      }
      return ratios;
    } catch (NumberFormatException e) {
      throw settings.bad("lowmemReserve", text, wanted);
    }
  }
}
