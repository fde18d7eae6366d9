package heap.tlsf;

import allocator.api.AllocatorException;
import allocator.api.MisuseException;

/**
 * What is wrong with an address that is no live block. Only here are a pool's blocks walked, from
 * its first to the one that holds the address: the caller is in error, and has the time.
 */
final class Faults {
  private final Tags tags;
  private final Pools pools;

  Faults(Tags tags, Pools pools) {
    this.tags = tags;
    this.pools = pools;
  }

  /** {@return the exception for an address in that pool, or in none if -1} */
  AllocatorException notLive(long address, int pool) {
    if (pool < 0) {
      return misuse(address, "outside of this heap's " + pools.count() + " pools");
    }
    if ((address & (Tags.ALIGN - 1)) != 0) {
      return misuse(address, "not a multiple of " + Tags.ALIGN);
    }
    long at = address - Tags.OVERHEAD;
    long block = pools.start(pool) + Tags.OVERHEAD;
    long last = pools.end(pool) - Tags.OVERHEAD;
    if (at < block) {
      return misuse(address, "the beginning of the pool at 0x%x".formatted(pools.start(pool)));
    }
    if (tags.peek(at) >= 0) {
      return misuse(address, "it is free; it was freed before");
    }
    return inside(address, block, last);
  }

  private AllocatorException inside(long address, long first, long last) {
    long at = address - Tags.OVERHEAD;
    long block = first;
    while (block < at) {
      long tag = tags.peek(block);
      long next = block + Tags.size(tag);
      if (tag < 0 || next <= block || next > last) {
        return tags.damaged(block);
      }
      if (next > at) {
        return misuse(
            address,
            "inside of the %s block at 0x%x of %d bytes"
                .formatted(
                    (tag & Tags.FREE) != 0 ? "free" : "live",
                    block + Tags.OVERHEAD,
                    Tags.size(tag) - Tags.OVERHEAD));
      }
      block = next;
    }
    return tags.damaged(at);
  }

  private static MisuseException misuse(long address, String why) {
    return new MisuseException("0x%x is no live block: %s".formatted(address, why));
  }
}
