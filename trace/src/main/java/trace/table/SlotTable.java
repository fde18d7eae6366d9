package trace.table;

import java.util.Arrays;

/**
 * The live blocks of a trace, each with a <em>slot</em>: a small number that is given again to a
 * later block once its block is dead. Slots are dense from 0, so an array indexed by slot is as
 * large as the largest live set and no larger, however many blocks the trace has. The slot that
 * died last is given first: its array elements are still in the processor's cache.
 *
 * <p>A block is found by its <em>key</em> (an id or an address in the trace) and has an
 * <em>id</em>, which is the key itself or a number given by the reader.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class SlotTable {
  /** What is returned in place of a slot when the key has the wrong state. */
  public static final int NONE = -1;

  private static final int INITIAL_SLOTS = 1024;

  private final LongIntMap slotOfKey = new LongIntMap();
  private long[] idOfSlot = new long[INITIAL_SLOTS];
  private int[] freeSlots = new int[INITIAL_SLOTS];
  private int freeCount;
  private int limit;

  /** Creates a table without live blocks. */
  public SlotTable() {}

  /** Returns the number of slots ever in use at once: every slot is below it. */
  public int limit() {
    return limit;
  }

  /** Returns the number of live blocks. */
  public int live() {
    return slotOfKey.size();
  }

  /** Returns the slot of the live block with this key, or {@link #NONE}. */
  public int find(long key) {
    return slotOfKey.get(key);
  }

  /**
   * Begins a block's life.
   *
   * @param key the key to find it by
   * @param id the id it is known by
   * @return its slot, or {@link #NONE}, with nothing changed, if a live block has that key
   */
  public int birth(long key, long id) {
    int slot = freeCount > 0 ? freeSlots[freeCount - 1] : limit;
    if (!slotOfKey.add(key, slot)) {
      return NONE;
    }
    if (slot == limit) {
      limit++;
      growTo(limit);
    } else {
      freeCount--;
    }
    idOfSlot[slot] = id;
    return slot;
  }

  /**
   * Ends a block's life; returns the slot it had, or {@link #NONE} if no live block has the key.
   */
  public int death(long key) {
    int slot = slotOfKey.remove(key);
    if (slot != NONE) {
      freeSlots[freeCount] = slot;
      freeCount++;
    }
    return slot;
  }

  /** Returns the id of the block that has, or had last, this slot. */
  public long id(int slot) {
    return idOfSlot[slot];
  }

  /**
   * Recomputes what the table keeps incrementally: live and free slots together are all slots, and
   * no free slot is listed twice.
   *
   * @throws IllegalStateException if the table is damaged
   */
  public void checkInvariants() {
    slotOfKey.checkInvariants();
    if (freeCount + slotOfKey.size() != limit) {
      throw new IllegalStateException(
          freeCount + " free and " + slotOfKey.size() + " live slots are not " + limit);
    }
    boolean[] seen = new boolean[limit];
    for (int i = 0; i < freeCount; i++) {
      if (seen[freeSlots[i]]) {
        throw new IllegalStateException("slot " + freeSlots[i] + " is free twice");
      }
      seen[freeSlots[i]] = true;
    }
  }

  private void growTo(int slots) {
    if (slots > idOfSlot.length) {
      idOfSlot = Arrays.copyOf(idOfSlot, slots + (slots >> 1));
      freeSlots = Arrays.copyOf(freeSlots, idOfSlot.length);
    }
  }
}
