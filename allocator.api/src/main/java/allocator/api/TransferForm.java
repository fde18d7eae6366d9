package allocator.api;

/**
 * The name and version of a state layout that one allocator hands over and another takes in place.
 *
 * @param layout the layout's name, by convention the Bundle-SymbolicName that defined it
 * @param version the layout's version; forms match only when both parts are equal
 */
public record TransferForm(String layout, int version) {
  @Override
  public String toString() {
    return layout + "/" + version;
  }
}
