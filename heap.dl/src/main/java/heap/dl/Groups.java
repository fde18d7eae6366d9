package heap.dl;

import hardware.api.Window;

/** Many blocks at once: allocated side by side and freed one by one, or freed together. */
final class Groups {
  private final DlSpace space;
  private final Window w;

  Groups(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /** Allocates blocks side by side; see {@link DlHeap#allocateAll}. */
  boolean allocate(long[] bytes, boolean zeroed, long[] blocks) {
    if (!zeroed) {
      return various(bytes, blocks);
    }
    return areEqual(bytes)
        ? equal(bytes.length == 0 ? 0 : bytes[0], blocks)
        : zeroed(bytes, blocks);
  }

  private static boolean areEqual(long[] bytes) {
    for (long each : bytes) {
      if (each != bytes[0]) {
        return false;
      }
    }
    return true;
  }

  private boolean zeroed(long[] bytes, long[] blocks) {
    boolean done = various(bytes, blocks);
    for (int i = 0; done && i < bytes.length; i++) {
      w.fill(blocks[i], bytes[i], (byte) 0);
    }
    return done;
  }

  /** Allocates equal, zeroed blocks side by side. */
  boolean equal(long bytes, long[] blocks) {
    long each = space.chunkSize(Math.min(bytes, Chunk.MOST_REQUEST));
    if (blocks.length == 0 || each > Chunk.MOST_REQUEST / blocks.length) {
      return blocks.length == 0;
    }
    long chunk = allocate(each * blocks.length);
    if (chunk == 0) {
      return false;
    }
    w.fill(chunk + Chunk.MEM, Chunk.size(w, chunk) - space.overhead(), (byte) 0);
    for (int i = 0; i < blocks.length; i++) {
      chunk = cut(chunk, each, i, blocks);
    }
    return true;
  }

  /** Allocates blocks of several sizes side by side. */
  boolean various(long[] bytes, long[] blocks) {
    long sum = 0;
    for (long each : bytes) {
      sum += space.chunkSize(Math.min(each, Chunk.MOST_REQUEST));
      if (sum > Chunk.MOST_REQUEST) {
        return false;
      }
    }
    long chunk = bytes.length == 0 ? 0 : allocate(sum);
    if (chunk == 0) {
      return bytes.length == 0;
    }
    for (int i = 0; i < bytes.length; i++) {
      chunk = cut(chunk, space.chunkSize(bytes[i]), i, blocks);
    }
    return true;
  }

  /** One chunk for all, never with a span of its own, since parts of that could not be freed. */
  private long allocate(long size) {
    boolean directly = space.growth.directly;
    space.growth.directly = false;
    try {
      long mem = space.allocate(size - space.overhead());
      return mem == 0 ? 0 : mem - Chunk.MEM;
    } finally {
      space.growth.directly = directly;
    }
  }

  /** Cuts a chunk in use from the bottom of another; the last takes what is left over. */
  private long cut(long chunk, long size, int i, long[] blocks) {
    long whole = Chunk.size(w, chunk);
    blocks[i] = chunk + Chunk.MEM;
    if (i == blocks.length - 1) {
      return 0;
    }
    space.use(chunk, size);
    space.use(chunk + size, whole - size);
    return chunk + size;
  }

  /**
   * Frees many blocks, those that are neighbours in the array and in memory as one; see {@link
   * heap.api.HeapEngine#freeBulk}.
   */
  void free(long[] blocks, int from, int count) {
    int fence = from + count;
    for (int i = from; i < fence; i++) {
      if (blocks[i] != 0) {
        long mem = blocks[i];
        long head = space.freeing.liveHead(mem);
        if ((head & Chunk.KIND) == 0) {
          space.trim.freeDirect(mem - Chunk.MEM);
        } else if (!joinsNext(mem, head, blocks, i + 1, fence)) {
          space.freeing.dispose(mem - Chunk.MEM, head & ~Chunk.FLAGS);
        }
        blocks[i] = 0;
      }
    }
    if (space.topSize > space.trimCheck) {
      space.trim.trimAfterFree();
    }
  }

  private boolean joinsNext(long mem, long head, long[] blocks, int i, int fence) {
    long size = head & ~Chunk.FLAGS;
    if (i == fence || blocks[i] != mem + size) {
      return false;
    }
    long nextHead = space.freeing.liveHead(mem + size);
    Chunk.head(w, mem - Chunk.MEM + size, 0); // no chunk begins here any more
    space.reuse(mem - Chunk.MEM, size + (nextHead & ~Chunk.FLAGS));
    blocks[i] = mem;
    return true;
  }
}
