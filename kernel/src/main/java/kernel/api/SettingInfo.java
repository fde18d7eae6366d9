package kernel.api;

/**
 * One thing that can be set.
 *
 * @param name the configuration it belongs to, such as {@code heap.dl} or {@code machine}
 * @param key its key
 * @param value the default
 * @param description what it does, with its unit
 */
public record SettingInfo(String name, String key, String value, String description) {}
