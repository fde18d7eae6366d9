package ${package};

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/*
 * A BITMAP, SEARCHED FROM THE TOP
 *
 * 1. A bit per frame says whether it is free. To allocate is to look for a run of set bits that is
 *    long enough and well placed, from the highest frame down; to free is to set them. Neighbours
 *    need not be joined: they are neighbours.
 *
 * 2. A second bit marks where live ranges begin, so that a wrong free is found and what is live
 *    can be listed, for a successor to take over.
 *
 * 3. Blocks, runs within constraints and requests for low zones are one search with other limits.
 *    As it comes from the top, low zones are used last.
 *
 * 4. One lock for everything.
 *
 * What was not done: a cursor, so each search begins at the top again and passes all that is in
 * use; a summary of the words; per-CPU stocks; NUMA (the node wanted is not looked at); mobility and
 * compaction; frames from 2^31 on.
 */

/** A page-frame allocator. Safe for use by several threads, which wait for each other. */
final class BitmapFrames implements FrameEngine {
  /** What it is modelled on. */
  static final String MODEL = "bitmap, searched from the top";

  /** As in Linux: 1024 frames. */
  static final int MAX_ORDER = 10;

  private final FrameContext context;
  private List<FrameSpan> spans;
  private Zones zones;
  private Bitmap bitmap;
  private boolean closed;
  private long allocations;
  private long frees;
  private long failures;

  BitmapFrames(FrameContext context) {
    this.context = context;
    this.spans = List.copyOf(context.free());
    this.zones = new Zones(context, spans);
    this.bitmap = new Bitmap(spans);
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int maxOrder() {
    return MAX_ORDER;
  }

  @Override
  public synchronized long allocate(int cpu, int order, int flags) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("order %d is not 0 to %d".formatted(order, MAX_ORDER));
    }
    long size = 1L << order;
    return take(size, new FrameConstraints(0, zones.limit(flags), size, 0));
  }

  private long take(long count, FrameConstraints where) {
    long frame = bitmap.find(count, where);
    if (frame == NONE) {
      failures++;
    } else {
      bitmap.take(frame, count);
      allocations++;
    }
    return frame;
  }

  @Override
  public synchronized long allocateContiguous(
      int cpu, long count, FrameConstraints where, int flags) {
    checkCount(count);
    long high = Math.min(where.high(), zones.limit(flags));
    if (high <= where.low()) {
      failures++;
      return NONE;
    }
    return take(count, new FrameConstraints(where.low(), high, where.align(), where.boundary()));
  }

  private static void checkCount(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("a run of %d frames".formatted(count));
    }
  }

  @Override
  public synchronized boolean allocateAt(int cpu, long frame, long count, int flags) {
    checkCount(count);
    if (!bitmap.isFree(frame, count)) {
      failures++;
      return false;
    }
    bitmap.take(frame, count);
    allocations++;
    return true;
  }

  @Override
  public synchronized void free(int cpu, long frame, int order) {
    boolean block = order >= 0 && order <= MAX_ORDER && (frame & ((1L << order) - 1)) == 0;
    if (!block || !bitmap.isLive(frame, 1L << order)) {
      throw new MisuseException("frame 0x%x, order %d: no live block".formatted(frame, order));
    }
    bitmap.give(frame, 1L << order);
    frees++;
  }

  @Override
  public synchronized void freeRange(int cpu, long frame, long count) {
    if (!bitmap.isAllocated(frame, count)) {
      throw new MisuseException(
          "%d frames from 0x%x: not all of them are allocated".formatted(count, frame));
    }
    bitmap.give(frame, count);
    frees++;
  }

  // Figures.

  @Override
  public synchronized long freeFrames() {
    return bitmap.freeFrames();
  }

  @Override
  public synchronized long metadataBytes() {
    return bitmap.bytes();
  }

  @Override
  public synchronized List<ZoneReport> zones() {
    return closed ? List.of() : zones.reports(bitmap);
  }

  @Override
  public synchronized List<Statistic> statistics() {
    return List.of(
        new Statistic("alloc", allocations, "calls"),
        new Statistic("free", frees, "calls"),
        new Statistic("fail", failures, "calls"),
        new Statistic("search_steps", bitmap.steps(), "runs"),
        new Statistic("nr_free_pages", bitmap.freeFrames(), "frames"));
  }

  // The life cycle.

  @Override
  public synchronized void walk(RangeVisitor visitor) {
    if (!closed) {
      bitmap.walk((base, size, none) -> visitor.visit(base, size, attributes(base, size)));
    }
  }

  /** {@return what a walk says of a range: a block if it could be one; flags are not remembered} */
  private static long attributes(long base, long size) {
    boolean block = Long.bitCount(size) == 1 && size <= 1L << MAX_ORDER && base % size == 0;
    int order = block ? Long.numberOfTrailingZeros(size) : FrameFlags.RUN;
    return FrameFlags.attributes(order, 0);
  }

  @Override
  public synchronized void managed(RangeVisitor visitor) {
    for (FrameSpan span : closed ? List.<FrameSpan>of() : spans) {
      if (!visitor.visit(span.start(), span.frames(), 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized long checkInvariants() {
    return bitmap.check();
  }

  @Override
  public synchronized void rebuild(Estate estate, boolean dryRun) {
    if (bitmap.freeFrames() != zones.managedFrames()) {
      throw new TransferRefusedException("this allocator has handed out frames already");
    }
    List<FrameSpan> inService = inService(estate);
    Bitmap next = new Bitmap(inService);
    estate.live((base, size, attributes) -> inherit(next, base, size));
    if (!dryRun) {
      spans = inService;
      zones = new Zones(context, inService);
      bitmap = next;
    }
  }

  /**
   * {@return what of this machine's frames the predecessor managed: not those that it had taken out
   * of service} {@code physmem.api.InheritedRam} does the same and finds what is missing as well.
   */
  private List<FrameSpan> inService(Estate estate) {
    List<FrameSpan> found = new ArrayList<>();
    estate.managed((base, size, attributes) -> {
      long left = size;
      for (FrameSpan span : context.free()) {
        long from = Math.max(base, span.start());
        long to = Math.min(base + size, span.end());
        if (from < to) {
          found.add(new FrameSpan(from, to - from, span.node()));
          left -= to - from;
        }
      }
      if (left != 0) {
        throw new TransferRefusedException(
            "%d frames of 0x%x + 0x%x are none of this machine's free RAM"
                .formatted(left, base, size));
      }
      return true;
    });
    found.sort(Comparator.comparingLong(FrameSpan::start));
    return found;
  }

  private static boolean inherit(Bitmap next, long base, long size) {
    if (!next.isFree(base, size)) {
      throw new TransferRefusedException(
          "live frames 0x%x + 0x%x are not all free here".formatted(base, size));
    }
    next.take(base, size);
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
