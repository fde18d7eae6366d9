package physmem.llfree;

/**
 * A run of frames or slots.
 *
 * @param from the first
 * @param to the one behind the last
 */
record Span(long from, long to) {}
