package workbench.synthetic;

/**
 * A live range of addresses, or none if there was no room.
 *
 * @param base its first address, or {@link vmem.api.AddressArena#NONE}
 * @param pages its length
 */
record Range(long base, long pages) {
  static Range of(long pages, AddressClient client) {
    return new Range(client.allocate(pages), pages);
  }

  void free(AddressClient client) {
    client.free(base, pages);
  }
}
