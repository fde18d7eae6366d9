package kernel.backing;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.BackedSpans;
import java.util.function.LongPredicate;

/**
 * One engine's view of the heap's spans: it notes which pages the engine holds, so that each
 * address leads to the engine that answers for it, and lets no engine touch another's pages.
 *
 * <p>Safe for use by several threads, as far as the engine itself is.
 */
public final class OwnedSpans implements BackedSpans {
  private final HeapSpans spans;
  private final PageOwners owners;
  private volatile int owner;
  private volatile boolean revoked;

  /**
   * Opens a view.
   *
   * @param spans the spans
   * @param owners who holds which page
   * @param owner the number of the engine, 1 to {@link PageOwners#MOST}
   */
  public OwnedSpans(HeapSpans spans, PageOwners owners, int owner) {
    this.spans = spans;
    this.owners = owners;
    this.owner = owner;
  }

  /** {@return the memory at the addresses of the spans} */
  public Window window() {
    return spans.window();
  }

  /** {@return the number under which pages are held} */
  public int owner() {
    return owner;
  }

  /**
   * Takes over what another engine holds, and leaves it what this one held; when structures are
   * adopted in place.
   *
   * @param other the predecessor's view
   */
  public void exchange(OwnedSpans other) {
    int mine = owner;
    owner = other.owner;
    other.owner = mine;
  }

  /**
   * Takes over the pages with frames that another engine holds.
   *
   * @param other the predecessor's view; what it holds afterwards are addresses alone
   */
  public void absorb(OwnedSpans other) {
    other.forEachMapped((base, size, attributes) -> {
      owners.set(base, size, owner);
      return true;
    });
  }

  /** Ends the view: an engine that is out of service gets nothing more and changes nothing more. */
  public void revoke() {
    revoked = true;
  }

  @Override
  public int pageBytes() {
    return spans.pageBytes();
  }

  @Override
  public boolean zeroed() {
    return spans.zeroed();
  }

  @Override
  public long allocate(long bytes, long align) {
    requireServing();
    try {
      return held(spans.allocate(bytes, align), bytes);
    } catch (TierVacantException e) {
      return NONE; // an engine in the middle of a request knows what to do; its slot says why
    }
  }

  @Override
  public long reserve(long bytes, long align) {
    requireServing();
    try {
      return held(spans.reserve(bytes, align), bytes);
    } catch (TierVacantException e) {
      return NONE;
    }
  }

  private long held(long address, long bytes) {
    if (address != NONE) {
      owners.set(address, bytes, owner);
    }
    return address;
  }

  @Override
  public boolean extend(long end, long bytes) {
    requireServing();
    try {
      boolean done = spans.extend(end, bytes);
      if (done) {
        owners.set(end, bytes, owner);
      }
      return done;
    } catch (TierVacantException e) {
      return false;
    }
  }

  @Override
  public void release(long address, long bytes) {
    requireOwn(address, bytes);
    owners.set(address, bytes, PageOwners.NOBODY); // before anybody else can get them
    boolean done = false;
    try {
      spans.release(address, bytes);
      done = true;
    } finally {
      if (!done) {
        owners.set(address, bytes, owner);
      }
    }
  }

  @Override
  public void depopulate(long address, long bytes) {
    requireOwn(address, bytes);
    spans.depopulate(address, bytes);
  }

  @Override
  public boolean populate(long address, long bytes) {
    requireOwn(address, bytes);
    try {
      return spans.populate(address, bytes);
    } catch (TierVacantException e) {
      return false;
    }
  }

  private void requireServing() {
    if (revoked) {
      throw new MisuseException("this heap is out of service and gets no more spans");
    }
  }

  private void requireOwn(long address, long bytes) {
    requireServing();
    if (bytes > 0 && !owners.all(address, bytes, owner)) {
      throw new MisuseException(
          "0x%x + 0x%x: some of it is not held by this heap".formatted(address, bytes));
    }
  }

  /**
   * Shows what the engine holds, in rising order, neighbouring pages as one range.
   *
   * @param visitor receives base and size in bytes, and 0
   */
  public void forEach(RangeVisitor visitor) {
    show(this::holds, visitor);
  }

  /**
   * Shows what the engine holds and has frames, like {@link #forEach}: not what it has reserved or
   * given the frames of back.
   *
   * @param visitor receives base and size in bytes, and 0
   */
  public void forEachMapped(RangeVisitor visitor) {
    show(address -> holds(address) && spans.isMapped(address), visitor);
  }

  private void show(LongPredicate chosen, RangeVisitor visitor) {
    OwnedRuns runs = new OwnedRuns(chosen, pageBytes(), visitor);
    spans.forEachSegment(runs::segment);
    runs.end();
  }

  /** {@return the bytes that the engine holds} */
  public long bytes() {
    return owners.bytes(owner);
  }

  /**
   * Gives a range back on behalf of an engine that is out of service.
   *
   * @param address the first address, of pages that the engine holds
   * @param bytes the length
   */
  public void releaseFor(long address, long bytes) {
    owners.set(address, bytes, PageOwners.NOBODY);
    spans.release(address, bytes);
  }

  /** Gives everything back that the engine still holds. */
  public void releaseAll() {
    forEach((base, size, attributes) -> {
      releaseFor(base, size);
      return true;
    });
  }

  /** {@return whether the engine holds the page of an address} */
  public boolean holds(long address) {
    return owners.of(address) == owner;
  }
}
