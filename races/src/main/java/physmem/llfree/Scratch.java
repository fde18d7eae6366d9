package physmem.llfree;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Zeroed memory outside the Java heap for one round of a race. It is one ring that is used over and
 * over: the harness keeps some ten thousand rounds at a time, which is far less than the ring has.
 */
final class Scratch {
  private static final long RING = 64L << 20;
  private static final long LINE = 64;
  private static final MemorySegment MEMORY = Arena.global().allocate(RING, LINE);
  private static final AtomicLong NEXT = new AtomicLong();

  private Scratch() {}

  static MemorySegment take(long bytes) {
    long size = Math.ceilDiv(bytes, LINE) * LINE;
    long at = NEXT.getAndAdd(size) % RING;
    while (at + size > RING) { // the rest of the ring is too short
      at = NEXT.getAndAdd(size) % RING;
    }
    return MEMORY.asSlice(at, size).fill((byte) 0);
  }
}
