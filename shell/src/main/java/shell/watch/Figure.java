package shell.watch;

/**
 * One figure at one moment.
 *
 * @param tier the label of the tier that it belongs to, or {@code machine}
 * @param name its name
 * @param value its value
 * @param unit its unit
 */
public record Figure(String tier, String name, long value, String unit) {
  /** {@return what tells it from all others} */
  String key() {
    return tier + " " + name;
  }
}
