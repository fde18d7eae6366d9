package heap.dl;

import allocator.api.AllocatorException;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import hardware.api.Window;

/** What can be wrong with an address or a chunk, as typed errors that name both. */
final class Faults {
  private Faults() {}

  /** A link of a free chunk that is not answered by its neighbour. */
  static CorruptionException link(long chunk, String name, long value, String where) {
    return new CorruptionException(
        "free chunk 0x%x of %s: %s=0x%x does not point back at it"
            .formatted(chunk, where, name, value));
  }

  /** A free chunk whose links are damaged; looks up which. */
  static CorruptionException unlinkable(Window w, long chunk, long size) {
    String where =
        SmallBins.holds(size)
            ? "small bin " + SmallBins.index(size)
            : "tree bin " + TreeBins.index(size);
    return new CorruptionException(
        ("free chunk 0x%x of %d bytes in %s: links fd=0x%x bk=0x%x are not"
                + " answered by its neighbours")
            .formatted(
                chunk, size, where, w.getLong(chunk + Chunk.FD), w.getLong(chunk + Chunk.BK)));
  }

  /** A chunk in use whose P bit is clear, above what is no free chunk of the size in its foot. */
  static CorruptionException below(Window w, long chunk, long size) {
    return new CorruptionException(
        ("chunk 0x%x: its foot says that a free chunk of %d bytes lies below,"
                + " but the head at 0x%x is 0x%x")
            .formatted(chunk, size, chunk - size, Chunk.head(w, chunk - size)));
  }

  /** An address that is no live block, with the most likely reason. */
  static AllocatorException notLive(DlSpace space, long mem) {
    long chunk = mem - Chunk.MEM;
    if ((mem & (Chunk.ALIGN - 1)) != 0) {
      return misuse(mem, "not a multiple of " + Chunk.ALIGN);
    }
    Segments segments = space.segments;
    if (segments.extent == 0) {
      return misuse(mem, "the heap holds no memory yet");
    }
    if (segments.outside(chunk) || !space.covers(chunk)) {
      return misuse(
          mem,
          "outside of the heap, whose memory lies within 0x%x to 0x%x"
              .formatted(segments.least, segments.least + segments.extent));
    }
    long head = Chunk.head(space.window, chunk);
    if (head == Chunk.FENCE) {
      return misuse(mem, "the fence at the end of a segment");
    }
    if ((head & Chunk.KIND) != Chunk.CINUSE) {
      return misuse(
          mem, "not in use (head 0x%x): freed before, or inside of a block".formatted(head));
    }
    return badSize(space, mem, chunk, head);
  }

  private static AllocatorException badSize(DlSpace space, long mem, long chunk, long head) {
    long size = head & ~Chunk.FLAGS;
    long next = chunk + size;
    if (size < Chunk.LEAST || space.segments.holding(next) != space.segments.holding(chunk)) {
      return new CorruptionException(
          ("chunk 0x%x: head 0x%x says %d bytes, which do not fit in its segment;"
                  + " overwritten, or 0x%x is inside of a block")
              .formatted(chunk, head, size, mem));
    }
    long above = Chunk.head(space.window, next);
    if ((above & Chunk.PINUSE) == 0) {
      return misuse(
          mem,
          ("its head 0x%x says in use, the head above at 0x%x (0x%x) says free:"
                  + " freed before, inside of a block, or overwritten")
              .formatted(head, next, above));
    }
    return new CorruptionException(
        ("chunk 0x%x of %d bytes: footer 0x%x at 0x%x is not this heap's;"
                + " written beyond its end, or a block of another heap")
            .formatted(chunk, size, space.window.getLong(next), next));
  }

  private static MisuseException misuse(long mem, String why) {
    return new MisuseException("0x%x is no live block: %s".formatted(mem, why));
  }

  static MisuseException tooLong(long mem, long bytes, long usable) {
    return new MisuseException(
        "block 0x%x is freed as one of %d bytes, but it has only %d".formatted(mem, bytes, usable));
  }
}
