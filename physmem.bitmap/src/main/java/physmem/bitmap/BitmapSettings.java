package physmem.bitmap;

import allocator.api.Settings;
import java.util.Map;

/**
 * The settings, read and checked; see {@link BitmapConfiguration}.
 *
 * @param next whether a search begins behind the block handed out last
 */
record BitmapSettings(boolean next) {
  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a key or a value is not accepted
   */
  static BitmapSettings read(Settings settings) {
    for (Map.Entry<String, String> entry : settings.values().entrySet()) {
      boolean framework = entry.getKey().indexOf('.') >= 0; // service.pid, component.name …
      if (!framework && !entry.getKey().equals("fit")) {
        throw settings.bad(entry.getKey(), entry.getValue(), "no such key: fit");
      }
    }
    String fit = settings.text("fit", "next").strip();
    return switch (fit) {
      case "next" -> new BitmapSettings(true);
      case "first" -> new BitmapSettings(false);
      default -> throw settings.bad("fit", fit, "next or first");
    };
  }
}
