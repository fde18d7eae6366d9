package heap.tlsf;

import allocator.api.AllocatorException;
import allocator.api.CorruptionException;

/**
 * The algorithm: blocks, tags and lists, without lock and without anything of the API's life cycle.
 *
 * <p>Each change looks first at all it is going to touch (tags, feet, links) and changes only then,
 * so that a call which meets damage leaves everything as it was.
 */
final class Space {
  static final long NULL = 0;

  final Mapping mapping;
  final Tags tags;
  final FreeLists lists;
  final Pools pools = new Pools();
  final Growth growth;
  private final Faults faults;

  /** Live blocks. */
  long liveBlocks;

  /** Bytes of live blocks, with their tags. */
  long liveBytes;

  Space(Mapping mapping, Tags tags, Growth.Source source) {
    this.mapping = mapping;
    this.tags = tags;
    this.lists = new FreeLists(mapping, tags);
    this.growth = new Growth(this, source);
    this.faults = new Faults(tags, pools);
  }

  // ------------------------------------------------------------------------------------ allocate

  /** {@return the tag of a block of that size, live now, or {@link #NULL}} */
  long allocate(long size) {
    long at = obtain(size);
    if (at != NULL) {
      carve(at, at, size);
    }
    return at;
  }

  /** {@return the tag of a block whose address is a multiple of align, or {@link #NULL}} */
  long allocateAligned(long size, long align) {
    long at = obtain(size + align + Tags.ALIGN);
    if (at == NULL) {
      return NULL;
    }
    long address = at + Tags.OVERHEAD;
    long aligned = (address + align - 1) & -align;
    if (aligned - address == Tags.ALIGN) {
      aligned += align; // what is left in front must hold a block
    }
    carve(at, aligned - Tags.OVERHEAD, size);
    return aligned - Tags.OVERHEAD;
  }

  private long obtain(long size) {
    if (size >= mapping.limit) {
      return NULL;
    }
    long at = lists.find(size);
    return at != NULL ? at : growth.grow(size);
  }

  /**
   * Makes a part of a free block live; what is in front and behind stays free.
   *
   * @param at the free block's tag
   * @param from where the live block's tag is to be
   * @param size of the live block
   */
  private void carve(long at, long from, long size) {
    long tag = tags.read(at);
    if ((tag & Tags.FREE) == 0) {
      throw new CorruptionException(
          "the free lists lead to the block at 0x%x, which is live".formatted(at + Tags.OVERHEAD));
    }
    long whole = Tags.size(tag);
    long next = tags.read(at + whole);
    lists.check(at, whole);

    lists.remove(at, whole);
    left(tag, next, whole);
    long first = tag & Tags.FIRST;
    long front = from - at;
    if (front != 0) {
      makeFree(at, front, first);
      first = Tags.PREVIOUS_FREE;
    }
    settle(from, size, whole - front, first, next);
    liveBlocks++;
  }

  /* The block was a whole pool and is not any more. */
  private void left(long tag, long next, long size) {
    if ((tag & Tags.FIRST) != 0 && (next & Tags.LAST) != 0) {
      pools.empty -= size + 2 * Tags.OVERHEAD;
    }
  }

  private void makeFree(long at, long size, long first) {
    tags.write(at, size | first | Tags.FREE);
    tags.foot(at, size);
    lists.insert(at, size);
  }

  /* Writes a live block into room for it, and frees the rest if that is enough for a block. */
  private void settle(long at, long size, long room, long flags, long next) {
    long rest = room - size;
    long used = rest >= mapping.least ? size : room;
    tags.write(at, used | flags);
    if (used == room) {
      tags.write(at + room, next & ~Tags.PREVIOUS_FREE);
    } else {
      makeFree(at + size, rest, 0);
      tags.write(at + room, next | Tags.PREVIOUS_FREE);
    }
    liveBytes += used;
  }

  // ---------------------------------------------------------------------------------------- free

  /**
   * {@return the tag's size and flags of a live block}
   *
   * @throws AllocatorException if there is none at that address
   */
  long live(long address) {
    int pool = pools.holding(address);
    long at = address - Tags.OVERHEAD;
    if (pool >= 0 && (address & (Tags.ALIGN - 1)) == 0 && address != pools.start(pool)) {
      long tag = tags.peek(at);
      if ((tag & (Tags.FREE | Tags.LAST)) == 0) {
        return tag;
      }
    }
    throw faults.notLive(address, pool);
  }

  /** Frees a live block. */
  void free(long at, long tag) {
    long merged = liberate(at, Tags.size(tag), tag & (Tags.FIRST | Tags.PREVIOUS_FREE));
    liveBlocks--;
    liveBytes -= Tags.size(tag);
    growth.freed(merged);
  }

  /**
   * Makes a stretch free that is in no list, together with its free neighbours.
   *
   * @param flags of its tag: whether it is its pool's first and whether the one in front is free
   * @return the tag of the free block
   */
  long liberate(long at, long size, long flags) {
    long end = at + size;
    long next = tags.read(end);
    long above = (next & Tags.FREE) != 0 ? checkFree(end, next) : 0;
    boolean joinsBelow = (flags & Tags.PREVIOUS_FREE) != 0;
    long below = joinsBelow ? checkBelow(at) : 0;

    if (above != 0) {
      lists.remove(end, above);
    }
    if (joinsBelow) {
      lists.remove(at - below, below);
      tags.write(at, size | Tags.FREE); // so that a second free of it is known
    }
    long first = joinsBelow ? tags.read(at - below) & Tags.FIRST : flags & Tags.FIRST;
    long whole = below + size + above;
    makeFree(at - below, whole, first);
    return closed(at - below, whole, first, above == 0 ? next : 0);
  }

  /* Tells the tag behind a new free block, and counts it if it is a whole pool. */
  private long closed(long at, long size, long first, long next) {
    long behind = next != 0 ? next : tags.read(at + size);
    tags.write(at + size, behind | Tags.PREVIOUS_FREE);
    if (first != 0 && (behind & Tags.LAST) != 0) {
      pools.empty += size + 2 * Tags.OVERHEAD;
    }
    return at;
  }

  /**
   * {@return the size of a free block whose links and whose neighbour's tag are as they must be}
   */
  long checkFree(long at, long tag) {
    long size = Tags.size(tag);
    lists.check(at, size);
    tags.read(at + size);
    return size;
  }

  /** {@return the size of the free block that ends in front of a tag} */
  long checkBelow(long at) {
    long below = tags.below(at);
    int pool = pools.holding(at);
    boolean inside =
        (below & (Tags.ALIGN - 1)) == Tags.OVERHEAD
            && Long.compareUnsigned(below, at) < 0
            && pools.holding(below) == pool;
    long tag = inside ? tags.read(below) : 0;
    if ((tag & Tags.FREE) == 0 || below + Tags.size(tag) != at) {
      throw new CorruptionException(
          ("the foot of the free block in front of the block at 0x%x is damaged: it says 0x%x,"
                  + " where no free block begins that ends here")
              .formatted(at + Tags.OVERHEAD, below));
    }
    lists.check(below, Tags.size(tag));
    return Tags.size(tag);
  }

  // -------------------------------------------------------------------------------------- resize

  /** {@return whether a live block now has a new size, where it is} */
  boolean resizeInPlace(long at, long tag, long size) {
    long old = Tags.size(tag);
    return size <= old ? shrink(at, tag, size) : widen(at, tag, size);
  }

  private boolean shrink(long at, long tag, long size) {
    long rest = Tags.size(tag) - size;
    if (rest >= mapping.least) {
      liberate(at + size, rest, 0);
      tags.write(at, size | (tag & (Tags.FIRST | Tags.PREVIOUS_FREE)));
      liveBytes -= rest;
    }
    return true;
  }

  private boolean widen(long at, long tag, long size) {
    long old = Tags.size(tag);
    long next = tags.read(at + old);
    long room = old + Tags.size(next);
    if ((next & Tags.FREE) == 0 || room < size) {
      return false;
    }
    checkFree(at + old, next);
    long behind = tags.read(at + room);

    lists.remove(at + old, room - old);
    liveBytes -= old;
    settle(at, size, room, tag & (Tags.FIRST | Tags.PREVIOUS_FREE), behind);
    return true;
  }
}
