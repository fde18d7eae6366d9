package physmem.llfree;

import allocator.api.Settings;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The settings, read and checked; see {@link LlfreeConfiguration}.
 *
 * @param treeChildren children of a tree
 * @param reserve whether CPUs reserve trees
 * @param init what the frames are at first
 * @param store the file that the lower level's metadata lies in, or empty
 */
record LlfreeSettings(int treeChildren, boolean reserve, Init init, String store) {
  private static final int LEAST_CHILDREN = 2; // the largest block is two children
  private static final int MOST_CHILDREN = 64; // 2^15 frames: fits in a reservation's count
  private static final int CHILDREN = 32; // the paper's C32
  private static final Set<String> KEYS = Set.of("trees", "reserve", "init", "store");

  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a key or a value is not accepted
   */
  static LlfreeSettings read(Settings settings) {
    for (Map.Entry<String, String> entry : settings.values().entrySet()) {
      boolean framework = entry.getKey().indexOf('.') >= 0; // service.pid, component.name …
      if (!framework && !KEYS.contains(entry.getKey())) {
        throw settings.bad(
            entry.getKey(), entry.getValue(), "no such key: trees, reserve, init, store");
      }
    }
    long children = settings.number("trees", CHILDREN, LEAST_CHILDREN, MOST_CHILDREN);
    if (Long.bitCount(children) != 1) {
      throw settings.bad("trees", settings.text("trees", ""), "a power of two from 2 to 64");
    }
    String store = settings.text("store", "").strip();
    Init init = init(settings, store);
    return new LlfreeSettings((int) children, settings.flag("reserve", true), init, store);
  }

  private static Init init(Settings settings, String store) {
    String text = settings.text("init", "").strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return Init.FREE;
    }
    for (Init init : Init.values()) {
      if (init.name().toLowerCase(Locale.ROOT).equals(text)) {
        if (init.needsStore() && store.isEmpty()) {
          throw settings.bad("init", text, "a store to read from; set store=FILE too");
        }
        return init;
      }
    }
    throw settings.bad("init", text, "free, allocated, recover or trust");
  }
}
