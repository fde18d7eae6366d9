package heap.dl;

import hardware.api.Window;
import heap.api.HeapContext;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whose each page of the window is, of several spaces, a byte per page; and how much they hold
 * together, within a limit. A page's byte is written before the first block in it is handed out,
 * and read by who was given that block; who invents an address may read anything, and the space
 * that it is sent to refuses it. Safe for use by several threads; no lock.
 */
final class SpaceOwners {
  /** The answer for a page that is no space's. */
  static final int NOBODY = -1;

  private final HeapContext context;
  private final MemorySegment owners; // the space's number plus 1, per page
  private final Window window;
  private final int pageShift;
  private final AtomicLong promised = new AtomicLong(); // held, and imports under way
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private volatile long limit;

  SpaceOwners(HeapContext context, long limit) {
    this.context = context;
    this.window = context.window();
    this.pageShift = Integer.numberOfTrailingZeros(context.spans().pageBytes());
    this.limit = limit;
    this.owners = context.reserveMetadata(Math.max(1, window.size() >>> pageShift));
  }

  /** {@return the space that an address's page is of, or {@link #NOBODY}} */
  int of(long address) {
    long offset = address - window.base();
    return Long.compareUnsigned(offset, window.size()) < 0
        ? owners.get(ValueLayout.JAVA_BYTE, offset >>> pageShift) - 1
        : NOBODY;
  }

  void own(long address, long bytes, int space) {
    long first = (address - window.base()) >>> pageShift;
    owners.asSlice(first, bytes >>> pageShift).fill((byte) (space + 1));
  }

  void disown(long address, long bytes) {
    own(address, bytes, NOBODY);
  }

  // ------------------------------------------------------------------------------------- account

  /** {@return true, with the bytes promised, if the limit allows them} */
  boolean promise(long bytes) {
    long now = promised.get();
    while (bytes <= limit - now) {
      if (promised.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = promised.get();
    }
    return false;
  }

  /** Ends a promise: what was got is a space's, else nothing is. */
  void settle(boolean got, long address, long bytes, int space) {
    if (got) {
      own(address, bytes, space);
      peak.accumulateAndGet(held.addAndGet(bytes), Math::max);
    } else {
      promised.addAndGet(-bytes);
    }
  }

  void released(long bytes) {
    held.addAndGet(-bytes);
    promised.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }

  long peak() {
    return peak.get();
  }

  long limit() {
    return limit;
  }

  void limit(long bytes) {
    limit = bytes;
  }

  void close() {
    context.releaseMetadata(owners);
  }
}
