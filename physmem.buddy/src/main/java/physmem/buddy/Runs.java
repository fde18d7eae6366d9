package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import allocator.api.MisuseException;

/**
 * Live ranges of any length, as chains of pieces: noting them down, cutting them, freeing parts.
 *
 * <p>A range is cut greedily into aligned powers of two, none of which crosses the end of a
 * stretch. The caller owns the frames it names, so the bytes of live frames need no lock.
 */
final class Runs {
  private final ZoneTable table;

  Runs(ZoneTable table) {
    this.table = table;
  }

  /** Notes a range down as live. */
  void mark(long from, long to, int mobility) {
    boolean single = from + (1L << pieceOrder(from, to)) == to;
    markPieces(from, to, single ? LiveFrames.BLOCK : LiveFrames.RUN, mobility);
  }

  private void markPieces(long from, long to, int firstKind, int mobility) {
    int kind = firstKind;
    for (long at = from; at < to; kind = LiveFrames.CONT) {
      int order = pieceOrder(at, to);
      table.zoneOf(at).live().set(at, LiveFrames.code(kind, mobility, order));
      at += 1L << order;
    }
  }

  private int pieceOrder(long from, long to) {
    return Geometry.orderAt(from, Math.min(to, table.endOf(table.stretchOf(from))));
  }

  /**
   * Frees part of one or several live ranges.
   *
   * @throws MisuseException if a frame of it is not live; nothing is changed then
   */
  void free(long from, long to) {
    for (long at = from; at < to; ) {
      at = endOfPiece(at, from, to);
    }
    cut(from);
    cut(to);
    detachBefore(from);
    detachBehind(to);
    release(from, to);
  }

  /** {@return the frame behind the live piece that holds a frame} */
  private long endOfPiece(long frame, long from, long to) {
    int stretch = table.stretchOf(frame);
    LiveFrames live = stretch < 0 ? null : table.owner(stretch).live();
    long first = live == null ? NONE : live.pieceOf(frame);
    if (live == null || first == NONE || !LiveFrames.isLive(live.at(first))) {
      throw new MisuseException(
          "free of frames [0x%x, 0x%x): frame 0x%x is not allocated".formatted(from, to, frame));
    }
    return first + (1L << LiveFrames.order(live.at(first)));
  }

  /** Makes a piece begin at a frame if one goes across it. */
  private void cut(long frame) {
    int stretch = table.stretchOf(frame);
    if (stretch < 0) {
      return;
    }
    LiveFrames live = table.owner(stretch).live();
    long first = live.pieceOf(frame);
    if (first == NONE || first == frame || !LiveFrames.isLive(live.at(first))) {
      return;
    }
    int code = live.at(first);
    int kind = LiveFrames.kind(code) == LiveFrames.BLOCK ? LiveFrames.RUN : LiveFrames.kind(code);
    int mobility = LiveFrames.mobility(code);
    markPieces(first, frame, kind, mobility);
    markPieces(frame, first + (1L << LiveFrames.order(code)), LiveFrames.CONT, mobility);
  }

  /** Ends the range that a piece continues just before it; a head that is left alone is a block. */
  private void detachBefore(long frame) {
    if (kindAt(frame) != LiveFrames.CONT) {
      return;
    }
    LiveFrames live = table.zoneOf(frame - 1).live();
    long last = live.pieceOf(frame - 1);
    if (LiveFrames.kind(live.at(last)) == LiveFrames.RUN) {
      setKind(last, LiveFrames.BLOCK);
    }
  }

  /** Makes a range of its own of what continues the range behind the part to be freed. */
  private void detachBehind(long frame) {
    if (kindAt(frame) != LiveFrames.CONT) {
      return;
    }
    LiveFrames live = table.zoneOf(frame).live();
    long next = frame + (1L << LiveFrames.order(live.at(frame)));
    boolean goesOn = kindAt(next) == LiveFrames.CONT;
    setKind(frame, goesOn ? LiveFrames.RUN : LiveFrames.BLOCK);
  }

  private int kindAt(long frame) {
    int stretch = table.stretchOf(frame);
    return stretch < 0 ? 0 : LiveFrames.kind(table.owner(stretch).live().at(frame));
  }

  private void setKind(long frame, int kind) {
    LiveFrames live = table.zoneOf(frame).live();
    live.set(frame, (live.at(frame) & ~LiveFrames.KIND) | kind);
  }

  private void release(long from, long to) {
    for (long at = from; at < to; ) {
      Zone zone = table.zoneOf(at);
      int order = LiveFrames.order(zone.live().at(at));
      zone.giveDirectly(at, order);
      at += 1L << order;
    }
  }
}
