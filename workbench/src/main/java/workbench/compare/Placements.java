package workbench.compare;

import java.util.Arrays;
import java.util.List;

/**
 * Hashes where blocks are born, relative to the first one, so that two cells' placements can be
 * compared without keeping them: the first chunk that differs is replayed again to find the event.
 */
final class Placements {
  /** Births that share a hash. */
  static final int CHUNK = 4096;

  /** The place of a birth that failed. */
  static final long NOWHERE = Long.MIN_VALUE;

  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;
  private static final int TURN = 23;

  private long[] hashes = new long[16];
  private int chunks;
  private int inChunk;
  private long hash;
  private long first;

  /** Takes a birth; address 0 for one that failed. {@return the address relative to the first} */
  long birth(long address) {
    first = first == 0 ? address : first;
    long place = address == 0 ? NOWHERE : address - first;
    hash = Long.rotateLeft((hash ^ place) * PRIME, TURN);
    if (++inChunk == CHUNK) {
      endChunk();
    }
    return place;
  }

  private void endChunk() {
    if (chunks == hashes.length) {
      hashes = Arrays.copyOf(hashes, chunks * 2);
    }
    hashes[chunks++] = hash;
    hash = 0;
    inChunk = 0;
  }

  /** Returns the hash of each chunk, the last one perhaps of fewer births. */
  List<Long> hashes() {
    if (inChunk > 0) {
      endChunk();
    }
    return Arrays.stream(hashes, 0, chunks).boxed().toList();
  }
}
