package physmem.llfree;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Zeroed memory outside the Java heap for one round of a race. It is one ring that is used over and
 * over: the harness keeps some ten thousand rounds at a time, which is far less than the ring has.
 */
final class Scratch {
  private static final long RING = 256L << 20;
  private static final long PIECE = 4096;
  private static final MemorySegment MEMORY = Arena.global().allocate(RING, PIECE);
  private static final AtomicLong NEXT = new AtomicLong();

  private Scratch() {}

  static MemorySegment take(long bytes) {
    if (bytes > PIECE) {
      throw new IllegalArgumentException(bytes + " bytes are more than " + PIECE);
    }
    long at = NEXT.getAndAdd(PIECE) % RING;
    return MEMORY.asSlice(at, bytes).fill((byte) 0);
  }
}
