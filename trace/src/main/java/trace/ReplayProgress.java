package trace;

/**
 * A listener that is told after each batch of events how far a replay has come: up to a few
 * thousand times a second, so it drops most of the calls before it draws.
 */
@FunctionalInterface
public interface ReplayProgress {
  /**
   * Takes a position.
   *
   * @param position how far reading has come
   * @param total the position at the end, or -1 if it is not known
   */
  void at(long position, long total);
}
