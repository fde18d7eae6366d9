package physmem.llfree;

import allocator.api.AllocatorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The persistent part of the metadata: the lower level, behind a header that says for which frames
 * it is and whether its last owner ended in order. Lies in a file that is mapped, so that it
 * outlives the process, or in any other memory.
 *
 * <p>The upper level is not here: it is made anew from the lower one, as in the original.
 */
final class Store {
  private static final long MAGIC = 0x4C4C_4672_6565_0001L; // "LLFree", layout 1
  private static final long HEADER = 4096;
  private static final long SLOTS = 8;
  private static final long MAP = 16;
  private static final long OPEN = 24;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final MemorySegment all;
  private final MemorySegment words;
  private final MemorySegment children;

  /**
   * Makes the view.
   *
   * @param all memory of {@link #bytes}, aligned to 8
   * @param map the frames
   */
  Store(MemorySegment all, RamMap map) {
    long[] sizes = Memory.sizes(map, 0);
    this.all = all;
    this.words = all.asSlice(HEADER, sizes[0]);
    this.children = all.asSlice(HEADER + sizes[0], sizes[1]);
  }

  static long bytes(RamMap map) {
    long[] sizes = Memory.sizes(map, 0);
    return HEADER + sizes[0] + Layout.roundUp(sizes[1], Long.BYTES);
  }

  /**
   * Maps a file, which is made if there is none.
   *
   * @throws UncheckedIOException if that does not work
   */
  static Store map(Path file, RamMap map) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // unmapped when nobody can reach it any more: reports may still read after the end
      return new Store(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes(map), Arena.ofAuto()), map);
    } catch (IOException e) {
      throw new UncheckedIOException("store " + file + " of frame metadata", e);
    }
  }

  MemorySegment words() {
    return words;
  }

  MemorySegment children() {
    return children;
  }

  /** Makes all frames free, whatever there was. */
  void clear() {
    all.set(LONG, 0, 0);
    words.fill((byte) 0);
    children.fill((byte) 0);
  }

  /** Says from now on that the allocator was not closed in order, until {@link #close}. */
  void open(RamMap map) {
    all.set(LONG, SLOTS, map.slots());
    all.set(LONG, MAP, map.signature());
    all.set(LONG, OPEN, 1);
    all.set(LONG, 0, MAGIC);
  }

  /** Says that the allocator ended in order. */
  void close() {
    all.set(LONG, OPEN, 0);
    if (all.isMapped()) {
      all.force();
    }
  }

  /** {@return whether the last owner did not end in order} */
  boolean isCrashed() {
    return all.get(LONG, OPEN) != 0;
  }

  /**
   * Finds out whether there is metadata of these frames.
   *
   * @throws AllocatorException if not
   */
  void check(RamMap map) {
    if (all.get(LONG, 0) != MAGIC) {
      throw new AllocatorException(
          "the store has no metadata of physmem.llfree; open it with init=free first");
    }
    if (all.get(LONG, SLOTS) != map.slots() || all.get(LONG, MAP) != map.signature()) {
      throw new AllocatorException(
          "the store is of a machine with %d slots and map %x, this one has %d and %x"
              .formatted(all.get(LONG, SLOTS), all.get(LONG, MAP), map.slots(), map.signature()));
    }
  }
}
