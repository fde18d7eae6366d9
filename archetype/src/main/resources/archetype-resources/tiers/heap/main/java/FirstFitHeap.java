package ${package};

import allocator.api.AllocatorException;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/*
 * A FIRST-FIT HEAP WITH BOUNDARY TAGS
 *
 * 1. Memory comes from below in spans of at least 64 KiB. Blocks fill a span without gaps.
 *
 * 2. A block has its size in front and behind (Tags). So both neighbours of a block are found in
 *    constant time when it is freed, and free neighbours are joined: no two free blocks touch.
 *
 * 3. Free blocks are in one list, linked through the bytes that nobody uses. To allocate is to take
 *    the first that is large enough and to give its rest back; to free is to put the block in front.
 *
 * 4. A span that is entirely free goes home at once.
 *
 * 5. Which addresses are live is known apart from the memory (Span), so that a wrong free is
 *    found whatever the client has written.
 *
 * 6. One lock for everything. It is held while a span is imported.
 *
 * What was not done: size classes, so a search looks at every free block; a span kept at hand; any
 * state of a CPU's own; a check of free blocks, whose links are trusted, outside of checkInvariants;
 * taking over another heap's blocks (rebuild): the kernel lets them lodge.
 *
 * References. D. Knuth, The Art of Computer Programming, volume 1, section 2.5: first fit, boundary
 * tags.
 */

/** A heap. Safe for use by several threads, which wait for each other. */
final class FirstFitHeap implements HeapEngine {
  /** What it is modelled on. */
  static final String MODEL = "first fit with boundary tags (Knuth 2.5)";

  static final long ALIGNMENT = 16;

  /** The smallest block: two words and two links. */
  static final long SMALLEST = 32;

  private static final long GROWTH = 64 << 10;

  private final BackedSpans below;
  private final Window memory;
  private final Tags tags;
  private final TreeMap<Long, Span> spans = new TreeMap<>(); // by base
  private long firstFree; // address of a block; 0 if none is free
  private long footprint;
  private long peak;
  private long limit = Long.MAX_VALUE;
  private long allocations;
  private long frees;
  private long failures;
  private long steps; // free blocks looked at by searches
  private long deferrals; // spans that could not go home when they became free

  FirstFitHeap(HeapContext context) {
    this.below = context.spans();
    this.memory = context.window();
    this.tags = new Tags(memory);
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int alignment() {
    return (int) ALIGNMENT;
  }

  // Allocating.

  @Override
  public long allocate(int cpu, long bytes) {
    return allocateAligned(cpu, ALIGNMENT, bytes);
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    long address = allocate(cpu, bytes);
    if (address != NULL) {
      memory.fill(address, bytes, (byte) 0);
    }
    return address;
  }

  @Override
  public synchronized long allocateAligned(int cpu, long align, long bytes) {
    checkSize(bytes);
    if (Long.bitCount(align) != 1) {
      throw new IllegalArgumentException("alignment %d is no power of two".formatted(align));
    }
    long address = take(Long.compareUnsigned(align, ALIGNMENT) < 0 ? ALIGNMENT : align, bytes);
    allocations += address == NULL ? 0 : 1;
    failures += address == NULL ? 1 : 0;
    return address;
  }

  private static void checkSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a block of %d bytes".formatted(bytes));
    }
  }

  private long take(long align, long bytes) {
    if (bytes > Span.MOST || Long.compareUnsigned(align, Span.MOST) > 0) {
      return NULL;
    }
    long size = blockSize(bytes);
    long free = find(align, size);
    if (free == NULL && grow(align, size)) {
      free = find(align, size);
    }
    return free == NULL ? NULL : carve(free, place(free, align), size);
  }

  /** {@return the size of a block for a request} */
  private static long blockSize(long bytes) {
    return Math.max(SMALLEST, (bytes + Tags.OVERHEAD + ALIGNMENT - 1) & -ALIGNMENT);
  }

  private long find(long align, long size) {
    for (long free = firstFree; free != NULL; free = tags.next(free)) {
      steps++;
      if (place(free, align) - free + size <= tags.size(free)) {
        return free;
      }
    }
    return NULL;
  }

  /** {@return the first aligned address in a free block that leaves no gap or room for a block} */
  private static long place(long free, long align) {
    long address = (free + align - 1) & -align;
    long gap = address - free;
    return gap == 0 || gap >= SMALLEST ? address : (free + SMALLEST + align - 1) & -align;
  }

  /** Makes a live block of a part of a free one. What is in front and behind stays free. */
  private long carve(long free, long address, long size) {
    long all = tags.size(free);
    unlink(free);
    if (address != free) {
      tags.set(free, address - free, false);
      link(free);
    }
    tags.set(address, all - (address - free), true);
    spanOf(address).setLive(address, true);
    cut(address, size);
    return address;
  }

  /** Frees the rest of a live block if that is enough for one. */
  private void cut(long address, long size) {
    long rest = tags.size(address) - size;
    if (rest >= SMALLEST) {
      tags.set(address, size, true);
      tags.set(address + size, rest, false);
      joinNext(address + size);
      link(address + size);
    }
  }

  private boolean grow(long align, long size) {
    long page = below.pageBytes();
    long slack = align == ALIGNMENT ? 0 : align + SMALLEST;
    long needed = (size + slack + ALIGNMENT + page - 1) & -page;
    long bytes = Math.max(needed, (GROWTH + page - 1) & -page);
    if (bytes > Span.MOST || bytes > limit - footprint) {
      bytes = needed; // no more than it takes
    }
    if (bytes > Span.MOST || bytes > limit - footprint) {
      return false;
    }
    long base = below.allocate(bytes, page);
    if (base == BackedSpans.NONE) {
      return false;
    }
    add(new Span(base, bytes));
    return true;
  }

  private void add(Span span) {
    spans.put(span.base, span);
    footprint += span.bytes;
    peak = Math.max(peak, footprint);
    tags.fence(span);
    tags.set(span.first(), span.bytes - ALIGNMENT, false);
    link(span.first());
  }

  // Freeing.

  @Override
  public synchronized void free(int cpu, long address) {
    Span span = liveSpan(address);
    release(span, address);
    frees++;
  }

  /** {@return the span of a live block, which has been found undamaged} */
  private Span liveSpan(long address) {
    Span span = spanOf(address);
    if (span == null || !span.isLive(address)) {
      throw new MisuseException("0x%x is no live block".formatted(address));
    }
    tags.check(span, address, true);
    return span;
  }

  private Span spanOf(long address) {
    Map.Entry<Long, Span> entry = spans.floorEntry(address);
    return entry == null ? null : entry.getValue();
  }

  private void release(Span span, long address) {
    span.setLive(address, false);
    tags.set(address, tags.size(address), false);
    joinNext(address);
    long whole = address;
    if (tags.isFreeBefore(address)) {
      whole = tags.before(address);
      unlink(whole);
      tags.set(whole, tags.size(whole) + tags.size(address), false);
    }
    link(whole);
    if (isFree(span)) {
      giveBackLater(span);
    }
  }

  /** Joins a block that is in no list with the one behind it, if that is free. */
  private void joinNext(long address) {
    long next = address + tags.size(address);
    if (!tags.inUse(next)) {
      unlink(next);
      tags.set(address, tags.size(address) + tags.size(next), false);
    }
  }

  private boolean isFree(Span span) {
    return tags.size(span.first()) == span.bytes - ALIGNMENT && !tags.inUse(span.first());
  }

  /** Sends a free span home; if nobody takes it now, {@link #trim} will try again. */
  private void giveBackLater(Span span) {
    try {
      giveBack(span);
    } catch (AllocatorException e) {
      deferrals++; // the block is free all the same: its client has done nothing wrong
    }
  }

  private void giveBack(Span span) {
    unlink(span.first()); // before its memory, in which the links are, is somebody else's
    boolean gone = false;
    try {
      below.release(span.base, span.bytes);
      gone = true;
    } finally {
      if (!gone) {
        link(span.first());
      }
    }
    spans.remove(span.base);
    footprint -= span.bytes;
  }

  @Override
  public synchronized long trim(long keep) {
    long before = footprint;
    long atHand = 0;
    for (Span span : List.copyOf(spans.values())) {
      if (isFree(span) && atHand < keep) {
        atHand += span.bytes;
      } else if (isFree(span)) {
        giveBack(span);
      }
    }
    return before - footprint;
  }

  // Resizing.

  @Override
  public synchronized long resize(int cpu, long address, long bytes) {
    if (resizeInPlace(cpu, address, bytes)) {
      return address;
    }
    long moved = allocate(cpu, bytes);
    if (moved != NULL) {
      memory.copy(address, moved, Math.min(usableSize(address), bytes));
      free(cpu, address);
    }
    return moved;
  }

  @Override
  public synchronized boolean resizeInPlace(int cpu, long address, long bytes) {
    checkSize(bytes);
    liveSpan(address);
    if (bytes > Span.MOST) {
      return false;
    }
    long size = blockSize(bytes);
    long next = address + tags.size(address);
    long reach = tags.size(address) + (tags.inUse(next) ? 0 : tags.size(next));
    if (reach < size) {
      return false;
    }
    if (tags.size(address) < size) {
      unlink(next);
      tags.set(address, reach, true);
    }
    cut(address, size);
    return true;
  }

  @Override
  public synchronized long usableSize(long address) {
    liveSpan(address);
    return tags.size(address) - Tags.OVERHEAD;
  }

  // The list of free blocks.

  private void link(long free) {
    tags.setNext(free, firstFree);
    tags.setPrevious(free, 0);
    if (firstFree != 0) {
      tags.setPrevious(firstFree, free);
    }
    firstFree = free;
  }

  private void unlink(long free) {
    long next = tags.next(free);
    long previous = tags.previous(free);
    if (next != 0) {
      tags.setPrevious(next, previous);
    }
    if (previous == 0) {
      firstFree = next;
    } else {
      tags.setNext(previous, next);
    }
  }

  // Figures.

  @Override
  public synchronized long footprint() {
    return footprint;
  }

  @Override
  public synchronized long peakFootprint() {
    return peak;
  }

  @Override
  public synchronized long footprintLimit() {
    return limit;
  }

  @Override
  public synchronized void footprintLimit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit of %d bytes".formatted(bytes));
    }
    limit = bytes;
  }

  @Override
  public synchronized List<Statistic> statistics() {
    return List.of(
        new Statistic("alloc", allocations, "calls"),
        new Statistic("free", frees, "calls"),
        new Statistic("fail", failures, "calls"),
        new Statistic("search_steps", steps, "blocks"),
        new Statistic("spans", spans.size(), "spans"),
        new Statistic("footprint", footprint, "bytes"),
        new Statistic("deferrals", deferrals, "spans"));
  }

  // The life cycle.

  @Override
  public synchronized void walk(RangeVisitor visitor) {
    for (Span span : spans.values()) {
      for (long at = span.nextLive(span.first()); at != 0; at = span.nextLive(at + ALIGNMENT)) {
        tags.check(span, at, true);
        if (!visitor.visit(at, tags.size(at) - Tags.OVERHEAD, 0)) {
          return;
        }
      }
    }
  }

  @Override
  public synchronized void managed(RangeVisitor visitor) {
    for (Span span : spans.values()) {
      if (!visitor.visit(span.base, span.bytes, 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized long checkInvariants() {
    return new Audit(tags, spans.values(), firstFree, footprint).run();
  }

  @Override
  public synchronized void close() {
    spans.clear(); // the spans themselves stay with whoever lodges in them
    firstFree = 0;
    footprint = 0;
  }
}
