package allocator.arena;

/**
 * The free segments of one arena by size: list <i>i</i> holds those from 2^i to 2^(i+1) - 1 bytes,
 * last freed first, and a bit map says which lists have a member. Guarded by the arena's lock.
 */
final class FreeLists {
  /** One list for each bit of an unsigned 64-bit size. */
  static final int COUNT = Long.SIZE;

  private final Tags tags;
  private final int[] heads = new int[COUNT];
  private long map;

  FreeLists(Tags tags) {
    this.tags = tags;
  }

  /** {@return the list on which a segment of a size belongs} */
  static int listOf(long size) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(size);
  }

  /** Makes a segment free and the first of its list. */
  void insert(int tag) {
    int list = listOf(tags.size(tag));
    int head = heads[list];
    tags.setState(tag, Tags.FREE);
    tags.setKin(tag, Tags.NONE, head);
    if (head != Tags.NONE) {
      tags.setKinPrevious(head, tag);
    }
    heads[list] = tag;
    map |= 1L << list;
  }

  /** Takes a segment off its list; its size must be the one it was inserted with. */
  void delete(int tag) {
    int before = tags.kinPrevious(tag);
    int after = tags.kinNext(tag);
    if (after != Tags.NONE) {
      tags.setKinPrevious(after, before);
    }
    if (before != Tags.NONE) {
      tags.setKinNext(before, after);
    } else {
      setHead(listOf(tags.size(tag)), after);
    }
  }

  private void setHead(int list, int tag) {
    heads[list] = tag;
    if (tag == Tags.NONE) {
      map &= ~(1L << list);
    }
  }

  /** {@return the first member of a list, or nobody} */
  int first(int list) {
    return heads[list];
  }

  /** {@return the bit map: bit <i>i</i> is set if list <i>i</i> has a member} */
  long map() {
    return map;
  }

  /** {@return the lowest list from the given one upward that has a member, or -1} */
  int lowestFrom(int list) {
    long rest = list < COUNT ? map & (-1L << list) : 0;
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }

  /** {@return the lowest list whose every member has at least the given size, or -1} */
  int certainFor(long size) {
    return lowestFrom(Numbers.isPower(size) ? listOf(size) : listOf(size) + 1);
  }

  /** {@return the size of the largest free segment, 0 if there is none; linear in the last list} */
  long largest() {
    long most = 0;
    for (int tag = map == 0 ? Tags.NONE : heads[listOf(map)];
        tag != Tags.NONE;
        tag = tags.kinNext(tag)) {
      most = Numbers.max(most, tags.size(tag));
    }
    return most;
  }
}
