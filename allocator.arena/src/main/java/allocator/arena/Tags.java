package allocator.arena;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The boundary tags of one arena: five longs each, in chunks of a primitive array, named by an
 * {@code int} handle. No Java object stands for a segment.
 *
 * <pre>
 *   word 0  start     first address
 *   word 1  end       address behind the last one, 0 for 2^64
 *   word 2  kin       63..32 previous of kin   31..0 next of kin
 *   word 3  ring      63..32 previous by address   31..0 next by address
 *   word 4  state     63..32 generation   31..9 note   8 imported   7..0 type
 * </pre>
 *
 * <p>Handle 0 is nobody. Chunks are added as tags are needed, never moved and never given back
 * before the arena ends, so growing costs the time to clear one chunk. The generation changes with
 * the type; whoever changes a type by compare-and-set, without the arena's lock, thereby notices
 * that the tag has become another segment's in the meantime.
 *
 * <p>Guarded by the arena's lock except where a method says otherwise.
 */
final class Tags {
  /** A tag that describes nothing. */
  static final int IDLE = 0;

  /** A free segment; its kin are the members of its free list. */
  static final int FREE = 1;

  /** A live segment; its kin is the next in its hash chain. */
  static final int LIVE = 2;

  /** A segment that a quantum cache holds: live to the arena, free to its clients. */
  static final int CACHED = 3;

  /** The marker before a span's segments; its kin are the other spans. */
  static final int SPAN = 4;

  /** The marker where the next next-fit search begins. */
  static final int ROTOR = 5;

  /** The tag that stands for nobody. */
  static final int NONE = 0;

  /** The marker that closes the ring of segments and the ring of spans. */
  static final int ANCHOR = 1;

  /** The rotor's tag. */
  static final int CURSOR = 2;

  /**
   * The most tags an operation can consume: two for a span that is imported, two for the remainders
   * on both sides of an allocation in its middle.
   */
  static final int WORST_CASE = 4;

  /** The largest note that a live segment carries for its client. */
  static final int NOTE_MAX = (1 << 23) - 1;

  private static final int FIXED = 3; // nobody, the anchor and the rotor
  private static final int WORDS = 5;
  private static final int START = 0;
  private static final int END = 1;
  private static final int KIN = 2;
  private static final int RING = 3;
  private static final int STATE = 4;
  private static final int CHUNK_SHIFT = 10; // 40 KiB a chunk: little for a small arena
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final long LOW = 0xffff_ffffL;
  private static final long TYPE = 0xff;
  private static final long IMPORTED = 0x100;
  private static final int NOTE_SHIFT = 9;
  private static final long GENERATION = 1L << 32;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long most;
  private long[][] chunks = {new long[WORDS << CHUNK_SHIFT]};
  private int chunkCount = 1;
  private int fresh = FIXED; // the first tag that was never used
  private int idle; // head of the list of tags that were given back
  private int spare = (1 << CHUNK_SHIFT) - FIXED; // given back or never used
  private int held; // promised to operations that dropped the lock

  /**
   * Makes the store with its anchor and rotor, in an empty ring.
   *
   * @param most how many tags there may be at once, the fixed ones not counted
   */
  Tags(long most) {
    this.most = most;
    setState(ANCHOR, SPAN);
    setState(CURSOR, ROTOR);
    setRing(ANCHOR, ANCHOR, ANCHOR);
    setKin(ANCHOR, ANCHOR, ANCHOR);
    insertAfter(ANCHOR, CURSOR);
  }

  /**
   * Makes sure that the worst operation finds its tags, so that it cannot fail half way.
   *
   * @return false if no more tags may be made, or the host has no memory for them
   */
  boolean reserve() {
    boolean enough = spare - held >= WORST_CASE || addChunk();
    return enough && used() + held + WORST_CASE <= most;
  }

  /** {@return whether so many tags may be made and there is memory for them, as there is then} */
  boolean reserve(long count) {
    if (used() + held + count > most) {
      return false;
    }
    boolean enough = true;
    while (enough && spare - held < count) {
      enough = addChunk();
    }
    return enough;
  }

  /** Promises the worst case to an operation that is about to drop the lock. */
  void hold() {
    held += WORST_CASE;
  }

  /** Redeems a promise, with the lock held again. */
  void unhold() {
    held -= WORST_CASE;
  }

  /** {@return the number of tags that describe a segment or span} */
  long used() {
    return ((long) chunkCount << CHUNK_SHIFT) - FIXED - spare;
  }

  /** {@return the number of tags promised to operations that dropped the lock} */
  int held() {
    return held;
  }

  /** {@return bytes of memory in tags, used or not} */
  long bytes() {
    return ((long) chunkCount << CHUNK_SHIFT) * WORDS * Long.BYTES;
  }

  /** {@return a tag for a new segment, linked into the ring behind another} */
  int create(int after, long start, long end, int type) {
    int tag = take();
    setStart(tag, start);
    setEnd(tag, end);
    setState(tag, type);
    insertAfter(after, tag);
    return tag;
  }

  /** Takes a tag out of the ring and keeps it for later use. */
  void destroy(int tag) {
    remove(tag);
    setState(tag, IDLE);
    setKin(tag, NONE, idle);
    idle = tag;
    spare++;
  }

  private int take() {
    spare--;
    if (idle == NONE) {
      return fresh++;
    }
    int tag = idle;
    idle = kinNext(tag);
    return tag;
  }

  private boolean addChunk() {
    if (used() >= most || chunkCount >= 1 << (Integer.SIZE - 2 - CHUNK_SHIFT)) {
      return false;
    }
    try {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunkCount);
      }
      chunks[chunkCount] = new long[WORDS << CHUNK_SHIFT];
    } catch (OutOfMemoryError e) {
      return false; // the caller answers as for any other exhaustion
    }
    chunkCount++;
    spare += 1 << CHUNK_SHIFT;
    return true;
  }

  // The ring of segments in address order.

  /** Links a tag into the ring behind another. */
  void insertAfter(int before, int tag) {
    int after = next(before);
    setRing(tag, before, after);
    setNext(before, tag);
    setPrevious(after, tag);
  }

  /** Takes a tag out of the ring. */
  void remove(int tag) {
    int before = previous(tag);
    int after = next(tag);
    setNext(before, after);
    setPrevious(after, before);
  }

  // The ring of spans, and the links of free lists and hash chains.

  /** Links a span marker into the ring of spans behind another. */
  void insertKinAfter(int before, int tag) {
    int after = kinNext(before);
    setKin(tag, before, after);
    setKinNext(before, tag);
    setKinPrevious(after, tag);
  }

  /** Takes a span marker out of the ring of spans. */
  void removeKin(int tag) {
    int before = kinPrevious(tag);
    int after = kinNext(tag);
    setKinNext(before, after);
    setKinPrevious(after, before);
  }

  // Words.

  /** {@return the first address} */
  long start(int tag) {
    return chunk(tag)[at(tag) + START];
  }

  /** {@return the address behind the last one, 0 for 2^64} */
  long end(int tag) {
    return chunk(tag)[at(tag) + END];
  }

  /** {@return the length in bytes} */
  long size(int tag) {
    long[] chunk = chunk(tag);
    int at = at(tag);
    return chunk[at + END] - chunk[at + START];
  }

  /** Moves the first address. */
  void setStart(int tag, long start) {
    chunk(tag)[at(tag) + START] = start;
  }

  /** Moves the end. */
  void setEnd(int tag, long end) {
    chunk(tag)[at(tag) + END] = end;
  }

  /** {@return the next tag in the ring} */
  int next(int tag) {
    return (int) chunk(tag)[at(tag) + RING];
  }

  /** {@return the tag before in the ring} */
  int previous(int tag) {
    return (int) (chunk(tag)[at(tag) + RING] >>> 32);
  }

  /** {@return the next in the free list, the hash chain or the ring of spans} */
  int kinNext(int tag) {
    return (int) chunk(tag)[at(tag) + KIN];
  }

  /** {@return the one before in the free list or the ring of spans} */
  int kinPrevious(int tag) {
    return (int) (chunk(tag)[at(tag) + KIN] >>> 32);
  }

  /** Sets both links of kin. */
  void setKin(int tag, int previous, int next) {
    chunk(tag)[at(tag) + KIN] = pack(previous, next);
  }

  /** Sets the next of kin. */
  void setKinNext(int tag, int next) {
    long[] chunk = chunk(tag);
    int at = at(tag) + KIN;
    chunk[at] = (chunk[at] & ~LOW) | next;
  }

  /** Sets the previous of kin. */
  void setKinPrevious(int tag, int previous) {
    long[] chunk = chunk(tag);
    int at = at(tag) + KIN;
    chunk[at] = (chunk[at] & LOW) | ((long) previous << 32);
  }

  private void setRing(int tag, int previous, int next) {
    chunk(tag)[at(tag) + RING] = pack(previous, next);
  }

  private void setNext(int tag, int next) {
    long[] chunk = chunk(tag);
    int at = at(tag) + RING;
    chunk[at] = (chunk[at] & ~LOW) | next;
  }

  private void setPrevious(int tag, int previous) {
    long[] chunk = chunk(tag);
    int at = at(tag) + RING;
    chunk[at] = (chunk[at] & LOW) | ((long) previous << 32);
  }

  // States.

  /** {@return the type of a tag: one of the constants of this class} */
  int type(int tag) {
    return (int) (chunk(tag)[at(tag) + STATE] & TYPE);
  }

  /** {@return whether a span marker's span came from a source} */
  boolean isImported(int tag) {
    return (chunk(tag)[at(tag) + STATE] & IMPORTED) != 0;
  }

  /** Notes that a span came from a source. */
  void setImported(int tag) {
    chunk(tag)[at(tag) + STATE] |= IMPORTED;
  }

  /**
   * Changes the type and the generation, and forgets note and import. What was written to the tag
   * before is visible to whoever sees the new type in {@link #claim}.
   */
  void setState(int tag, int type) {
    setState(tag, type, 0);
  }

  /** Does as {@link #setState(int, int)} and leaves a note, 0 to {@link #NOTE_MAX}. */
  void setState(int tag, int type, int note) {
    long[] chunk = chunk(tag);
    int at = at(tag) + STATE;
    long generation = (chunk[at] & -GENERATION) + GENERATION;
    WORD.setRelease(chunk, at, generation | ((long) note << NOTE_SHIFT) | type);
  }

  /** {@return the note on a live segment} */
  int note(int tag) {
    return (int) (chunk(tag)[at(tag) + STATE] & LOW) >>> NOTE_SHIFT;
  }

  /**
   * Changes the type of a segment that has a given start and end from one to another, or nothing.
   * Needs no lock: it sees one state of the tag or fails.
   *
   * @return whether it was such a segment and is now of the other type
   */
  boolean claim(int tag, long start, long size, int from, int to) {
    long[][] table = chunks;
    int row = tag >>> CHUNK_SHIFT;
    if (row >= table.length || table[row] == null) {
      return false; // the table of chunks that this thread sees is older than the tag
    }
    long[] chunk = table[row];
    int at = at(tag);
    long seen = (long) WORD.getVolatile(chunk, at + STATE);
    return (seen & TYPE) == from
        && chunk[at + START] == start
        && chunk[at + END] - chunk[at + START] == size
        && WORD.compareAndSet(chunk, at + STATE, seen, (seen & ~TYPE) | to);
  }

  /** {@return the next of kin, read without the lock; nobody if the tag is not to be seen yet} */
  int peekKinNext(int tag) {
    long[][] table = chunks;
    int row = tag >>> CHUNK_SHIFT;
    return row < table.length && table[row] != null ? (int) table[row][at(tag) + KIN] : NONE;
  }

  /** {@return the start, read without the lock; 0 if the tag is not to be seen yet} */
  long peekStart(int tag) {
    long[][] table = chunks;
    int row = tag >>> CHUNK_SHIFT;
    return row < table.length && table[row] != null ? table[row][at(tag) + START] : 0;
  }

  /** {@return a size, read without the lock, to be verified by {@link #claim}} */
  long peekSize(int tag) {
    long[][] table = chunks;
    int row = tag >>> CHUNK_SHIFT;
    return row < table.length && table[row] != null ? size(tag) : 0;
  }

  private long[] chunk(int tag) {
    return chunks[tag >>> CHUNK_SHIFT];
  }

  private static int at(int tag) {
    return (tag & CHUNK_MASK) * WORDS;
  }

  private static long pack(int previous, int next) {
    return ((long) previous << 32) | next;
  }
}
