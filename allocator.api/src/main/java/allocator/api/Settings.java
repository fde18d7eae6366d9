package allocator.api;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Named settings as text, read with a type. They come from {@code etc/NAME.cfg}, from Configuration
 * Admin and from {@code --set NAME:KEY=VALUE}, later ones over earlier ones, with the defaults of
 * the bundle's metatype beneath.
 *
 * @param owner the name whose settings these are, for messages: the configuration's name
 * @param values key to text
 */
public record Settings(String owner, Map<String, String> values) {
  private static final String UNITS = "kmgtp"; // powers of 1024 in rising order

  /** Copies the values. */
  public Settings {
    values = Map.copyOf(values);
  }

  /**
   * {@return settings without any value, so that every default applies}
   *
   * @param owner the name to show in messages
   */
  public static Settings none(String owner) {
    return new Settings(owner, Map.of());
  }

  /**
   * Reads text.
   *
   * @param key the setting
   * @param otherwise the value when the setting is absent
   * @return the text
   */
  public String text(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  /**
   * Reads a number of bytes: digits, decimal or {@code 0x} hexadecimal, with an optional suffix K,
   * M, G, T or P for powers of 1024.
   *
   * @param key the setting
   * @param otherwise the value when the setting is absent
   * @return the number of bytes, at least 0
   * @throws BadSettingException if the text is not such a number
   */
  public long bytes(String key, long otherwise) {
    String text = values.get(key);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return parseBytes(text)
        .orElseThrow(() -> bad(key, text, "a number of bytes such as 65536, 64K or 2M"));
  }

  /**
   * Reads a whole number within bounds.
   *
   * @param key the setting
   * @param otherwise the value when the setting is absent
   * @param least the smallest value allowed
   * @param most the largest value allowed
   * @return the number
   * @throws BadSettingException if the text is not a number or is out of bounds
   */
  public long number(String key, long otherwise, long least, long most) {
    String text = values.get(key);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    String wanted = "a whole number from " + least + " to " + most;
    try {
      long value = Long.decode(text.strip());
      if (value < least || value > most) {
        throw bad(key, text, wanted);
      }
      return value;
    } catch (NumberFormatException e) {
      throw bad(key, text, wanted);
    }
  }

  /**
   * Reads a switch.
   *
   * @param key the setting
   * @param otherwise the value when the setting is absent
   * @return true for {@code true}, {@code on}, {@code yes}; false for {@code false}, {@code off},
   *     {@code no}
   * @throws BadSettingException if the text is none of these
   */
  public boolean flag(String key, boolean otherwise) {
    String text = values.get(key);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
      case "true", "on", "yes" -> true;
      case "false", "off", "no" -> false;
      default -> throw bad(key, text, "on or off");
    };
  }

  /**
   * Makes the exception for a value that a provider does not accept.
   *
   * @param key the setting
   * @param text the value found
   * @param wanted what would be accepted
   * @return the exception, to be thrown by the caller
   */
  public BadSettingException bad(String key, String text, String wanted) {
    return new BadSettingException(
        owner + ":" + key + "=" + text + " is not accepted; it takes " + wanted);
  }

  /**
   * Parses a number of bytes.
   *
   * @param text digits with an optional suffix, as {@link #bytes} takes it
   * @return the number, or empty if the text is malformed or does not fit in 63 bits
   */
  public static OptionalLong parseBytes(String text) {
    String lower = text.strip().toLowerCase(java.util.Locale.ROOT);
    lower = lower.endsWith("ib") ? lower.substring(0, lower.length() - 2) : lower;
    boolean hex = lower.startsWith("0x");
    int unit = lower.isEmpty() || hex ? -1 : UNITS.indexOf(lower.charAt(lower.length() - 1));
    String digits = unit < 0 ? lower : lower.substring(0, lower.length() - 1);
    try {
      long value = hex ? Long.parseLong(digits.substring(2), 16) : Long.parseLong(digits.strip());
      int shift = 10 * (unit + 1);
      boolean fits = value >= 0 && value <= (Long.MAX_VALUE >>> shift);
      return fits ? OptionalLong.of(value << shift) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
