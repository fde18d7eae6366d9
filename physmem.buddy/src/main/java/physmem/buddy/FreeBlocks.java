package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.MAX_ORDER;
import static physmem.buddy.Geometry.NONE;
import static physmem.buddy.Geometry.ORDERS;
import static physmem.buddy.Geometry.TYPES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The free blocks of one zone: which there are, in which list, and how they split and merge.
 *
 * <p>There is a list per order and migrate type. Its elements are the pageblocks that have a free
 * block of that order, newest first; within a pageblock the lowest free block goes first. The
 * migrate type of a free block is that of its pageblock, always. Not safe for use by several
 * threads: the zone's lock is held around every call, except for {@link #frames} and {@link
 * #hasAtLeast}, which may be read at any time and may be out of date by then.
 */
final class FreeBlocks {
  private static final VarHandle FRAMES = handle("frames", long.class);
  private static final VarHandle ORDERS_FREE = handle("ordersFree", int.class);

  private final PageblockTable table;
  private final int[] heads = new int[ORDERS * TYPES];
  private final int[] tails = new int[ORDERS * TYPES];
  private final long[] counts = new long[ORDERS * TYPES];
  private final int[] filled = new int[TYPES]; // bit k: the list of order k has an element

  @SuppressWarnings("unused") // through FRAMES: written under the zone's lock, read by anyone
  private long frames;

  @SuppressWarnings("unused") // through ORDERS_FREE: bit k: a block of order k is free
  private int ordersFree;

  FreeBlocks(PageblockTable table) {
    this.table = table;
    Arrays.fill(heads, -1);
    Arrays.fill(tails, -1);
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(FreeBlocks.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  PageblockTable table() {
    return table;
  }

  long frames() {
    return (long) FRAMES.getOpaque(this);
  }

  /** {@return whether a block of the order or a larger one is free, of any type} */
  boolean hasAtLeast(int order) {
    return (int) ORDERS_FREE.getOpaque(this) >>> order != 0;
  }

  long count(int order, int type) {
    return counts[list(order, type)];
  }

  /** {@return the orders from the one given on whose list of a type has an element, as bits} */
  int ordersOf(int type, int from) {
    return filled[type] >>> from << from;
  }

  /** {@return the first pageblock in a list, or -1} */
  int head(int order, int type) {
    return heads[list(order, type)];
  }

  int tail(int order, int type) {
    return tails[list(order, type)];
  }

  /** {@return the first frame of the block that a non-empty list gives next} */
  long first(int order, int type) {
    int block = head(order, type);
    return order < BLOCK_ORDER ? table.firstFrom(block, order, 0) : table.frameOf(block);
  }

  /** {@return whether exactly this block is free} */
  boolean isFree(long frame, int order) {
    return switch (order) {
      case MAX_ORDER -> (table.mark(table.indexOf(frame)) & PageblockTable.FREE10) != 0;
      case BLOCK_ORDER -> (table.mark(table.indexOf(frame)) & PageblockTable.FREE9) != 0;
      default -> table.bit(table.indexOf(frame), PageblockTable.slot(frame, order));
    };
  }

  /** {@return the order of the free block that holds a frame, or -1 if the frame is not free} */
  int orderHolding(long frame) {
    for (int order = 0; order <= MAX_ORDER; order++) {
      if (isFree(frame & -(1L << order), order)) {
        return order;
      }
    }
    return -1;
  }

  /**
   * Takes a block from the smallest list of a type that has one, and splits it.
   *
   * @return the first frame, or NONE if no list of the type has a block that is large enough
   */
  long takeSmallest(int order, int type) {
    int orders = ordersOf(type, order);
    return orders == 0 ? NONE : takeFrom(Integer.numberOfTrailingZeros(orders), order, type);
  }

  /** Takes the next block of a non-empty list and splits it down to the order wanted. */
  long takeFrom(int from, int order, int type) {
    long frame = first(from, type);
    remove(frame, from);
    for (int k = from - 1; k >= order; k--) {
      add(frame + (1L << k), k, false);
    }
    table.tally().split(from - order);
    account(-(1L << order));
    return frame;
  }

  /**
   * Takes several blocks that follow each other from the smallest list of a type: what taking them
   * one by one would take, at the cost of one.
   *
   * @param order their order
   * @param type the migrate type
   * @param most how many at most, at least 1
   * @param ring receives them, the lowest to be the next one used
   * @return how many were taken, 0 if no list of the type has a block that is large enough
   */
  int takeSeveral(int order, int type, int most, FrameRing ring) {
    int orders = ordersOf(type, order);
    if (orders == 0) {
      return 0;
    }
    int from = Integer.numberOfTrailingZeros(orders);
    long frame = first(from, type);
    int count = Math.min(most, 1 << (from - order));
    long end = frame + ((long) count << order);
    remove(frame, from);
    table.tally().split(count - 1 + addRange(end, frame + (1L << from)));
    account(frame - end);
    for (long at = frame; at < end; at += 1L << order) {
      ring.pushBottom(at);
    }
    return count;
  }

  /**
   * Takes a given part out of a free block; what lies before and behind it stays free.
   *
   * @param holder first frame of the free block
   * @param order its order
   * @param from first frame of the part
   * @param to frame behind the part
   */
  void carve(long holder, int order, long from, long to) {
    remove(holder, order);
    table.tally().split(addRange(holder, from) + addRange(to, holder + (1L << order)));
    account(from - to);
  }

  private int addRange(long from, long to) {
    int blocks = 0;
    for (long at = from; at < to; blocks++) {
      int order = Geometry.orderAt(at, to);
      add(at, order, false);
      at += 1L << order;
    }
    return blocks;
  }

  /** Frees a block: merges it with its buddy as long as that is free, then lists it. */
  void release(long frame, int order, boolean last) {
    account(1L << order);
    int block = table.indexOf(frame);
    if (order >= BLOCK_ORDER
        || releaseWithin(block, PageblockTable.slot(frame, order), order, last)) {
      releaseWhole(table.frameOf(block), Math.max(order, BLOCK_ORDER), last);
    }
  }

  /** Merges and lists below the order of a pageblock; {@return whether all of it is free now} */
  private boolean releaseWithin(int block, int slot, int order, boolean last) {
    int type = table.type(block);
    int at = slot;
    int merged = order;
    while (merged < BLOCK_ORDER && table.bit(block, at ^ 1)) {
      drop(block, at ^ 1, merged, type);
      at = PageblockTable.above(at);
      merged++;
    }
    table.tally().merge(merged - order);
    if (merged < BLOCK_ORDER) {
      list(block, at, merged, type, last || mergeIsLikely(block, at, merged));
    }
    return merged == BLOCK_ORDER;
  }

  /*
   * If the block one order up lacks only its other half's neighbour, put this one at the end of its
   * list, so that it stays free for longer and the two may merge.
   */
  private boolean mergeIsLikely(int block, int slot, int order) {
    return order < BLOCK_ORDER - 1 && table.bit(block, PageblockTable.above(slot) ^ 1);
  }

  private void releaseWhole(long frame, int order, boolean last) {
    long buddy = frame ^ BLOCK_FRAMES;
    if (order == MAX_ORDER || !isFree(buddy, BLOCK_ORDER)) {
      add(frame, order, last);
      return;
    }
    agree(frame, buddy);
    remove(buddy, BLOCK_ORDER);
    table.tally().merge(1);
    add(frame & buddy, MAX_ORDER, last);
  }

  /* Two pageblocks become one block with one type: that of the one that is being freed. */
  private void agree(long frame, long buddy) {
    int type = table.type(table.indexOf(frame));
    int other = table.indexOf(buddy);
    if (type != table.type(other)) {
      retype(other, type);
    }
  }

  /** Frees frames that are in no list yet, at boot or when they are added, in whole blocks. */
  void seed(long from, long to) {
    for (long at = from; at < to; ) {
      int order = Geometry.orderAt(at, to);
      if (order < BLOCK_ORDER) {
        table.setMark(table.indexOf(at), PageblockTable.BUSY | PageblockTable.TOUCHED);
      }
      release(at, order, true);
      at += 1L << order;
    }
  }

  /** Lists a free block. */
  private void add(long frame, int order, boolean last) {
    int block = table.indexOf(frame);
    if (order < BLOCK_ORDER) {
      list(block, PageblockTable.slot(frame, order), order, table.type(block), last);
    } else {
      addWhole(block, order, last);
    }
  }

  private void list(int block, int slot, int order, int type, boolean last) {
    table.flip(block, slot);
    if (table.raise(block, order, 1) == 1) {
      link(block, order, last);
    }
    counts[list(order, type)]++;
  }

  /** Takes a free block out of its list. */
  private void remove(long frame, int order) {
    int block = table.indexOf(frame);
    if (order < BLOCK_ORDER) {
      drop(block, PageblockTable.slot(frame, order), order, table.type(block));
    } else {
      removeWhole(block, order);
    }
  }

  private void drop(int block, int slot, int order, int type) {
    table.flip(block, slot);
    if (table.raise(block, order, -1) == 0) {
      unlink(block, order);
    }
    counts[list(order, type)]--;
  }

  private void addWhole(int block, int order, boolean last) {
    table.clearMark(block, PageblockTable.BUSY);
    if (order == MAX_ORDER) {
      table.clearMark(block + 1, PageblockTable.BUSY);
      table.setType(block + 1, table.type(block));
      table.setMark(block, PageblockTable.FREE10);
    } else {
      table.setMark(block, PageblockTable.FREE9);
    }
    link(block, order, last);
    counts[list(order, table.type(block))]++;
  }

  private void removeWhole(int block, int order) {
    unlink(block, order);
    counts[list(order, table.type(block))]--;
    table.setMark(block, PageblockTable.BUSY | PageblockTable.TOUCHED);
    if (order == MAX_ORDER) {
      table.setMark(block + 1, PageblockTable.BUSY | PageblockTable.TOUCHED);
      table.clearMark(block, PageblockTable.FREE10);
    } else {
      table.clearMark(block, PageblockTable.FREE9);
    }
  }

  private void account(long change) {
    FRAMES.setOpaque(this, frames + change);
  }

  /** Lists the free blocks of an order that were written to a pageblock's record, if any. */
  void listAll(int block, int order, int count) {
    if (count != 0) {
      table.raise(block, order, count);
      link(block, order, true);
      counts[list(order, table.type(block))] += count;
      account((long) count << order);
    }
  }

  /** Gives a pageblock another type and moves its free blocks to the lists of that type. */
  void retype(int block, int type) {
    int pair = block & -2;
    if ((table.mark(pair) & PageblockTable.FREE10) != 0) {
      moveList(pair, MAX_ORDER, type, 1);
      table.setType(pair, type);
      table.setType(pair + 1, type);
      return;
    }
    for (int order = 0; order < BLOCK_ORDER; order++) {
      moveList(block, order, type, table.count(block, order));
    }
    moveList(block, BLOCK_ORDER, type, isFree(table.frameOf(block), BLOCK_ORDER) ? 1 : 0);
    table.setType(block, type);
  }

  private void moveList(int block, int order, int type, int count) {
    if (count == 0) {
      return;
    }
    int before = table.type(block);
    unlink(block, order);
    counts[list(order, before)] -= count;
    table.setType(block, type);
    link(block, order, false);
    counts[list(order, type)] += count;
    table.setType(block, before);
  }

  private void link(int block, int order, boolean last) {
    int type = table.type(block);
    int list = list(order, type);
    int next = last ? -1 : heads[list];
    int previous = last ? tails[list] : -1;
    table.setNext(block, order, next);
    table.setPrevious(block, order, previous);
    join(list, order, previous, block, block, next);
    filled[type] |= 1 << order;
    ORDERS_FREE.setOpaque(this, ordersFree | 1 << order);
  }

  private void unlink(int block, int order) {
    int type = table.type(block);
    int list = list(order, type);
    int next = table.next(block, order);
    int previous = table.previous(block, order);
    join(list, order, previous, next, previous, next);
    if (heads[list] < 0) {
      filled[type] &= ~(1 << order);
      ORDERS_FREE.setOpaque(this, filled[0] | filled[1] | filled[2]);
    }
  }

  /**
   * Makes {@code following} come after {@code previous} and {@code preceding} before {@code next}.
   */
  private void join(int list, int order, int previous, int following, int preceding, int next) {
    if (previous < 0) {
      heads[list] = following;
    } else {
      table.setNext(previous, order, following);
    }
    if (next < 0) {
      tails[list] = preceding;
    } else {
      table.setPrevious(next, order, preceding);
    }
  }

  private static int list(int order, int type) {
    return order * TYPES + type;
  }
}
