package vmem.api;

/**
 * An arena as the source of another: how arenas form a tree. Spans are taken by instant fit,
 * whatever the policy of the request below, as in the original; calls count as CPU 0's.
 *
 * @param arena the arena that supplies
 */
public record ArenaSource(AddressArena arena) implements AddressSource {
  @Override
  public long quantum() {
    return arena.spec().quantum();
  }

  @Override
  public long importSpan(long size, FitPolicy policy) {
    return arena.allocate(0, size, FitPolicy.INSTANT);
  }

  @Override
  public void releaseSpan(long base, long size) {
    arena.free(0, base, size);
  }
}
