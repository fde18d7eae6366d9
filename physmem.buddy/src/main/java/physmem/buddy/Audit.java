package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.MAX_FRAMES;
import static physmem.buddy.Geometry.MAX_ORDER;
import static physmem.buddy.Geometry.ORDERS;
import static physmem.buddy.Geometry.TYPES;

import allocator.api.CorruptionException;
import java.util.Arrays;

/**
 * Recomputes a zone: that every managed frame is in exactly one free block, stock or live piece and
 * no other frame is in any, that no two buddies are both free, and that lists, marks, counts and
 * stocks agree. For one run by one thread while no call is under way.
 */
final class Audit {
  private static final byte FREE = 1;
  private static final byte LIVE = 2;
  private static final byte STOCK = 3;

  private final Zone zone;
  private final FreeBlocks free;
  private final PageblockTable table;
  private final long[] blocksFound = new long[ORDERS * TYPES];
  private final byte[] owners = new byte[BLOCK_FRAMES]; // of the pageblock at hand
  private long coveredTo; // frames below it belong to a piece that began in an earlier pageblock
  private boolean previousLive; // whether a live piece ends where the next frame begins
  private long framesFree;
  private long framesStocked;
  private long framesLive;
  private long facts;

  Audit(Zone zone) {
    this.zone = zone;
    this.free = zone.free();
    this.table = free.table();
  }

  /** {@return the number of facts checked} */
  long run() {
    for (int block = 0; block < table.blocks(); block++) {
      auditBlock(block);
    }
    auditLists();
    auditStocks();
    same("free frames", framesFree, free.frames());
    same(
        "free, cached and live frames",
        zone.managed().frames(),
        framesFree + framesStocked + framesLive);
    return facts;
  }

  private void auditBlock(int block) {
    long first = table.frameOf(block);
    int mark = table.mark(block);
    int flags = mark & (PageblockTable.FREE9 | PageblockTable.FREE10 | PageblockTable.BUSY);
    truth(Integer.bitCount(flags) <= 1, first, "has marks 0x%x together", mark);
    long managed = zone.managed().within(first, first + BLOCK_FRAMES);
    if ((flags & PageblockTable.BUSY) != 0) {
      auditBusy(block, managed);
    } else if (table.isWhole(block)) {
      auditWhole(block, managed);
    } else {
      truth(managed == 0, first, "is neither free nor busy but has %d managed frames", managed);
    }
  }

  private void auditWhole(int block, long managed) {
    long first = table.frameOf(block);
    truth(managed == BLOCK_FRAMES, first, "is free with only %d managed frames", managed);
    truth(coveredTo <= first, first, "is free and live: a piece goes to frame %d", coveredTo);
    framesFree += BLOCK_FRAMES;
    if ((table.mark(block) & PageblockTable.FREE9) != 0) {
      long buddy = table.mark(block ^ 1) & PageblockTable.FREE9;
      truth(buddy == 0, first, "and its buddy are both free, order %d", BLOCK_ORDER);
      found(BLOCK_ORDER, block);
    } else if ((table.mark(block) & PageblockTable.FREE10) != 0) {
      truth((first & (MAX_FRAMES - 1)) == 0, first, "is misaligned for order %d", MAX_ORDER);
      truth(table.type(block) == table.type(block + 1), first, "has a half of type %d", block + 1);
      found(MAX_ORDER, block);
    }
  }

  private void found(int order, int block) {
    blocksFound[order * TYPES + table.type(block)]++;
  }

  private void auditBusy(int block, long managed) {
    Arrays.fill(owners, (byte) 0);
    long first = table.frameOf(block);
    for (int order = 0; order < BLOCK_ORDER; order++) {
      auditOrder(block, order);
    }
    cover(first, Math.min(coveredTo, first + BLOCK_FRAMES), LIVE);
    for (long frame = first; frame < first + BLOCK_FRAMES; frame++) {
      auditByte(frame, zone.live().at(frame));
    }
    auditOwners(first, managed);
  }

  private void auditOrder(int block, int order) {
    int count = 0;
    for (int slot = 0; slot < BLOCK_FRAMES >>> order; slot++) {
      long frame = table.frameOf(block) + ((long) slot << order);
      if (free.isFree(frame, order)) {
        boolean buddy = order + 1 < BLOCK_ORDER && free.isFree(frame ^ (1L << order), order);
        truth(!buddy, frame, "and its buddy are both free, order %d", order);
        cover(frame, frame + (1L << order), FREE);
        found(order, block);
        count++;
      }
    }
    same(
        "pageblock %d: free blocks of order %d".formatted(block, order),
        count,
        table.count(block, order));
  }

  private void auditByte(long frame, int code) {
    boolean continues = LiveFrames.kind(code) == LiveFrames.CONT;
    if (code != 0) {
      int order = LiveFrames.order(code);
      long end = frame + (1L << order);
      truth(order <= MAX_ORDER && (frame & (end - frame - 1)) == 0, frame, "has byte 0x%x", code);
      truth(zone.managed().within(frame, end) == end - frame, frame, "is live past %d", end);
      byte owner = LiveFrames.isLive(code) ? LIVE : STOCK;
      cover(frame, Math.min(end, Geometry.roundUp(frame + 1, BLOCK_FRAMES)), owner);
      coveredTo = Math.max(coveredTo, end);
    }
    int at = (int) (frame & (BLOCK_FRAMES - 1));
    boolean startsZone = frame == zone.start(); // it may continue a run of the zone below
    truth(
        !continues || previousLive || startsZone || zone.managed().within(frame - 1, frame) == 0,
        frame,
        "continues a run that does not reach it: 0x%x",
        code);
    previousLive = owners[at] == LIVE;
  }

  private void cover(long from, long to, byte owner) {
    for (long frame = from; frame < to; frame++) {
      int at = (int) (frame & (BLOCK_FRAMES - 1));
      truth(owners[at] == 0, frame, "belongs to two blocks: %d", owners[at]);
      owners[at] = owner;
    }
  }

  private void auditOwners(long first, long managed) {
    long owned = 0;
    for (int at = 0; at < BLOCK_FRAMES; at++) {
      byte owner = owners[at];
      owned += owner == 0 ? 0 : 1;
      framesFree += owner == FREE ? 1 : 0;
      framesLive += owner == LIVE ? 1 : 0;
      framesStocked += owner == STOCK ? 1 : 0;
      boolean lost = owner != 0 && zone.managed().within(first + at, first + at + 1) == 0;
      truth(!lost, first + at, "is in use but not managed: %d", owner);
    }
    same("frames that belong to something from frame " + first, managed, owned);
  }

  private void auditLists() {
    for (int type = 0; type < TYPES; type++) {
      for (int order = 0; order < ORDERS; order++) {
        long expected = blocksFound[order * TYPES + type];
        String list = "list of order %d, type %d: ".formatted(order, type);
        same(list + "count", expected, free.count(order, type));
        same(list + "blocks", expected, blocksIn(order, type));
        boolean listed = free.ordersOf(type, order) >>> order << (Integer.SIZE - 1) != 0;
        same(list + "mark", expected != 0 ? 1 : 0, listed ? 1 : 0);
      }
    }
  }

  private long blocksIn(int order, int type) {
    long sum = 0;
    int previous = -1;
    for (int at = free.head(order, type); at >= 0; at = table.next(at, order)) {
      long frame = table.frameOf(at);
      truth(table.type(at) == type, frame, "is in the list of type %d", type);
      truth(table.previous(at, order) == previous, frame, "does not follow pageblock %d", previous);
      sum += order < BLOCK_ORDER ? table.count(at, order) : 1;
      truth(sum <= free.count(order, type), frame, "is in a list that goes around, %d", order);
      previous = at;
    }
    same("tail of order %d, type %d".formatted(order, type), previous, free.tail(order, type));
    return sum;
  }

  private void auditStocks() {
    long frames = 0;
    for (CpuLists lists : zone.cpus()) {
      long own = 0;
      for (int ring = 0; ring < lists.rings(); ring++) {
        own += auditRing(lists.ring(ring), CpuLists.orderOf(ring));
      }
      same("frames in a CPU's stock", own, lists.count());
      frames += own;
    }
    same("cached frames", framesStocked, frames);
  }

  private long auditRing(FrameRing ring, int order) {
    for (int i = 0; i < ring.size(); i++) {
      int code = zone.live().at(ring.at(i));
      truth(code == (LiveFrames.CACHED | order), ring.at(i), "is in stock with byte 0x%x", code);
    }
    return (long) ring.size() << order;
  }

  private void same(String what, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "%s: %s: expected %d, found %d".formatted(zone, what, expected, found));
    }
  }

  private void truth(boolean holds, long frame, String what, long value) {
    facts++;
    if (!holds) {
      throw new CorruptionException("%s: frame %d ".formatted(zone, frame) + what.formatted(value));
    }
  }
}
