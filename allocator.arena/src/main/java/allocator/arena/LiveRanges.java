package allocator.arena;

import allocator.api.MisuseException;
import java.util.Optional;

/**
 * What can be asked of an arena's live ranges and done with them beyond freeing each as it was
 * allocated. The original has none of this: an arena of addresses does without, and a heap or an
 * allocator of page frames does not. Safe for use by several threads.
 */
public final class LiveRanges {
  private final LockedSegments home;
  private final Optional<QuantumCaches> caches;
  private final long quantum;

  LiveRanges(LockedSegments home, Optional<QuantumCaches> caches, long quantum) {
    this.home = home;
    this.caches = caches;
    this.quantum = quantum;
  }

  /**
   * {@return the size of the live range that begins at an integer, or 0 if there is none}
   *
   * @param base the integer
   */
  public long sizeAt(long base) {
    Segments segments = home.enter();
    try {
      int tag = live(segments, base);
      return tag == Tags.NONE ? 0 : segments.tags.size(tag);
    } finally {
      home.leave();
    }
  }

  /**
   * {@return the note of the live range that begins at an integer, or -1 if there is none}
   *
   * @param base the integer
   */
  public int noteAt(long base) {
    Segments segments = home.enter();
    try {
      int tag = live(segments, base);
      return tag == Tags.NONE ? -1 : segments.tags.note(tag);
    } finally {
      home.leave();
    }
  }

  private static int live(Segments segments, long base) {
    int tag = segments.live.find(base);
    return tag != Tags.NONE && segments.tags.type(tag) == Tags.LIVE ? tag : Tags.NONE;
  }

  /**
   * Frees a range whose size the caller does not know, into a quantum cache if there is one for it.
   *
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @throws MisuseException if no range is live there
   */
  public void free(int cpu, long base) {
    boolean cached = caches.isPresent() && caches.get().put(cpu, base);
    if (!cached) {
      home.free(base);
    }
  }

  /**
   * Changes the size of a live range where it is: the free segment behind it grows or shrinks.
   *
   * @param base the base of a live range
   * @param size the new size, at least 1
   * @param note the new note, 0 to {@link Arena#NOTE_MAX}
   * @return true if done; false if what is behind is not free or too small, with nothing changed
   * @throws MisuseException if no range is live there, or the size is 0
   */
  public boolean resize(long base, long size, int note) {
    Segments segments = home.enter();
    try {
      int tag = live(segments, base);
      if (tag == Tags.NONE || size == 0) {
        throw home.misuse("resize of", base, size, "finds no live range, or leaves none");
      }
      return home.populate()
          && segments.reshaping.canResize(tag, size)
          && resize(segments, tag, size, note);
    } finally {
      home.leave();
    }
  }

  private boolean resize(Segments segments, int tag, long size, int note) {
    Tags tags = segments.tags;
    long before = tags.size(tag);
    long base = tags.start(tag);
    if (!tags.claim(tag, base, before, Tags.LIVE, Tags.IDLE)) {
      throw home.misuse("resize of", base, size, "meets a free of the same range");
    }
    segments.reshaping.resize(tag, size, note);
    return true;
  }

  /**
   * {@return whether live ranges have all of a range, one after the other without a gap}
   *
   * @param base its first integer, a multiple of the quantum
   * @param size its length, a multiple of the quantum
   */
  public boolean cover(long base, long size) {
    Segments segments = home.enter();
    try {
      return isWhole(base, size) && segments.reshaping.liveOver(base, size) != Tags.NONE;
    } finally {
      home.leave();
    }
  }

  private boolean isWhole(long base, long size) {
    return size != 0
        && !Numbers.isOff(base | size, quantum)
        && !Numbers.below(base + size - 1, base);
  }

  /**
   * Frees a part of a live range, or parts and wholes of several that adjoin. A range that is cut
   * becomes two, and each counts as allocated; both keep its note.
   *
   * @param base the first integer to free, a multiple of the quantum
   * @param size how much, a multiple of the quantum
   * @throws MisuseException if not all of it is live; nothing is freed then
   */
  public void freePart(long base, long size) {
    Segments segments = home.enter();
    try {
      int first = isWhole(base, size) ? segments.reshaping.liveOver(base, size) : Tags.NONE;
      if (first == Tags.NONE) {
        throw home.misuse("a part", base, size, "is not all live: a double free or a foreign base");
      }
      if (!home.populate()) {
        throw home.misuse("a part", base, size, "finds no boundary tag: the limit is reached");
      }
      segments.reshaping.freePart(first, base, size);
    } finally {
      home.leave();
    }
  }
}
