package hardware.sim;

import hardware.api.DirectWindow;
import hardware.api.HostMemoryException;
import hardware.api.PhysicalMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * RAM as one sparse file, seen through one window at its physical addresses. Safe for use by
 * several threads.
 */
final class SimMemory implements PhysicalMemory, AutoCloseable {
  /*
   * 1. One file. Offset n of a sparse file is physical address n. ftruncate sets its length to the
   * top of RAM without using any of it, so a machine of 4 TiB, or of 31 TiB with holes, opens in
   * milliseconds. The file is what makes everything else possible: one frame can appear at several
   * host addresses (its physical address, and any page of a host window), a dump is a copy, and other
   * tools can read the memory of a running machine.
   *
   * 2. One window. A stretch of host addresses as long as the next power of two is reserved as
   * private, anonymous, unaccounted memory, readable and writable throughout. Over it the file is
   * mapped where the firmware map has RAM, one mapping per span. Holes, the rest of the power of two
   * and the slack behind it stay anonymous. DirectWindow masks addresses to that power of two, so
   * that no address, however wrong, meets anything but RAM or scratch memory.
   *
   * 3. Supplying. A sparse file promises pages that the file system may not have when they are
   * touched. Then the access gets SIGBUS: no call failed, so no call can report it. Hence supply():
   * fallocate reserves the pages first, and says ENOSPC where an exception can name the file system.
   * It is done in pieces of 64 MiB, so that a huge request fails early and no single call is long. A
   * bitmap remembers what was supplied; asking again for frames in use costs a look at a word or two.
   * Whoever touches what was not supplied gets zeros and a page of the file system, or if that is
   * full an InternalError from the JVM, which turns SIGBUS in memory access into one. That is a net,
   * not a method: the readers of page tables and the counted windows ask supplied() first.
   *
   * 4. Scarcity of mappings. Linux allows a process 65,530 of them (vm.max_map_count), and a JVM that
   * cannot map a thread stack or a heap region ends. HostMappings counts what the machines use and
   * refuses with an exception at seven eighths. SimHostWindow counts exactly, by seams.
   *
   * 5. The end. close() puts scratch memory over all of RAM and removes the file at once. The host
   * addresses are unmapped later, when the collector finds that no window refers to them: threads
   * that are still running in a machine that was switched off read zeros; they do not end the JVM.
   *
   * 6. Crashes. The file's name begins with quarry-ram- and its descriptor holds an flock. The lock
   * dies with the process; the next start takes the lock of each such file it can, and removes those
   * files. A machine that is alive keeps its lock, so two processes can start at the same time.
   *
   * 7. Strict accounting. With vm.overcommit_memory=2 the host refuses anonymous reservations of
   * terabytes. Reservation then takes a nameless sparse file in memory as scratch instead.
   *
   * 8. What was not done. No large pages behind the file: tmpfs has them only where its mount says
   * so. No userfaultfd, which would make unsupplied frames exact but needs a privilege on many hosts.
   * No memfd for RAM: it would need no cleaning up, but could neither lie on a disk nor be read by
   * name. No madvise(MADV_POPULATE_WRITE) in place of fallocate: it costs the same and is newer.
   *
   * References: mmap(2), fallocate(2), flock(2), tmpfs(5); Linux Documentation/mm/overcommit-
   * accounting.rst and Documentation/admin-guide/sysctl/vm.rst.
   */

  /** Bytes of a frame: that of x86-64, the only format so far. */
  static final int PAGE_BYTES = 4096;

  /** Binary logarithm of {@link #PAGE_BYTES}. */
  static final int PAGE_SHIFT = 12;

  private static final long PIECE = (64L << 20) >> PAGE_SHIFT; // frames per call of the host
  private static final VarHandle ENTRY =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final RamSpans spans;
  private final RamFile file;
  private final Reservation space;
  private final Reservation bitmap;
  private final SuppliedFrames supplied;
  private final DirectWindow window;
  private final MemorySegment bytes;
  private final List<Reservation> metadata = new ArrayList<>();
  private boolean closed;

  private SimMemory(RamSpans spans, RamFile file, Reservation space, Reservation bitmap) {
    this.spans = spans;
    this.file = file;
    this.space = space;
    this.bitmap = bitmap;
    this.supplied = new SuppliedFrames(spans.top(), bitmap.memory());
    this.bytes = space.memory();
    this.window = new DirectWindow(0, bytes.byteSize() - DirectWindow.SLACK, bytes);
  }

  /**
   * Opens RAM.
   *
   * @param spans which frames are RAM
   * @param directory where its file lies
   * @throws HostMemoryException if the host cannot hold it
   */
  static SimMemory open(RamSpans spans, Path directory) {
    long top = spans.top() << PAGE_SHIFT;
    RamFile file = RamFile.create(directory, top);
    try {
      long size = Long.highestOneBit(top - 1) << 1;
      Reservation space = Reservation.open(size + DirectWindow.SLACK, "the window on RAM");
      Reservation bitmap =
          Reservation.open(SuppliedFrames.bytes(spans.top()), "the bitmap of supplied frames");
      SimMemory memory = new SimMemory(spans, file, space, bitmap);
      memory.showSpans();
      return memory;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public int pageBytes() {
    return PAGE_BYTES;
  }

  @Override
  public long top() {
    return spans.top() << PAGE_SHIFT;
  }

  @Override
  public DirectWindow window() {
    return window;
  }

  @Override
  public void supply(long frame, long count) {
    checkRam(frame, count);
    if (!supplied.all(frame, frame + count)) {
      supplyMissing(frame, frame + count);
    }
  }

  @Override
  public boolean supplied(long frame) {
    return supplied.contains(frame);
  }

  @Override
  public synchronized void withdraw(long frame, long count) {
    checkRam(frame, count);
    checkOpen();
    long end = frame + count;
    for (long at = supplied.nextSupplied(frame, end); at < end; ) {
      long stop = supplied.nextMissing(at, end);
      supplied.remove(at, stop);
      file.punch(at << PAGE_SHIFT, (stop - at) << PAGE_SHIFT);
      at = supplied.nextSupplied(stop, end);
    }
  }

  @Override
  public synchronized long hostBytes() {
    return closed ? 0 : file.hostBytes();
  }

  @Override
  public Path file() {
    return file.path();
  }

  @Override
  public synchronized MemorySegment reserveMetadata(long size) {
    checkOpen();
    if (size < 1) {
      throw new IllegalArgumentException("metadata of " + size + " bytes");
    }
    Reservation reserved = Reservation.open(size, "allocator metadata");
    metadata.add(reserved);
    return reserved.memory();
  }

  @Override
  public synchronized void releaseMetadata(MemorySegment memory) {
    metadata.removeIf(reserved -> {
      boolean same = reserved.memory().address() == memory.address();
      if (same) {
        reserved.release();
      }
      return same;
    });
  }

  @Override
  public synchronized long dump(Path target) throws IOException {
    checkOpen();
    return RamImage.write(file, top(), target);
  }

  /** Gives everything back to the host and removes the file. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    HostMappings.PROCESS.add(-mappings());
    space.release();
    bitmap.release();
    metadata.forEach(Reservation::release);
    metadata.clear();
    file.close();
  }

  /** {@return which frames are RAM} */
  RamSpans spans() {
    return spans;
  }

  /** {@return the descriptor of the RAM file} */
  int descriptor() {
    return file.descriptor();
  }

  /** Reads a table entry in one piece; pairs with {@link #setEntry}. */
  long entry(long address) {
    return (long) ENTRY.getAcquire(bytes, address);
  }

  /** Writes a table entry in one piece; what was written before it is seen before it. */
  void setEntry(long address, long value) {
    ENTRY.setRelease(bytes, address, value);
  }

  /** Replaces a table entry. {@return the old one} */
  long exchangeEntry(long address, long value) {
    return (long) ENTRY.getAndSet(bytes, address, value);
  }

  /** Replaces a table entry if it is as expected. {@return whether it was} */
  boolean replaceEntry(long address, long expected, long value) {
    return ENTRY.compareAndSet(bytes, address, expected, value);
  }

  /** Checks that frames are RAM. */
  void checkRam(long frame, long count) {
    if (count < 1 || !spans.covers(frame, frame + count)) {
      throw new IllegalArgumentException(
          "frames 0x%x to 0x%x are not RAM of this machine, or not in one span"
              .formatted(frame, frame + count - 1));
    }
  }

  private synchronized void supplyMissing(long from, long end) {
    checkOpen();
    for (long at = supplied.nextMissing(from, end); at < end; ) {
      long stop = Math.min(supplied.nextSupplied(at, end), at + PIECE);
      file.allocate(at << PAGE_SHIFT, (stop - at) << PAGE_SHIFT);
      supplied.add(at, stop);
      at = supplied.nextMissing(stop, end);
    }
  }

  /** Puts the file behind the window where RAM is; the holes between stay scratch memory. */
  private void showSpans() {
    HostMappings.PROCESS.add(mappings());
    for (int i = 0; i < spans.count(); i++) {
      long at = spans.start(i) << PAGE_SHIFT;
      long size = (spans.end(i) << PAGE_SHIFT) - at;
      long error = space.cover(at, size, file.descriptor(), at, 0);
      if (error < 0) {
        HostMappings.PROCESS.add(-mappings());
        throw new HostMemoryException(
            "the host refuses to map %s of RAM at 0x%x (%s): it has to have pages of 4 KiB and room for %d more mappings (vm.max_map_count)"
                .formatted(Sizes.text(size), at, Libc.message(error), mappings()));
      }
    }
  }

  /** {@return the number of mappings that the window takes: the spans and the holes between} */
  private long mappings() {
    return 2L * spans.count() + 1;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the machine is switched off");
    }
  }
}
