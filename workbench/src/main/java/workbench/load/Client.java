package workbench.load;

import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.Heap;
import heap.api.HeapPort;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import trace.BlockPattern;

/**
 * One thread's calls to the heap. Each call is timed, its failure counted; each block is filled
 * with a pattern of its own when it is born, and compared whenever it is touched again.
 *
 * <p>Used by one thread.
 */
final class Client implements AutoCloseable {
  /** What can be asked of a heap, with what messages call it. */
  private enum Call {
    ALLOCATE("allocate", true),
    ZEROED("allocateZeroed", true),
    ALIGNED("allocateAligned", true),
    RESIZE("resize", true),
    FREE("free", false),
    FREE_SIZED("freeSized", false),
    USABLE_SIZE("usableSize", false);

    private final String label;
    private final boolean needsMemory;

    Call(String label, boolean needsMemory) {
      this.label = label;
      this.needsMemory = needsMemory;
    }
  }

  /** Between two exceptions of a heap that is broken: the messages are read, not their number. */
  private static final long PAUSE_NANOS = 1_000_000;

  /** Ids of different threads differ above this bit: 2^48 births take a thread years. */
  private static final int THREAD_SHIFT = 48;

  private final int thread;
  private final HeapPort port;
  private final Window window;
  private final Pace pace;
  private final Course course;
  private final Latencies latencies = new Latencies();
  private final Tally tally = new Tally();
  private long operation;
  private long births;
  private long now = System.nanoTime();
  private boolean metered = true;
  private boolean threw;
  private boolean vacant;

  Client(Heap heap, int thread, int cpu, Pace pace, Course course) {
    this.thread = thread;
    this.port = heap.open(cpu);
    this.window = heap.window();
    this.pace = pace;
    this.course = course;
  }

  Latencies latencies() {
    return latencies;
  }

  Tally tally() {
    return tally;
  }

  /** {@return when the last call returned, by {@link System#nanoTime}} */
  long now() {
    return now;
  }

  /** From here on calls count as operations. */
  void begin() {
    pace.begin();
    now = System.nanoTime();
  }

  /** From here on calls are neither paced nor counted as operations; failures are. */
  void endOperations() {
    metered = false;
  }

  /** Allocates a block as entry {@code index}. {@return whether there is one now} */
  boolean allocate(Blocks blocks, int index, long bytes) {
    return born(blocks, index, call(Call.ALLOCATE, 0, bytes, 0), bytes);
  }

  /** Allocates a block that has to read as zero. {@return whether there is one now} */
  boolean allocateZeroed(Blocks blocks, int index, long bytes) {
    long address = call(Call.ZEROED, 0, bytes, 0);
    if (address != 0 && isInside(address, bytes)) {
      long offset = BlockPattern.notZero(window, address, bytes);
      if (offset != BlockPattern.SAME) {
        damaged(Damage.Kind.NOT_ZERO, address, bytes, offset, 0, byteAt(address + offset));
      }
    }
    return born(blocks, index, address, bytes);
  }

  /** Allocates a block at a multiple of {@code align}. {@return whether there is one now} */
  boolean allocateAligned(Blocks blocks, int index, long align, long bytes) {
    long address = call(Call.ALIGNED, 0, bytes, align);
    if ((address & (align - 1)) != 0) {
      damaged(Damage.Kind.MISALIGNED, address, bytes, 0, align, 0);
    }
    return born(blocks, index, address, bytes);
  }

  /**
   * Resizes the block of entry {@code from}, which becomes entry {@code to}; the two may be one.
   * {@return whether it has the new size; if not, entry {@code from} is as it was}
   */
  boolean resize(Blocks blocks, int from, int to, long bytes) {
    long id = blocks.id(from);
    long old = blocks.bytes(from);
    boolean whole = inspect(blocks, from);
    long address = call(Call.RESIZE, blocks.address(from), bytes, 0);
    if (address == 0) {
      return false;
    }
    long kept = Math.min(old, bytes);
    if (whole && isInside(address, kept)) {
      compare(Damage.Kind.NOT_PRESERVED, address, kept, id);
    }
    tally.died(old);
    blocks.clear(from);
    return born(blocks, to, address, bytes);
  }

  /**
   * Frees the block of an entry, and clears it.
   *
   * <p>A block that the heap refuses to free is given up: whether it is still there, only the heap
   * knows. Not so if there was no provider to refuse.
   *
   * @param sized whether the size is told to the heap
   * @return false, with the entry as it was, if the tier was vacant
   */
  boolean free(Blocks blocks, int index, boolean sized) {
    inspect(blocks, index);
    long bytes = blocks.bytes(index);
    call(sized ? Call.FREE_SIZED : Call.FREE, blocks.address(index), bytes, 0);
    if (threw && vacant) {
      return false;
    }
    tally.died(bytes);
    blocks.clear(index);
    return true;
  }

  /** Looks at a block that lives on: its contents, and what the heap says of its size. */
  void look(Blocks blocks, int index) {
    long address = blocks.address(index);
    long bytes = blocks.bytes(index);
    long usable = call(Call.USABLE_SIZE, address, bytes, 0);
    if (!threw && usable < bytes) {
      damaged(Damage.Kind.TOO_SMALL, address, bytes, 0, 0, usable);
    }
    if (!inspect(blocks, index) && isInside(address, bytes)) {
      BlockPattern.fill(
          window, address, bytes, blocks.id(index)); // is counted once, not at each look
    }
  }

  /** Ends the port. */
  @Override
  public void close() {
    port.close();
  }

  /** Counts a failure that is none of a call. */
  void failed(String what) {
    tally.failure();
    course.findings().failure("thread " + thread + ", operation " + operation + ": " + what);
  }

  /** Makes a call. {@return its answer; 0 if it has none or threw an exception} */
  private long call(Call call, long address, long bytes, long align) {
    operation++;
    long begin = metered ? pace.next(course) : 0;
    long result = 0;
    Throwable thrown = null;
    try {
      result = make(call, address, bytes, align);
    } catch (RuntimeException | Error e) { // a bundle that is gone shows as a NoClassDefFoundError
      thrown = e;
    }
    if (metered) {
      meter(begin);
    }
    threw = thrown != null;
    vacant = thrown instanceof TierVacantException;
    if (threw || (result == 0 && call.needsMemory)) {
      fault(call, address, bytes, thrown);
    }
    return result;
  }

  private long make(Call call, long address, long bytes, long align) {
    return switch (call) {
      case ALLOCATE -> port.allocate(bytes);
      case ZEROED -> port.allocateZeroed(bytes);
      case ALIGNED -> port.allocateAligned(align, bytes);
      case RESIZE -> port.resize(address, bytes);
      case USABLE_SIZE -> port.usableSize(address);
      case FREE -> {
        port.free(address);
        yield 0;
      }
      case FREE_SIZED -> {
        port.freeSized(address, bytes);
        yield 0;
      }
    };
  }

  private void meter(long begin) {
    now = System.nanoTime();
    latencies.record(now - begin);
    tally.operation();
  }

  private void fault(Call call, long address, long bytes, @Nullable Throwable thrown) {
    tally.failure();
    if (course.findings().wantsFailures()) {
      course.findings().failure(text(call, address, bytes, thrown));
    }
    if (thrown != null && metered) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private String text(Call call, long address, long bytes, @Nullable Throwable thrown) {
    return String.format(
        Locale.ROOT,
        "thread %d, operation %d: %s of %s: %s",
        thread,
        operation,
        call.label,
        address == 0 ? bytes + " bytes" : "0x%x, %d bytes".formatted(address, bytes),
        thrown == null ? "no memory" : thrown);
  }

  /** Notes a block that was just born, and fills it. {@return whether one was} */
  private boolean born(Blocks blocks, int index, long address, long bytes) {
    if (address == 0) {
      blocks.clear(index);
      return false;
    }
    long id = ((long) thread << THREAD_SHIFT) + births;
    births++;
    tally.born(bytes);
    blocks.put(index, address, bytes, id);
    if (isInside(address, bytes)) {
      BlockPattern.fill(window, address, bytes, id);
    } else {
      damaged(Damage.Kind.OUTSIDE, address, bytes, 0, 0, 0);
    }
    return true;
  }

  /** Compares a block. {@return whether it can be compared and is what it was} */
  private boolean inspect(Blocks blocks, int index) {
    long address = blocks.address(index);
    long bytes = blocks.bytes(index);
    return isInside(address, bytes)
        && compare(Damage.Kind.CONTENT, address, bytes, blocks.id(index));
  }

  private boolean compare(Damage.Kind kind, long address, long bytes, long id) {
    long offset = BlockPattern.difference(window, address, bytes, id);
    if (offset == BlockPattern.SAME) {
      return true;
    }
    int expected = BlockPattern.byteAt(id, offset);
    damaged(kind, address, bytes, offset, expected, byteAt(address + offset));
    return false;
  }

  /** Addresses of the kernel half are negative as a {@code long}; offsets from the base are not. */
  private boolean isInside(long address, long bytes) {
    long offset = address - window.base();
    return offset >= 0 && offset <= window.size() && bytes <= window.size() - offset;
  }

  private int byteAt(long address) {
    return window.getByte(address) & 0xff;
  }

  private void damaged(
      Damage.Kind kind, long address, long bytes, long offset, long expected, long found) {
    tally.corruption();
    if (course.findings().wantsDamages()) {
      course
          .findings()
          .damage(new Damage(kind, thread, operation, address, bytes, offset, expected, found));
    }
  }
}
