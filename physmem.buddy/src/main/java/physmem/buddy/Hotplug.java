package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import allocator.api.MisuseException;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FrameSpan;

/**
 * Takes frames out of service and puts frames into service while the machine runs.
 *
 * <p>Taking out: what is free in the span leaves the free lists, so that nothing new is placed
 * there; then the live blocks in it are moved out one by one. If one cannot be moved, what left the
 * lists returns, and all frames are in service as before.
 */
final class Hotplug {
  private final BuddyFrames engine;
  private final ZoneTable table;

  Hotplug(BuddyFrames engine, ZoneTable table) {
    this.engine = engine;
    this.table = table;
  }

  /**
   * {@return whether the span was added: it lies in the room of zones of its node, is new, and has
   * no frame with a fault}
   */
  boolean online(FrameSpan span) {
    table.lockAll();
    try {
      boolean added =
          span.frames() > 0 && eachPart(span, (zone, from, to) -> isNew(span, zone, from, to));
      if (added) {
        eachPart(span, Hotplug::grow);
      }
      return added;
    } finally {
      table.unlockAll();
    }
  }

  private static boolean isNew(FrameSpan span, Zone zone, long from, long to) {
    return zone.node() == span.node()
        && zone.present().within(from, to) == 0
        && !zone.poison().isWaitedFor(from, to);
  }

  private static boolean grow(Zone zone, long from, long to) {
    zone.grow(from, to);
    return true;
  }

  /** What is done with what one zone has of a span. */
  @FunctionalInterface
  private interface Part {
    boolean accept(Zone zone, long from, long to);
  }

  /** {@return whether all of a span is in the room of zones, and each part of it was accepted} */
  private boolean eachPart(FrameSpan span, Part part) {
    for (long at = span.start(); at < span.end(); ) {
      int stretch = table.stretchOf(at);
      if (stretch < 0) {
        return false;
      }
      long end = Math.min(span.end(), table.endOf(stretch));
      if (!part.accept(table.owner(stretch), at, end)) {
        return false;
      }
      at = end;
    }
    return true;
  }

  /** {@return whether the span is out of service now} */
  boolean offline(FrameSpan span, FrameMover mover) {
    boolean done = isManaged(span) && vacate(span, mover);
    if (done) {
      retire(span);
    }
    return done;
  }

  /**
   * Takes a frame with a fault out of service: at once if it is free or can be moved, else when its
   * owner frees it.
   *
   * @return whether it is out of service now
   * @throws MisuseException if it is in no zone, or not in service
   */
  boolean poison(long frame, FrameMover mover) {
    Zone zone = table.zoneOf(frame);
    FrameSpan span = new FrameSpan(frame, 1, zone.node());
    if (!isManaged(span)) {
      throw new MisuseException("poison of frame 0x%x: it is not in service".formatted(frame));
    }
    boolean done = vacate(span, mover);
    zone.lock().lock();
    try {
      if (done) {
        zone.poison().noteRetired(frame);
      } else if (!zone.poison().retire(frame)) {
        zone.poison().doom(frame);
      }
      return zone.managed().within(frame, frame + 1) == 0;
    } finally {
      zone.lock().unlock();
    }
  }

  /** {@return whether nothing in the span is free or live any more; if not, all is as before} */
  private boolean vacate(FrameSpan span, FrameMover mover) {
    if (!isMovable(span)) {
      return false;
    }
    Spans taken = new Spans();
    takeFree(span, taken);
    boolean done = moveOut(span, mover, taken);
    takeFree(span, taken); // what clients freed meanwhile
    if (done && taken.frames() == span.frames()) {
      return true;
    }
    giveBack(taken);
    return false;
  }

  private boolean isManaged(FrameSpan span) {
    long managed = 0;
    for (Zone zone : table.zones()) {
      boolean mine = zone.node() == span.node();
      managed += mine ? zone.managed().within(span.start(), span.end()) : 0;
    }
    return span.frames() > 0 && managed == span.frames();
  }

  /** {@return whether every live piece in the span is a movable block, and has a place to go} */
  private boolean isMovable(FrameSpan span) {
    long toMove = 0;
    for (long at = span.start(); at < span.end(); ) {
      LiveFrames live = table.zoneOf(at).live();
      long piece = live.pieceOf(at);
      int code = piece == NONE ? 0 : live.at(piece);
      if (LiveFrames.isLive(code) && !Compaction.isMovable(code)) {
        return false;
      }
      toMove += LiveFrames.isLive(code) ? 1L << LiveFrames.order(code) : 0;
      at = code == 0 ? at + 1 : piece + (1L << LiveFrames.order(code));
    }
    return toMove <= table.freeFrames();
  }

  private void takeFree(FrameSpan span, Spans taken) {
    table.drainAll();
    table.lockAll();
    try {
      for (long at = span.start(); at < span.end(); ) {
        FreeBlocks free = table.zoneOf(at).free();
        int order = free.orderHolding(at);
        long end = order < 0 ? at + 1 : Math.min(span.end(), (at & -(1L << order)) + (1L << order));
        if (order >= 0) {
          free.carve(at & -(1L << order), order, at, end);
          taken.add(at, end);
        }
        at = end;
      }
    } finally {
      table.unlockAll();
    }
  }

  private boolean moveOut(FrameSpan span, FrameMover mover, Spans taken) {
    for (long at = span.start(); at < span.end(); ) {
      Zone zone = table.zoneOf(at);
      long piece = zone.live().pieceOf(at);
      if (piece == NONE) {
        at++;
        continue;
      }
      int order = LiveFrames.order(zone.live().at(piece));
      if (!moveOne(zone, piece, order, mover)) {
        return false;
      }
      keep(zone, piece, piece + (1L << order), span, taken);
      at = piece + (1L << order);
    }
    return true;
  }

  private boolean moveOne(Zone zone, long from, int order, FrameMover mover) {
    int reach =
        Math.max(0, Zone.NORMAL - zone.kind()) * FrameFlags.DMA32; // its own zone or a lower one
    int flags = FrameFlags.onNode(FrameFlags.MOVABLE | reach, zone.node());
    long to = engine.allocate(0, order, flags);
    if (to == NONE) {
      return false;
    }
    boolean moved = mover.move(from, to, order);
    if (!moved) {
      engine.free(0, to, order);
    }
    return moved;
  }

  /** Keeps the part of a vacated block that is in the span; the rest goes to the free lists. */
  private void keep(Zone zone, long from, long to, FrameSpan span, Spans taken) {
    zone.lock().lock();
    try {
      zone.live().set(from, 0);
      taken.add(Math.max(from, span.start()), Math.min(to, span.end()));
      zone.free().seed(from, Math.max(from, span.start()));
      zone.free().seed(Math.min(to, span.end()), to);
    } finally {
      zone.lock().unlock();
    }
  }

  private void giveBack(Spans taken) {
    table.lockAll();
    try {
      taken.ends().forEach(this::seed);
    } finally {
      table.unlockAll();
    }
  }

  private void seed(long from, long to) {
    for (long at = from; at < to; ) {
      int stretch = table.stretchOf(at);
      long end = Math.min(to, table.endOf(stretch));
      table.owner(stretch).free().seed(at, end);
      at = end;
    }
  }

  private void retire(FrameSpan span) {
    table.lockAll();
    try {
      eachPart(span, Hotplug::shrink);
    } finally {
      table.unlockAll();
    }
  }

  private static boolean shrink(Zone zone, long from, long to) {
    zone.present().remove(from, to);
    zone.managed().remove(from, to);
    return true;
  }
}
