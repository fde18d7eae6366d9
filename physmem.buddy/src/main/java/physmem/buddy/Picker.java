package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.MAX_ORDER;
import static physmem.buddy.Geometry.MOVABLE;
import static physmem.buddy.Geometry.NONE;

/**
 * Decides which free block of a zone a request gets: one of its own type, or a pageblock claimed
 * from another type, or a block stolen from one, in the manner of Linux 6.15.
 *
 * <p>Not safe for use by several threads: the zone's lock is held around every call.
 */
final class Picker {
  private final FreeBlocks free;
  private final LiveFrames live;
  private final boolean grouping;
  private long claims;
  private long steals;

  Picker(FreeBlocks free, LiveFrames live, boolean grouping) {
    this.free = free;
    this.live = live;
    this.grouping = grouping;
  }

  /** {@return how many pageblocks or larger blocks changed their type for a request} */
  long claims() {
    return claims;
  }

  /** {@return how many blocks were taken from a pageblock that kept another type} */
  long steals() {
    return steals;
  }

  /**
   * Takes a block.
   *
   * @param order its order
   * @param type the migrate type of the request
   * @param wholeOnly true to claim whole free pageblocks only and never to steal
   * @return the first frame, or NONE
   */
  long pick(int order, int type, boolean wholeOnly) {
    long frame = free.takeSmallest(order, type);
    if (frame == NONE) {
      frame = claim(order, type, wholeOnly ? Math.max(order, BLOCK_ORDER) : order);
    }
    return frame == NONE && !wholeOnly ? steal(order, type) : frame;
  }

  /**
   * Takes several blocks: as many as the smallest block that does has room for, or one if another
   * type has to help out.
   *
   * @param most how many at most
   * @param ring receives them
   * @return how many were taken
   */
  int pickSeveral(int order, int type, boolean wholeOnly, int most, FrameRing ring) {
    int count = free.takeSeveral(order, type, most, ring);
    if (count == 0) {
      long frame = pick(order, type, wholeOnly);
      if (frame != NONE) {
        ring.pushBottom(frame);
        return 1;
      }
    }
    return count;
  }

  /** Tries the largest blocks first, so that what is claimed lasts. */
  private long claim(int order, int type, int least) {
    long frame = NONE;
    for (int k = MAX_ORDER; k >= least && frame == NONE && worthwhile(k, type); k--) {
      int other = fallback(k, type);
      if (other >= 0) {
        frame = tryClaim(k, order, type, other);
      }
    }
    return frame;
  }

  /** Small blocks are claimed only by requests that would otherwise scatter what cannot move. */
  private boolean worthwhile(int order, int type) {
    return order >= BLOCK_ORDER / 2 || type != MOVABLE || !grouping;
  }

  private int fallback(int order, int type) {
    for (int n = 0; n < Mobility.FALLBACKS; n++) {
      int other = Mobility.fallback(type, n);
      if (free.head(order, other) >= 0) {
        return other;
      }
    }
    return -1;
  }

  private long tryClaim(int from, int order, int type, int other) {
    int block = free.head(from, other);
    if (from < BLOCK_ORDER && !alike(block, type, other)) {
      return NONE;
    }
    claims++;
    free.retype(block, type);
    return from >= BLOCK_ORDER ? free.takeFrom(from, order, type) : free.takeSmallest(order, type);
  }

  /** {@return whether at least half of a pageblock is free or goes well with the type} */
  private boolean alike(int block, int type, int other) {
    int frames = free.table().framesIn(block);
    int movable = live.movableIn(free.table().frameOf(block));
    int alike = 0;
    if (type == MOVABLE) {
      alike = movable;
    } else if (other == MOVABLE) {
      alike = BLOCK_FRAMES - frames - movable;
    }
    return frames + alike >= BLOCK_FRAMES / 2 || !grouping;
  }

  /** Takes the smallest block that does, and leaves the pageblock's type as it is. */
  private long steal(int order, int type) {
    for (int k = order; k <= MAX_ORDER; k++) {
      int other = fallback(k, type);
      if (other >= 0) {
        steals++;
        return free.takeFrom(k, order, other);
      }
    }
    return NONE;
  }
}
