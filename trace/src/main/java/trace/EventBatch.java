package trace;

/**
 * Up to {@value #CAPACITY} consecutive events of a trace in primitive arrays, one element of each
 * array per event. The ids of the blocks have been renamed to <em>slots</em>: dense numbers that
 * are used again after a block's death, so that an array indexed by slot is as large as the trace's
 * largest live set.
 *
 * <table class="striped">
 * <caption>What the columns hold</caption>
 * <tr><th>operation</th><th>slot</th><th>id</th><th>size</th><th>extra</th><th>old slot</th></tr>
 * <tr><td>{@link #ALLOCATE}</td><td>of the block born</td><td>its id</td><td>bytes</td><td>0</td>
 * <td>-1</td></tr>
 * <tr><td>{@link #ZEROED}</td><td>of the block born</td><td>its id</td><td>bytes of one element</td>
 * <td>number of elements</td><td>-1</td></tr>
 * <tr><td>{@link #ALIGNED}</td><td>of the block born</td><td>its id</td><td>bytes</td><td>alignment,
 * a power of two</td><td>-1</td></tr>
 * <tr><td>{@link #RESIZE}</td><td>of the block born</td><td>its id</td><td>bytes</td><td>id of the
 * block that dies</td><td>of the block that dies; may equal the slot of the one born</td></tr>
 * <tr><td>{@link #FREE}</td><td>of the block that dies</td><td>its id</td><td>0</td><td>0</td><td>
 * -1</td></tr>
 * <tr><td>{@link #THREAD}</td><td>-1</td><td>-1</td><td>0</td><td>0</td><td>-1</td></tr>
 * </table>
 *
 * <p>Sizes are in 0 to 2^63 - 1 bytes, and so is the product of a zeroed block's count and size. An
 * index outside 0 to {@code length() - 1} is an {@link IndexOutOfBoundsException} or a stale event.
 */
public final class EventBatch {
  /**
   * Events that fit. Reading and parsing between two batches evict the heap's metadata from the
   * caches, which the next batch has to load again in timed code: with 8192 events that is a third
   * of the time of a long trace. The columns, 11 MiB, are read in order, so they may be larger than
   * a cache.
   */
  public static final int CAPACITY = 1 << 18;

  /** Operation: a block of {@code size} bytes is born. */
  public static final byte ALLOCATE = 0;

  /** Operation: a block of {@code extra * size} bytes, all zero, is born. */
  public static final byte ZEROED = 1;

  /** Operation: a block of {@code size} bytes at a multiple of {@code extra} is born. */
  public static final byte ALIGNED = 2;

  /** Operation: one block dies and another is born with its first bytes. */
  public static final byte RESIZE = 3;

  /** Operation: a block dies. */
  public static final byte FREE = 4;

  /** Not an operation: the events from here on are made by the thread in column {@code thread}. */
  public static final byte THREAD = 5;

  static final int NO_SLOT = -1;

  /** A line of mtrace may yield two events, so that the last one of a batch may be one too many. */
  static final int SPARE = 1;

  final byte[] operation;
  final int[] slot;
  final int[] oldSlot;
  final int[] thread;
  final long[] size;
  final long[] extra;
  final long[] id;
  int length;
  private long first;
  private int slots;

  /** Creates an empty batch. */
  public EventBatch() {
    this(CAPACITY);
  }

  /**
   * Creates an empty batch that is full sooner, so that whoever reads knows where in the file an
   * event is.
   *
   * @param capacity events that fit, 1 to {@value #CAPACITY}
   */
  public EventBatch(int capacity) {
    if (capacity < 1 || capacity > CAPACITY) {
      throw new IllegalArgumentException(
          "a batch of " + capacity + " events; 1 to " + CAPACITY + " fit");
    }
    operation = new byte[capacity + SPARE];
    slot = new int[capacity + SPARE];
    oldSlot = new int[capacity + SPARE];
    thread = new int[capacity + SPARE];
    size = new long[capacity + SPARE];
    extra = new long[capacity + SPARE];
    id = new long[capacity + SPARE];
  }

  /** Returns the number of events held. */
  public int length() {
    return length;
  }

  /** Returns the number, from 0 at the beginning of the trace, of the first event held. */
  public long first() {
    return first;
  }

  /** Returns a bound that every slot of the trace up to the end of this batch is below. */
  public int slots() {
    return slots;
  }

  /** Returns which of the operations event {@code i} is. */
  public byte operation(int i) {
    return operation[i];
  }

  /** Returns the slot of the block that event {@code i} gives birth to or frees. */
  public int slot(int i) {
    return slot[i];
  }

  /** Returns the slot of the block that dies by resize {@code i}, otherwise -1. */
  public int oldSlot(int i) {
    return oldSlot[i];
  }

  /** Returns the index of the thread that makes event {@code i}, from 0. */
  public int thread(int i) {
    return thread[i];
  }

  /** Returns the size column of event {@code i}, in bytes. */
  public long size(int i) {
    return size[i];
  }

  /** Returns the element count, alignment in bytes, or old id of event {@code i}, by operation. */
  public long extra(int i) {
    return extra[i];
  }

  /** Returns the id of the block that event {@code i} gives birth to or frees. */
  public long id(int i) {
    return id[i];
  }

  /** Returns the bytes that the block born by event {@code i} was asked to have; 0 if none is. */
  public long bytes(int i) {
    return operation[i] == ZEROED ? extra[i] * size[i] : size[i];
  }

  /** Returns whether event {@code i} gives birth to a block. */
  public boolean isBirth(int i) {
    return operation[i] <= RESIZE;
  }

  boolean isFull() {
    return length >= operation.length - SPARE;
  }

  void begin(long firstEvent) {
    first = firstEvent;
    length = 0;
  }

  void end(int slotLimit) {
    slots = slotLimit;
  }

  void add(int code, int newSlot, long blockId, long bytes, int onThread) {
    add(code, newSlot, NO_SLOT, blockId, bytes, 0, onThread);
  }

  void add(int code, int newSlot, int dying, long blockId, long bytes, long more, int onThread) {
    int i = length;
    operation[i] = (byte) code;
    slot[i] = newSlot;
    oldSlot[i] = dying;
    id[i] = blockId;
    size[i] = bytes;
    extra[i] = more;
    thread[i] = onThread;
    length = i + 1;
  }
}
