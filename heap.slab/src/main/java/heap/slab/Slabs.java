package heap.slab;

import hardware.api.Window;
import java.util.Arrays;

/**
 * The slabs of one cache: where they are, which of their objects are free, and lists of those that
 * have any. Objects are cut from the fullest slab that is not full, so that the emptier ones have a
 * chance to become empty. Safe for use by several threads; one lock, never held while anything else
 * is called.
 *
 * <p>A slab is an index. It is prepared (objects are being constructed), attached (in a list, or
 * full and in none), and detached (objects are being destroyed).
 */
final class Slabs {
  static final int NONE = IndexLists.NONE;

  /** Classes of slabs that are neither full nor empty, by how full they are. */
  static final int BUCKETS = 8;

  static final int EMPTY = BUCKETS; // list of slabs all of whose objects are free
  static final int SPARE = BUCKETS + 1; // list of indices without a slab
  static final int LISTS = BUCKETS + 2;
  static final int FULL = LISTS; // in no list
  static final int ASIDE = LISTS + 1; // in no list: prepared or detached

  final SlabGeometry geometry;
  private final Regions regions;
  private final ObjectOrder order;
  private final SlabLock lock = new SlabLock();
  private final Window window;
  private final boolean inside; // the marks are in the slabs
  private final long owner; // the upper half of the headers there
  private final int words; // of 64 bits, for the free marks of a slab
  private final IndexLists lists = new IndexLists(LISTS);
  private int listed; // bit per bucket that has slabs
  private int attached;
  private int top; // indices below it were used
  private int colour;
  private long out; // objects that are not free here
  private long[] base = {};
  private int[] start = {}; // of the first object, from base: the colour
  private int[] shift = {}; // of the order in which objects are taken
  private int[] used = {};
  private long[] free = {}; // bit per object, by position in that order, unless they are inside

  Slabs(SlabSpace space, CacheShape shape, ObjectOrder order) {
    this.geometry = shape.geometry();
    this.regions = space.regions;
    this.window = space.window;
    this.inside = geometry.control() != 0;
    this.owner = (long) shape.id() << Integer.SIZE;
    this.order = order;
    this.words = (geometry.objects() + 63) >>> 6;
  }

  // ------------------------------------------------------------------------------------ objects

  /** {@return how many objects were taken from one slab, at most as many as wanted; 0 for none} */
  int take(long[] into, int wanted) {
    lock.enter();
    try {
      int slab = fullest();
      return slab == NONE ? 0 : takeFrom(slab, into, wanted);
    } finally {
      lock.leave();
    }
  }

  /** {@return the slab that objects are taken from next, or NONE} */
  int fullest() {
    return lists.head(listed != 0 ? 31 - Integer.numberOfLeadingZeros(listed) : EMPTY);
  }

  /** {@return an object taken from a slab, or 0 for none} */
  long takeOne() {
    lock.enter();
    try {
      int slab = fullest();
      return slab == NONE ? 0 : takeOneFrom(slab);
    } finally {
      lock.leave();
    }
  }

  private long takeOneFrom(int slab) {
    requireHeader(slab);
    int word = 0;
    while (free(slab, word) == 0) {
      word++;
    }
    long bits = free(slab, word);
    int position = (word << 6) + Long.numberOfTrailingZeros(bits);
    free(slab, word, bits & (bits - 1));
    used[slab]++;
    out++;
    relist(slab);
    return object(slab, position);
  }

  private int takeFrom(int slab, long[] into, int wanted) {
    requireHeader(slab);
    int count = 0;
    for (int word = 0; count < wanted && word < words; word++) {
      count = takeFrom(slab, word, into, count, wanted);
    }
    used[slab] += count;
    out += count;
    relist(slab);
    return count;
  }

  private int takeFrom(int slab, int word, long[] into, int from, int wanted) {
    long bits = free(slab, word);
    int count = from;
    while (bits != 0 && count < wanted) {
      into[count++] = object(slab, (word << 6) + Long.numberOfTrailingZeros(bits));
      bits &= bits - 1;
    }
    free(slab, word, bits);
    return count;
  }

  /** Takes objects back. */
  void give(long[] objects, int count) {
    lock.enter();
    try {
      for (int i = 0; i < count; i++) {
        giveLocked(objects[i]);
      }
    } finally {
      lock.leave();
    }
  }

  /** Takes an object back. */
  void give(long object) {
    lock.enter();
    try {
      giveLocked(object);
    } finally {
      lock.leave();
    }
  }

  private void giveLocked(long object) {
    int slab = regions.find(object).value[regions.page(object)];
    int position = order.position(index(slab, object), shift[slab]);
    int word = position >>> 6;
    free(slab, word, free(slab, word) | 1L << position);
    used[slab]--;
    out--;
    relist(slab);
  }

  // --------------------------------------------------------------------------------------- control

  private long free(int slab, int word) {
    return inside ? window.getLong(markAt(slab, word)) : free[slab * words + word];
  }

  private void free(int slab, int word, long bits) {
    if (inside) {
      window.putLong(markAt(slab, word), bits);
    } else {
      free[slab * words + word] = bits;
    }
  }

  private long markAt(int slab, int word) {
    return base[slab] + geometry.marksAt() + (long) word * Long.BYTES;
  }

  private long headerAt(int slab) {
    return base[slab] + geometry.slabBytes() - geometry.control();
  }

  /* The marks are as good as the word before them, which whoever writes past an object hits first. */
  private void requireHeader(int slab) {
    if (inside && headerFound(slab) != header(slab)) {
      throw Faults.control(headerAt(slab), header(slab), headerFound(slab));
    }
  }

  /** {@return what the control of a slab begins with, if that is inside: whose it is} */
  long header(int slab) {
    return owner | slab;
  }

  long headerFound(int slab) {
    return window.getLong(headerAt(slab));
  }

  private int listFor(int slab) {
    int count = used[slab];
    if (count == geometry.objects()) {
      return FULL;
    }
    return count == 0 ? EMPTY : count * BUCKETS / geometry.objects();
  }

  private void relist(int slab) {
    move(slab, listFor(slab));
  }

  private void move(int slab, int to) {
    int from = lists.of(slab);
    lists.move(slab, to);
    if (from < BUCKETS && lists.size(from) == 0) {
      listed &= ~(1 << from);
    }
    listed |= to < BUCKETS ? 1 << to : 0;
  }

  // -------------------------------------------------------------------------------------- slabs

  /** {@return an index for pages that are to become a slab, with a colour chosen} */
  int prepare(long pages) {
    lock.enter();
    try {
      int slab = unusedIndex();
      base[slab] = pages;
      start[slab] = colour * geometry.colourStep();
      shift[slab] = order.shift();
      colour = (colour + 1) % geometry.colours();
      return slab;
    } finally {
      lock.leave();
    }
  }

  private int unusedIndex() {
    int slab = lists.head(SPARE);
    if (slab != NONE) {
      lists.move(slab, ASIDE);
      return slab;
    }
    if (top == base.length) {
      grow(Math.max(8, 2 * top));
    }
    lists.link(top, ASIDE);
    return top++;
  }

  /* The host's memory may end at any of these; what was copied before then does no harm. */
  private void grow(int capacity) {
    lists.expand(capacity);
    free = Arrays.copyOf(free, inside ? 0 : capacity * words);
    used = Arrays.copyOf(used, capacity);
    start = Arrays.copyOf(start, capacity);
    shift = Arrays.copyOf(shift, capacity);
    base = Arrays.copyOf(base, capacity); // last: its length is the capacity
  }

  /** Puts a prepared slab, all of its objects free, where objects are taken from. */
  void attach(int slab) {
    lock.enter();
    try {
      freeAll(slab);
      used[slab] = 0;
      attached++;
      move(slab, EMPTY);
    } finally {
      lock.leave();
    }
  }

  private void freeAll(int slab) {
    for (int word = 0; word < words; word++) {
      int rest = Math.min(geometry.objects() - (word << 6), Long.SIZE);
      free(slab, word, -1L >>> (Long.SIZE - rest));
    }
    if (inside) {
      window.putLong(headerAt(slab), header(slab));
    }
  }

  /** {@return an empty slab that is detached now, or NONE if there are no more than to be kept} */
  int detach(int keep) {
    lock.enter();
    try {
      if (lists.size(EMPTY) <= keep) {
        return NONE;
      }
      int slab = lists.head(EMPTY);
      move(slab, ASIDE);
      attached--;
      return slab;
    } finally {
      lock.leave();
    }
  }

  /** Ends a prepared or detached slab. */
  void forget(int slab) {
    lock.enter();
    try {
      lists.move(slab, SPARE);
    } finally {
      lock.leave();
    }
  }

  /** {@return the first address of a slab} */
  long base(int slab) {
    lock.enter();
    try {
      return base[slab];
    } finally {
      lock.leave();
    }
  }

  /** {@return the address of the first object of a slab} */
  long first(int slab) {
    lock.enter();
    try {
      return base[slab] + start[slab];
    } finally {
      lock.leave();
    }
  }

  // ------------------------------------------------------------------------- figures and checks

  /** {@return the address of the object whose turn it is at a position} Under the lock. */
  long object(int slab, int position) {
    long index = order.index(position, shift[slab]);
    return base[slab] + start[slab] + index * geometry.stride();
  }

  /** {@return which object of a slab an address lies in; may be none} */
  int indexOf(int slab, long address) {
    lock.enter();
    try {
      return index(slab, address);
    } finally {
      lock.leave();
    }
  }

  private int index(int slab, long address) {
    return (int) (address - base[slab] - start[slab]) / geometry.stride();
  }

  int empties() {
    return lists.size(EMPTY);
  }

  /** {@return whether there are objects to take, or seem to be} */
  boolean seemsToHaveFree() {
    return listed != 0 || empties() != 0;
  }

  int attached() {
    return attached;
  }

  long out() {
    return out;
  }

  int top() {
    return top;
  }

  int used(int slab) {
    return used[slab];
  }

  int start(int slab) {
    return start[slab];
  }

  /** {@return where the first object of the next slab will lie in it: its colour} */
  int nextStart() {
    return colour * geometry.colourStep();
  }

  int expectedList(int slab) {
    return listFor(slab);
  }

  IndexLists lists() {
    return lists;
  }

  boolean isListed(int bucket) {
    return (listed & (1 << bucket)) != 0;
  }

  boolean isFree(int slab, int position) {
    return (free(slab, position >>> 6) & (1L << position)) != 0;
  }
}
