package allocator.arena;

/** An arena as the source of another. */
record ArenaSource(Arena arena) implements SpanSource {
  @Override
  public long quantum() {
    return arena.shape().quantum();
  }

  @Override
  public long importSpan(long size, Fit fit) {
    return arena.allocate(0, size, Fit.INSTANT);
  }

  @Override
  public void releaseSpan(long base, long size) {
    arena.free(0, base, size);
  }
}
