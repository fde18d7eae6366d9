package heap.dl;

import allocator.api.Explanation;
import hardware.api.Window;
import heap.api.HeapRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Says how a request would be served: the search of {@link DlSpace} once more, reading only and
 * with words. For one request; for one thread while no call is under way.
 */
final class Explain {
  private static final int MOST_CANDIDATES = 12; // of a tree, in words; the search is not cut short

  private final DlSpace space;
  private final Window w;
  private final List<String> steps = new ArrayList<>();
  private OptionalLong place = OptionalLong.empty();

  private Explain(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /** {@return how a request would be served} */
  static Explanation of(DlSpace space, HeapRequest request) {
    Explain explain = new Explain(space);
    switch (request.kind()) {
      case ALLOCATE, ZEROED -> explain.allocate(request.bytes());
      case ALIGNED -> explain.aligned(request.align(), request.bytes());
      case RESIZE -> explain.resize(request.address(), request.bytes());
      case FREE -> explain.free(request.address());
    }
    return new Explanation(explain.steps, explain.place);
  }

  private void say(String step, Object... values) {
    steps.add(step.formatted(values));
  }

  private void taken(long chunk) {
    place = OptionalLong.of(chunk + Chunk.MEM);
  }

  // ------------------------------------------------------------------------------------- allocate

  private void allocate(long bytes) {
    if (bytes > Chunk.MOST_REQUEST) {
      say("%d bytes are more than a chunk can have: refused", bytes);
      return;
    }
    long size = space.chunkSize(bytes);
    say(
        "%d bytes need a chunk of %d: %d of overhead, a multiple of %d, at least %d",
        bytes, size, space.overhead(), Chunk.ALIGN, Chunk.LEAST);
    boolean found = SmallBins.holds(size) ? small(size) : large(size);
    if (!found) {
      victimOrTop(size);
    }
  }

  private boolean small(long size) {
    int index = (int) (size >>> SmallBins.SHIFT);
    int lists = space.small.map >>> index;
    if ((lists & 3) != 0) {
      int taken = index + (~lists & 1);
      say(
          "small bin %d holds %d chunks of %d: the one freed last, 0x%x, is taken whole",
          taken, length(taken), SmallBins.size(taken), space.small.first(taken));
      taken(space.small.first(taken));
      return true;
    }
    say("small bin %d (%d bytes) and the one above it are empty", index, SmallBins.size(index));
    return size > space.victimSize && (nextSmall(index, lists, size) || smallest(size));
  }

  private boolean nextSmall(int index, int lists, long size) {
    sayVictimTooSmall(size);
    if (lists == 0) {
      say("no larger small bin holds anything");
      return false;
    }
    int taken = index + Integer.numberOfTrailingZeros(lists);
    long chunk = space.small.first(taken);
    say(
        "small bin %d is the next that holds something: the chunk of %d freed last, 0x%x, is cut",
        taken, SmallBins.size(taken), chunk);
    sayRest(chunk, SmallBins.size(taken), size, "becomes the designated victim");
    taken(chunk);
    return true;
  }

  private void sayVictimTooSmall(long size) {
    if (space.victimSize == 0) {
      say("there is no designated victim");
    } else {
      say(
          "the designated victim, 0x%x, has %d bytes: too small for %d",
          space.victim, space.victimSize, size);
    }
  }

  private void sayRest(long chunk, long whole, long size, String fate) {
    long rest = whole - size;
    if (rest < Chunk.LEAST) {
      say("%d bytes would be left over, which is no chunk: it is taken whole", rest);
    } else {
      say("the rest, %d bytes at 0x%x, %s", rest, chunk + size, fate);
    }
  }

  private int length(int bin) {
    int length = 0;
    for (long chunk = space.small.first(bin); chunk != 0; chunk = w.getLong(chunk + Chunk.FD)) {
      length++;
    }
    return length;
  }

  private boolean smallest(long size) {
    if (space.trees.map == 0) {
      say("no tree bin holds anything");
      return false;
    }
    long chunk = space.trees.smallest();
    long whole = Chunk.size(w, chunk);
    say(
        "tree bin %d is the lowest that holds something: its smallest chunk, 0x%x of %d bytes, is"
            + " cut",
        TreeBins.index(whole), chunk, whole);
    sayRest(chunk, whole, size, "becomes the designated victim");
    taken(chunk);
    return true;
  }

  // ---------------------------------------------------------------------------------------- large

  private boolean large(long size) {
    if (space.trees.map == 0) {
      say("no tree bin holds anything");
      return false;
    }
    candidates(size);
    long chunk = space.trees.bestFit(size);
    if (chunk == 0) {
      say("no chunk of the trees is large enough");
      return false;
    }
    long whole = Chunk.size(w, chunk);
    if (space.victimSize >= size && whole - size >= space.victimSize - size) {
      say(
          "best fit is 0x%x of %d bytes, but the designated victim of %d fits as well or better",
          chunk, whole, space.victimSize);
      return false;
    }
    say("best fit, the oldest of its size: 0x%x of %d bytes", chunk, whole);
    sayRest(chunk, whole, size, "goes to its bin");
    taken(chunk);
    return true;
  }

  // The nodes that the search passes in the bin of the size itself.
  private void candidates(long size) {
    int index = TreeBins.index(size);
    long node = space.trees.root(index);
    if (node == 0) {
      say("tree bin %d, where chunks of %d belong, is empty", index, size);
      return;
    }
    say(
        "tree bin %d (from %d bytes on) is searched by the bits of %d",
        index, TreeBins.least(index), size);
    int passed = 0;
    for (long key = size << TreeBins.shift(index); node != 0; key <<= 1) {
      long has = Chunk.size(w, node);
      if (passed < MOST_CANDIDATES) {
        say("  0x%x of %d bytes: %s", node, has, verdict(has - size));
      }
      passed++;
      if (has == size) {
        break;
      }
      node = w.getLong(node + Chunk.CHILD + ((key >>> 63) << 3));
    }
    if (passed > MOST_CANDIDATES) {
      say("  and %d further down", passed - MOST_CANDIDATES);
    }
  }

  private static String verdict(long over) {
    if (over < 0) {
      return "too small by " + -over;
    }
    return over == 0 ? "fits exactly" : "would leave " + over;
  }

  // ------------------------------------------------------------------------ victim, top and below

  private void victimOrTop(long size) {
    if (size <= space.victimSize) {
      say("cut from the designated victim, 0x%x of %d bytes", space.victim, space.victimSize);
      sayRest(space.victim, space.victimSize, size, "stays the designated victim");
      taken(space.victim);
    } else if (size < space.topSize) {
      say("cut from the bottom of top, 0x%x of %d bytes", space.top, space.topSize);
      taken(space.top);
    } else {
      grow(size);
    }
  }

  private void grow(long size) {
    long threshold = space.settings.mmapThreshold();
    if (space.top == 0) {
      say("the heap is empty: memory is imported");
    } else {
      say("top has %d bytes, which is not more than %d: memory is imported", space.topSize, size);
    }
    if (size >= threshold && threshold != 0 && space.topSize != 0) {
      say("the chunk is not below the threshold of %d: it gets a span of its own", threshold);
    } else if (space.growth.contiguous) {
      say("growth in place is tried first, behind the newest segment; else a span anywhere");
    } else {
      say("growth in place was refused before: a span anywhere");
    }
  }

  // ---------------------------------------------------------------------------- aligned and resize

  private void aligned(long wanted, long bytes) {
    if (wanted <= Chunk.ALIGN) {
      say("every block is aligned to %d", Chunk.ALIGN);
      allocate(bytes);
      return;
    }
    long align = Math.max(wanted, Chunk.LEAST);
    if (bytes > Chunk.MOST_REQUEST - align) {
      say("%d bytes are more than a chunk can have: refused", bytes);
      return;
    }
    say("for an alignment of %d a larger block is cut, then what lies before and behind it", align);
    allocate(space.chunkSize(bytes) + align + Chunk.LEAST - space.overhead());
    place.ifPresent(mem -> lead(mem, align));
  }

  private void lead(long mem, long align) {
    if ((mem & (align - 1)) == 0) {
      say("0x%x is aligned as it is", mem);
      return;
    }
    long first = (mem + align - 1) & -align;
    long used = first - mem >= Chunk.LEAST ? first : first + align;
    say("%d bytes before 0x%x go back as a chunk", used - mem, used);
    place = OptionalLong.of(used);
  }

  private void resize(long mem, long bytes) {
    long head = space.freeing.liveHead(mem);
    long chunk = mem - Chunk.MEM;
    if ((head & Chunk.KIND) == 0) {
      say("the block has a span of its own, which is resized, or it moves");
      return;
    }
    long old = head & ~Chunk.FLAGS;
    if (bytes <= Chunk.MOST_REQUEST && fitsInPlace(chunk, old, space.chunkSize(bytes))) {
      place = OptionalLong.of(mem);
      return;
    }
    say("the block moves: a new one is allocated first, the old one freed afterwards");
    allocate(bytes);
  }

  private boolean fitsInPlace(long chunk, long old, long size) {
    if (old >= size) {
      say("the chunk has %d bytes, and %d are needed: it stays", old, size);
      return true;
    }
    long next = chunk + old;
    long room = roomAt(next);
    boolean enough = next == space.top ? old + room > size : old + room >= size && room > 0;
    say(
        "the chunk has %d bytes, and %d are needed; above it is %s: %s",
        old, size, nameOf(next, room), enough ? "it grows where it is" : "not enough");
    return enough;
  }

  private long roomAt(long next) {
    if (next == space.top) {
      return space.topSize;
    }
    if (next == space.victim) {
      return space.victimSize;
    }
    long head = Chunk.head(w, next);
    return (head & Chunk.CINUSE) == 0 ? head & ~Chunk.FLAGS : 0;
  }

  private String nameOf(long next, long room) {
    if (next == space.top) {
      return "top with " + room + " bytes";
    }
    if (next == space.victim) {
      return "the designated victim with " + room + " bytes";
    }
    return room == 0 ? "a chunk in use" : "a free chunk of " + room + " bytes";
  }

  private void free(long mem) {
    long head = space.freeing.liveHead(mem);
    long chunk = mem - Chunk.MEM;
    if ((head & Chunk.KIND) == 0) {
      say("the block has a span of its own, which goes back");
      return;
    }
    long size = head & ~Chunk.FLAGS;
    say("the chunk 0x%x of %d bytes becomes free", chunk, size);
    if ((head & Chunk.PINUSE) == 0) {
      say("below it lies a free chunk of %d bytes: they become one", w.getLong(chunk));
    }
    long room = roomAt(chunk + size);
    if (room > 0 || chunk + size == space.top) {
      say("above it is %s: they become one", nameOf(chunk + size, room));
    }
  }
}
