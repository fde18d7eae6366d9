package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;

/**
 * Represents a predecessor's live ranges in an engine that nobody uses yet: reads them once, in any
 * order, into a draft that notices ranges that are not free or overlap, and then gives each
 * pageblock that was touched its free blocks anew, all at once.
 *
 * <p>So the free lists are changed once per pageblock and not once per range, and nothing is merged
 * or split but what lies around the pageblock. For one run by one thread while no call is under
 * way.
 */
final class Takeover {
  private static final int SMALL_WORDS = 15; // of a record: orders 0 to 3, whose words are theirs
  private static final int LAST_WORD = 15; // of a record: orders 4 to 8 share it
  private static final int WORDS = 16; // of a record
  private static final int FIRST_SHARED = 4; // the order whose bits come first in the last word
  private static final long EVEN = 0x5555_5555_5555_5555L;

  private final ZoneTable table;
  private final Runs runs;
  private final FrameContext context;
  private final int[] types;
  private final List<MemorySegment> scratch = new ArrayList<>();
  private final List<FreeMaps> drafts = new ArrayList<>(); // by zone index
  private final long[] words = new long[WORDS]; // of the record at hand

  private boolean dryRun;
  private long begin; // of the stretch at hand
  private long end; // behind it; 0 while there is none
  private Zone zone = Zone.EMPTY; // its owner

  /**
   * Makes what takes over, at no cost until it does.
   *
   * @param table the zones
   * @param runs writes down what is live
   * @param context gives room for drafts
   * @param types migrate type by mobility
   */
  Takeover(ZoneTable table, Runs runs, FrameContext context, int[] types) {
    this.table = table;
    this.runs = runs;
    this.context = context;
    this.types = types;
  }

  /**
   * Takes over every live range of an estate, or none.
   *
   * @param trial whether to find out only if it can be done. Changes nothing, but the host has
   *     memory afterwards wherever the real run is going to write, so that it takes no page faults
   * @throws TransferRefusedException if one of them is not free here; the message names it
   */
  void run(Estate estate, boolean trial) {
    dryRun = trial;
    reserve();
    try {
      read(estate);
      if (!dryRun) {
        settle();
      }
    } finally {
      drafts.forEach(FreeMaps::forget);
    }
    if (!dryRun) {
      release();
    }
  }

  private void reserve() {
    for (int i = drafts.size(); i < table.zones().size(); i++) {
      PageblockTable blocks = table.zones().get(i).free().table();
      MemorySegment memory = context.reserveMetadata(FreeMaps.bytes(blocks));
      scratch.add(memory);
      drafts.add(new FreeMaps(blocks, memory.address()));
    }
  }

  /** Gives the drafts' memory back. */
  void release() {
    drafts.clear();
    scratch.forEach(context::releaseMetadata);
    scratch.clear();
  }

  private void read(Estate estate) {
    boolean done = false;
    try {
      estate.live(this::take);
      done = true;
    } finally {
      if (!done && !dryRun) {
        table.zones().forEach(each -> drafts.get(each.index()).clearTaken(each.live()));
      }
    }
  }

  private boolean take(long base, long size, long attributes) {
    int order = FrameFlags.order(attributes);
    if (order > Geometry.MAX_ORDER && order != FrameFlags.RUN) {
      throw refusal(base, size, "a block of order %d, freed as such".formatted(order));
    }
    int flags = FrameFlags.mobility(FrameFlags.flags(attributes));
    int mobility = flags < Geometry.TYPES ? flags : Geometry.UNMOVABLE;
    long to = base + size;
    if (base < 0 || to <= base || !takeFree(base, to, types[mobility])) {
      throw refusal(base, size, "not all free here");
    }
    if (dryRun) {
      zone.live().set(to - 1, zone.live().at(to - 1)); // as it was: see run
    } else if (size == 1) {
      zone.live().set(base, LiveFrames.code(LiveFrames.BLOCK, mobility, 0));
    } else {
      runs.mark(base, to, mobility);
    }
    return true;
  }

  private static TransferRefusedException refusal(long base, long size, String why) {
    return new TransferRefusedException(
        "live frames [0x%x, 0x%x) are %s".formatted(base, base + size, why));
  }

  private boolean takeFree(long from, long to, int type) {
    for (long at = from; at < to; ) {
      if ((at < begin || at >= end) && !enterStretch(at)) {
        return false;
      }
      long blockEnd = ((at >>> BLOCK_ORDER) + 1) << BLOCK_ORDER;
      long stop = Math.min(Math.min(to, end), blockEnd);
      if (!drafts.get(zone.index()).take(at, stop, type)) {
        return false;
      }
      at = stop;
    }
    return true;
  }

  private boolean enterStretch(long frame) {
    int stretch = table.stretchOf(frame);
    if (stretch < 0) {
      return false;
    }
    begin = table.startOf(stretch);
    end = table.endOf(stretch);
    zone = table.owner(stretch);
    return true;
  }

  // From here on nothing can fail.

  private void settle() {
    table.lockAll(); // nobody is waited for: it makes what is written here visible to later holders
    try {
      for (Zone each : table.zones()) {
        settle(each.free(), drafts.get(each.index()));
      }
    } finally {
      table.unlockAll();
    }
  }

  private void settle(FreeBlocks free, FreeMaps draft) {
    for (int block = draft.nextTouched(0); block >= 0; block = draft.nextTouched(block + 1)) {
      takeAll(free, block);
      free.table().setType(block, draft.type(block));
      for (int i = 0; i < FreeMaps.ROW_WORDS; i++) {
        words[i] = draft.row(block, i);
        words[FreeMaps.ROW_WORDS + i] = 0;
      }
      merge();
      list(free, block);
    }
  }

  /** Takes everything that is free in a pageblock out of the lists. */
  private static void takeAll(FreeBlocks free, int block) {
    long first = free.table().frameOf(block);
    long limit = first + BLOCK_FRAMES;
    for (long at = first; at < limit; ) {
      int order = free.orderHolding(at);
      if (order < 0) {
        at++;
      } else {
        long holder = at & -(1L << order); // one of the largest order may begin a pageblock below
        long stop = Math.min(limit, holder + (1L << order));
        free.carve(holder, order, at, stop);
        at = stop;
      }
    }
  }

  /**
   * Merges single free frames to the largest free blocks: wherever two buddies' bits are set, both
   * are cleared and the bit one order up is set, which is where {@link PageblockTable#above} has
   * it.
   */
  private void merge() {
    for (int i = 0; i < SMALL_WORDS; i++) {
      long pairs = words[i] & (words[i] >>> 1) & EVEN;
      if (pairs != 0) {
        words[i] ^= pairs | pairs << 1;
        words[FreeMaps.ROW_WORDS + (i >>> 1)] |= Long.compress(pairs, EVEN) << ((i & 1) << 5);
      }
    }
    for (int order = FIRST_SHARED; order < BLOCK_ORDER - 1; order++) {
      long pairs = words[LAST_WORD] & (words[LAST_WORD] >>> 1) & EVEN & shared(order);
      words[LAST_WORD] ^= pairs | pairs << 1;
      words[LAST_WORD] |= Long.compress(pairs, EVEN) << Integer.SIZE;
    }
  }

  /** {@return the bits of the last word that are of an order, 4 to 8} */
  private static long shared(int order) {
    int first = PageblockTable.slot(0, order) & (Long.SIZE - 1);
    int count = BLOCK_FRAMES >>> order;
    return ((1L << count) - 1) << first;
  }

  private void list(FreeBlocks free, int block) {
    int word = 0;
    for (int order = 0; order < FIRST_SHARED; order++) {
      int count = 0;
      for (int left = FreeMaps.ROW_WORDS >>> order; left > 0; left--, word++) {
        count += Long.bitCount(words[word]);
        free.table().writeWord(block, word, words[word]);
      }
      free.listAll(block, order, count);
    }
    free.table().writeWord(block, LAST_WORD, words[LAST_WORD]);
    for (int order = FIRST_SHARED; order < BLOCK_ORDER; order++) {
      free.listAll(block, order, Long.bitCount(words[LAST_WORD] & shared(order)));
    }
  }
}
