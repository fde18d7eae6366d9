package kernel.lodge;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many lodgers reach into each piece of 64 KiB. Safe for use by several threads.
 *
 * <p>A piece is what goes home at once: small enough that one long-lived block keeps little, large
 * enough that giving back costs little (it is the cluster in which frames are taken by default).
 */
final class PieceCounts {
  /** Logarithm of the bytes of a piece. */
  static final int SHIFT = 16;

  /** The bytes of a piece. */
  static final long BYTES = 1L << SHIFT;

  private static final int GROUP_SHIFT = 8; // pieces per array: 16 MiB of addresses
  private static final int GROUP = 1 << GROUP_SHIFT;

  private final ConcurrentMap<Long, AtomicIntegerArray> groups = new ConcurrentHashMap<>();

  /** Adds a block. */
  void add(long address, long bytes) {
    long last = last(address, bytes);
    for (long piece = address >> SHIFT; piece <= last; piece++) {
      groups
          .computeIfAbsent(piece >> GROUP_SHIFT, key -> new AtomicIntegerArray(GROUP))
          .incrementAndGet((int) piece & (GROUP - 1));
    }
  }

  /** Receives a piece. */
  @FunctionalInterface
  interface Emptied {
    /** Takes the first address of a piece that nobody reaches into any more. */
    void piece(long address);
  }

  /** Removes a block that was added. */
  void remove(long address, long bytes, Emptied emptied) {
    long last = last(address, bytes);
    for (long piece = address >> SHIFT; piece <= last; piece++) {
      AtomicIntegerArray group = Objects.requireNonNull(groups.get(piece >> GROUP_SHIFT));
      if (group.decrementAndGet((int) piece & (GROUP - 1)) == 0) {
        emptied.piece(piece << SHIFT);
      }
    }
  }

  private static long last(long address, long bytes) {
    return (address + Math.max(1, bytes) - 1) >> SHIFT;
  }

  /** {@return how many blocks reach into the piece of an address} */
  int at(long address) {
    long piece = address >> SHIFT;
    AtomicIntegerArray group = groups.get(piece >> GROUP_SHIFT);
    return group == null ? 0 : group.get((int) piece & (GROUP - 1));
  }
}
