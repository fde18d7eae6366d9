package heap.dl;

import java.util.Map;

/**
 * The named numbers that a space has left, in the layout that {@link Layout} describes.
 *
 * @param figures the numbers by name
 */
record Legacy(Map<String, Long> figures) {
  /**
   * {@return a number}
   *
   * @throws allocator.api.TransferRefusedException if there is none of that name
   */
  long figure(String name) {
    Long value = figures.get(name);
    if (value == null) {
      throw Layout.refused("the figure " + name + " is missing");
    }
    return value;
  }

  /** {@return how many lists or trees there are with something in them} */
  long members(String bins) {
    return figures.keySet().stream().filter(name -> name.startsWith(bins + ".")).count() - 1;
  }

  /** {@return the chunk that a list or tree begins with, or 0 if its map says that it is empty} */
  long member(String bins, int index) {
    boolean marked = (figure(bins + ".map") >>> index & 1) != 0;
    return marked ? figure(bins + "." + index) : 0;
  }
}
