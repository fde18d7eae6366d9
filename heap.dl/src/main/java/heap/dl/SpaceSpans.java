package heap.dl;

import allocator.api.CorruptionException;
import heap.api.BackedSpans;

/**
 * What one of several spaces imports: the heap's spans, with a note of whose each page is and of
 * how much all hold together. Safe for use by several threads.
 */
final class SpaceSpans implements BackedSpans {
  private final BackedSpans spans;
  private final SpaceOwners owners;
  private final int space;

  SpaceSpans(BackedSpans spans, SpaceOwners owners, int space) {
    this.spans = spans;
    this.owners = owners;
    this.space = space;
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
    if (!owners.promise(bytes)) {
      return NONE;
    }
    long base = NONE;
    try {
      base = spans.allocate(bytes, align);
    } finally {
      owners.settle(base != NONE, base, bytes, space);
    }
    return base;
  }

  @Override
  public boolean extend(long end, long bytes) {
    if (!owners.promise(bytes)) {
      return false;
    }
    boolean got = false;
    try {
      got = spans.extend(end, bytes);
    } finally {
      owners.settle(got, end, bytes, space);
    }
    return got;
  }

  /* The pages are nobody's before another space can import them. */
  @Override
  public void release(long address, long bytes) {
    owners.disown(address, bytes);
    boolean done = false;
    try {
      spans.release(address, bytes);
      done = true;
    } finally {
      if (done) {
        owners.released(bytes);
      } else {
        owners.own(address, bytes, space);
      }
    }
  }

  @Override
  public void depopulate(long address, long bytes) {
    spans.depopulate(address, bytes);
  }

  @Override
  public boolean populate(long address, long bytes) {
    return spans.populate(address, bytes);
  }

  @Override
  public long reserve(long bytes, long align) {
    return spans.reserve(bytes, align);
  }

  /**
   * Compares the note with what the space says it holds.
   *
   * @return the number of pages
   */
  long check(long base, long bytes) {
    for (long at = base; at != base + bytes; at += pageBytes()) {
      if (owners.of(at) != space) {
        throw new CorruptionException(
            "heap.dl: the page at 0x%x is held by space %d, but noted as of space %d"
                .formatted(at, space, owners.of(at)));
      }
    }
    return bytes / pageBytes();
  }
}
