package workbench.ranges;

import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.Machine;
import hardware.api.MappingVisitor;
import hardware.api.PageFlags;
import java.util.List;
import java.util.function.LongSupplier;
import physmem.api.FramePort;
import trace.ranges.RangeEvent;
import workbench.ranges.Mappings.Mapping;

/**
 * The page tables of one address space of a replay. Every page that may be accessed is mapped to
 * one frame of zeros, as a kernel does for memory that was only read so far; pages without any
 * access have no entry.
 */
final class PageTables implements AutoCloseable {
  private static final int ACCESS = RangeEvent.READ | RangeEvent.WRITE | RangeEvent.EXECUTE;
  private static final long BYTES_PER_TABLE = 512 * RangeEvent.PAGE;
  private static final long LARGE = 1L << 30; // from here on it is worth asking
  private static final MappingVisitor NOBODY = (address, frame, pages, entry) -> {};

  private final AddressSpace space;
  private final long zeroFrame;
  private final LongSupplier freeFrames;
  private final Stopwatch watch;

  PageTables(
      Machine machine, FramePort frames, LongSupplier freeFrames, long zeroFrame, Stopwatch watch) {
    this.space = machine.createAddressSpace(new Tables(frames));
    this.freeFrames = freeFrames;
    this.zeroFrame = zeroFrame;
    this.watch = watch;
  }

  private record Tables(FramePort frames) implements FrameSource {
    @Override
    public long take() {
      return frames.allocate(0, 0);
    }

    @Override
    public void give(long frame) {
      frames.free(frame, 0);
    }
  }

  AddressSpace space() {
    return space;
  }

  /** Returns the number of frames that the tables occupy, the root included. */
  long frames() {
    return space.tableFrames();
  }

  /** Returns whether pages of a protection have entries. */
  static boolean accessible(int protection) {
    return (protection & ACCESS) != 0;
  }

  /** Makes entries; false if there was no frame for a table, with no entry made. */
  boolean map(long start, long end, int protection) {
    if (!accessible(protection)) {
      return true;
    }
    if (!mayFit(end - start)) {
      return false;
    }
    long begin = System.nanoTime();
    long at = start;
    while (at < end && space.map(at, zeroFrame, 1, flags(protection))) {
      at += RangeEvent.PAGE;
    }
    if (at < end && at > start) {
      space.unmap(start, (at - start) / RangeEvent.PAGE, NOBODY);
    }
    watch.since(begin);
    return at == end;
  }

  // Without this, a mapping of terabytes would fill the RAM with tables before it failed.
  private boolean mayFit(long bytes) {
    return bytes < LARGE || bytes / BYTES_PER_TABLE <= freeFrames.getAsLong();
  }

  /**
   * Clears the entries of mappings, and flushes the TLB once for all of them.
   *
   * @param gone mappings in rising order
   */
  void unmap(List<Mapping> gone) {
    long begin = System.nanoTime();
    flush(gone, clear(gone));
    watch.since(begin);
  }

  /** Clears entries; the caller flushes. {@return the pages that had some} */
  long empty(List<Mapping> gone) {
    long begin = System.nanoTime();
    long pages = clear(gone);
    watch.since(begin);
    return pages;
  }

  private long clear(List<Mapping> gone) {
    long pages = 0;
    for (Mapping one : gone) {
      if (accessible(one.protection())) {
        pages += space.unmap(one.start(), one.bytes() / RangeEvent.PAGE, NOBODY);
      }
    }
    return pages;
  }

  /**
   * Changes the entries of mappings, and flushes the TLB once if any entry was there before.
   *
   * @param old mappings in rising order
   * @param access what they get of {@link RangeEvent#READ} and so on
   * @return the mappings as they are now; where there was no frame for a table, as they were
   */
  List<Mapping> protect(List<Mapping> old, int access) {
    long begin = System.nanoTime();
    long changed = 0;
    for (Mapping one : old) {
      if (accessible(one.protection()) && accessible(access)) {
        changed += space.protect(one.start(), pages(one), flags(access));
      } else {
        changed += clear(List.of(one));
      }
    }
    flush(old, changed);
    watch.since(begin);
    return old.stream().map(one -> opened(one, access)).toList();
  }

  private Mapping opened(Mapping one, int access) {
    boolean there = accessible(one.protection()) || map(one.start(), one.end(), access);
    int kept = one.protection() & ~ACCESS;
    return there ? new Mapping(one.start(), one.end(), kept | access, one.kind()) : one;
  }

  /** Takes the right to write from private mappings, as a kernel does to copy on write. */
  long withdrawWrites(List<Mapping> all) {
    long begin = System.nanoTime();
    long changed = 0;
    for (Mapping one : all) {
      boolean writable = (one.protection() & RangeEvent.WRITE) != 0;
      if (writable && (one.protection() & RangeEvent.SHARED) == 0) {
        int flags = flags(one.protection() & ~RangeEvent.WRITE);
        changed += space.protect(one.start(), pages(one), flags);
      }
    }
    watch.since(begin);
    return changed;
  }

  private void flush(List<Mapping> which, long pages) {
    if (pages > 0) {
      long start = which.getFirst().start();
      space.invalidate(start, (which.getLast().end() - start) / RangeEvent.PAGE);
    }
  }

  private static long pages(Mapping mapping) {
    return mapping.bytes() / RangeEvent.PAGE;
  }

  private static int flags(int protection) {
    int flags = PageFlags.USER;
    flags |= (protection & RangeEvent.WRITE) != 0 ? PageFlags.WRITABLE : 0;
    return flags | ((protection & RangeEvent.EXECUTE) != 0 ? PageFlags.EXECUTABLE : 0);
  }

  @Override
  public void close() {
    long begin = System.nanoTime();
    space.close();
    watch.since(begin);
  }
}
