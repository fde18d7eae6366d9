package trace;

/**
 * Reads the log that the GNU C library writes under {@code mtrace(3)}, as its {@code
 * malloc/mtrace-impl.c} of 2025 prints it: {@code = Start}, then per call {@code @ CALLER OP} with
 * OP one of {@code + PTR SIZE} (a block is born), {@code - PTR} (one dies), {@code < OLD} followed
 * on the next line by {@code > NEW SIZE} (a resize), {@code ! PTR SIZE} (a resize that failed), at
 * last {@code = End}, which is missing when the program never called {@code muntrace}.
 *
 * <p>Blocks are known by address there; each birth gets a fresh dense id here. The log does not
 * tell threads, and not zeroed or aligned from plain allocations. It begins in the middle of the
 * program's life, so a free of an address whose birth it does not hold is normal: it is counted and
 * left out.
 */
final class MtraceReader extends TraceReader {
  private static final String NULL = "(nil)";

  private long nextId;
  private long foreign;
  private long missed;
  private long ignored;

  /** Address of a resize whose second line is due, or 0. */
  private long resizing;

  MtraceReader(LineSource lines) {
    super(TraceFormat.MTRACE, lines);
  }

  @Override
  public long foreignFrees() {
    return foreign;
  }

  @Override
  public long missedFrees() {
    return missed;
  }

  @Override
  public long ignoredCalls() {
    return ignored;
  }

  @Override
  void fill(EventBatch batch) throws TraceException {
    // One line adds two events at most: a missed free and a birth.
    while (!batch.isFull() && lines.next()) {
      if (lines.peek() == '@') {
        skipCaller();
      }
      int operation = lines.peek();
      if (resizing != 0 && operation != '>') {
        throw lines.fail("the second line of a resize is due here", LineSource.FORMAT_REMEDY);
      }
      lines.take(operation);
      event(operation, batch);
    }
  }

  private void skipCaller() throws TraceException {
    if (!lines.skipPast(']')) {
      throw lines.fail("the caller does not end in ]", LineSource.FORMAT_REMEDY);
    }
    lines.skipBlanks();
  }

  private void event(int operation, EventBatch batch) throws TraceException {
    switch (operation) {
      case '+' -> allocate(batch);
      case '-' -> free(batch);
      case '<' -> beginResize();
      case '>' -> endResize(batch);
      case '!' -> failedResize();
      case '=' -> mark();
      case -1 -> lines.endOfLine();
      default -> throw lines.fail("an operation is one of + - < > !", LineSource.FORMAT_REMEDY);
    }
  }

  private void allocate(EventBatch batch) throws TraceException {
    if (lines.takeWord(NULL)) {
      size();
      ignored++;
      return;
    }
    long address = address();
    long size = size();
    long id = nextId;
    batch.add(EventBatch.ALLOCATE, birth(address, batch), id, size, 0);
  }

  private void free(EventBatch batch) throws TraceException {
    if (lines.takeWord(NULL)) {
      lines.endOfLine();
      ignored++;
      return;
    }
    long address = address();
    lines.endOfLine();
    int dying = blocks.death(address);
    if (dying < 0) {
      foreign++;
    } else {
      batch.add(EventBatch.FREE, dying, blocks.id(dying), 0, 0);
    }
  }

  private void beginResize() throws TraceException {
    resizing = address();
    lines.endOfLine();
  }

  private void endResize(EventBatch batch) throws TraceException {
    if (resizing == 0) {
      throw lines.fail("the first line of this resize is missing", LineSource.FORMAT_REMEDY);
    }
    long address = address();
    long size = size();
    int dying = blocks.death(resizing);
    long old = dying < 0 ? 0 : blocks.id(dying);
    resizing = 0;
    long id = nextId;
    int slot = birth(address, batch);
    if (dying < 0) {
      foreign++;
      batch.add(EventBatch.ALLOCATE, slot, id, size, 0);
    } else {
      batch.add(EventBatch.RESIZE, slot, dying, id, size, old, 0);
    }
  }

  private void failedResize() throws TraceException {
    address();
    size();
    ignored++;
  }

  private void mark() throws TraceException {
    if (!lines.takeWord("Start") && !lines.takeWord("End")) {
      throw lines.fail("a mark is = Start or = End", LineSource.FORMAT_REMEDY);
    }
    lines.endOfLine();
  }

  /** Gives the block at this address its slot and id, after the free that the log may lack. */
  private int birth(long address, EventBatch batch) {
    int stale = blocks.death(address);
    if (stale >= 0) {
      missed++;
      batch.add(EventBatch.FREE, stale, blocks.id(stale), 0, 0);
    }
    int slot = blocks.birth(address, nextId);
    nextId++;
    return slot;
  }

  private long address() throws TraceException {
    long address = lines.hexadecimal("address");
    if (address == 0) {
      throw lines.fail("the address is 0", LineSource.FORMAT_REMEDY);
    }
    return address;
  }

  private long size() throws TraceException {
    long size = lines.hexadecimal("size");
    lines.endOfLine();
    return size;
  }
}
