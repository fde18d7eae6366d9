package trace;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import trace.table.LongIntMap;

/**
 * What readers of logs have in common in which blocks are known by their addresses, and threads by
 * numbers of the operating system: fresh dense ids for blocks, dense indices for threads, and
 * patience with logs that begin in the middle of a program's life or lost some lines.
 *
 * <p>One call of the program adds {@value #MOST_EVENTS} events at most: a switch of threads, the
 * free of a block whose own free the log lacks, and what the call does.
 */
abstract sealed class AddressReader extends TraceReader
    permits HeaptrackReader, LtraceReader, FtraceReader {
  static final int MOST_EVENTS = 3;

  final Clock clock = new Clock();
  private final LongIntMap threads = new LongIntMap();
  private final Map<String, Long> odd = new TreeMap<>();
  private int thread;
  private long nextId;
  private long foreign;
  private long missed;
  private long ignored;

  AddressReader(TraceFormat format, LineSource lines) {
    super(format, lines);
  }

  @Override
  public final long foreignFrees() {
    return foreign;
  }

  @Override
  public final long missedFrees() {
    return missed;
  }

  @Override
  public final long ignoredCalls() {
    return ignored;
  }

  @Override
  public Map<String, Long> oddities() {
    Map<String, Long> all = super.oddities();
    all.putAll(odd);
    return all;
  }

  @Override
  public final Optional<Duration> span() {
    return clock.span();
  }

  @Override
  final void fill(EventBatch batch) throws TraceException {
    while (batch.length + MOST_EVENTS <= EventBatch.CAPACITY && lines.next()) {
      line(batch);
    }
  }

  /** Adds what the current line means. */
  abstract void line(EventBatch batch) throws TraceException;

  final void odd(String what) {
    odd.merge(what, 1L, Long::sum);
  }

  /** Counts a call that failed, or that did nothing. */
  final void ignore() {
    ignored++;
  }

  final void foreign() {
    foreign++;
  }

  /** Makes the thread of this number the one that the following events are made by. */
  final void thread(long number, EventBatch batch) throws TraceException {
    int known = threads.get(number);
    int index = known < 0 ? threads.size() : known;
    if (index >= QuarryReader.THREAD_LIMIT) {
      throw lines.fail("more than " + index + " threads", "is this a log of one program?");
    }
    if (known < 0) {
      threads.add(number, index);
    }
    if (index != thread) {
      thread = index;
      batch.add(EventBatch.THREAD, EventBatch.NO_SLOT, -1, 0, thread);
    }
  }

  final void allocate(long address, long bytes, EventBatch batch) {
    long id = nextId;
    batch.add(EventBatch.ALLOCATE, birth(address, batch), id, bytes, thread);
  }

  final void zeroed(long address, long count, long bytes, EventBatch batch) throws TraceException {
    if (Math.multiplyHigh(count, bytes) != 0 || count * bytes < 0) {
      throw lines.fail("the product of count and size is too large", LineSource.FORMAT_REMEDY);
    }
    long id = nextId;
    int slot = birth(address, batch);
    batch.add(EventBatch.ZEROED, slot, EventBatch.NO_SLOT, id, bytes, count, thread);
  }

  final void aligned(long address, long alignment, long bytes, EventBatch batch)
      throws TraceException {
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw lines.fail("alignment " + alignment + " is no power of two", LineSource.FORMAT_REMEDY);
    }
    long id = nextId;
    int slot = birth(address, batch);
    batch.add(EventBatch.ALIGNED, slot, EventBatch.NO_SLOT, id, bytes, alignment, thread);
  }

  final void free(long address, EventBatch batch) {
    int dying = blocks.death(address);
    if (dying < 0) {
      foreign++;
    } else {
      batch.add(EventBatch.FREE, dying, blocks.id(dying), 0, thread);
    }
  }

  final void resize(long old, long address, long bytes, EventBatch batch) {
    int dying = blocks.death(old);
    if (dying < 0) {
      foreign++;
      allocate(address, bytes, batch);
      return;
    }
    long oldId = blocks.id(dying);
    long id = nextId;
    int slot = birth(address, batch);
    batch.add(EventBatch.RESIZE, slot, dying, id, bytes, oldId, thread);
  }

  /** Gives the block at this address its slot and id, after the free that the log may lack. */
  private int birth(long address, EventBatch batch) {
    int stale = blocks.death(address);
    if (stale >= 0) {
      missed++;
      batch.add(EventBatch.FREE, stale, blocks.id(stale), 0, thread);
    }
    int slot = blocks.birth(address, nextId);
    nextId++;
    return slot;
  }
}
