package workbench.synthetic;

/**
 * A live block of a heap.
 *
 * @param address its first byte
 * @param bytes what was asked for
 * @param owner index of the thread that asked
 */
record Block(long address, long bytes, int owner) {}
