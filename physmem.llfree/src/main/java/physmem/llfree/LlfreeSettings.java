package physmem.llfree;

import allocator.api.Settings;
import java.util.Map;
import java.util.Set;

/**
 * The settings, read and checked; see {@link LlfreeConfiguration}.
 *
 * @param treeChildren children of a tree
 * @param reserve whether CPUs reserve trees
 */
record LlfreeSettings(int treeChildren, boolean reserve) {
  private static final int LEAST_CHILDREN = 2; // the largest block is two children
  private static final int MOST_CHILDREN = 64; // 2^15 frames: fits in a reservation's count
  private static final int CHILDREN = 32; // the paper's C32
  private static final Set<String> KEYS = Set.of("trees", "reserve");

  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a key or a value is not accepted
   */
  static LlfreeSettings read(Settings settings) {
    for (Map.Entry<String, String> entry : settings.values().entrySet()) {
      boolean framework = entry.getKey().indexOf('.') >= 0; // service.pid, component.name …
      if (!framework && !KEYS.contains(entry.getKey())) {
        throw settings.bad(entry.getKey(), entry.getValue(), "no such key: trees, reserve");
      }
    }
    long children = settings.number("trees", CHILDREN, LEAST_CHILDREN, MOST_CHILDREN);
    if (Long.bitCount(children) != 1) {
      throw settings.bad("trees", settings.text("trees", ""), "a power of two from 2 to 64");
    }
    return new LlfreeSettings((int) children, settings.flag("reserve", true));
  }
}
