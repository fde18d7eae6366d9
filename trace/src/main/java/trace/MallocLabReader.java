package trace;

/**
 * Reads the {@code .rep} files of the CMU malloc lab: four numbers on lines of their own (suggested
 * heap size, number of ids, number of operations, weight), then {@code a id bytes}, {@code r id
 * bytes} and {@code f id}.
 *
 * <p>There a resized block keeps its id, and an id may be given again after its block's death, so
 * every birth gets a fresh dense id here. {@code f -1} is a free of the null pointer and is left
 * out; a resize to 0 bytes is a free.
 */
final class MallocLabReader extends TraceReader {
  private static final String CUT_OFF = "the file was cut off: copy it again";

  private boolean started;
  private long ids;
  private long announced;
  private long found;
  private long nextId;
  private long ignored;

  MallocLabReader(LineSource lines) {
    super(TraceFormat.MALLOC_LAB, lines);
  }

  @Override
  public long ignoredCalls() {
    return ignored;
  }

  @Override
  void fill(EventBatch batch) throws TraceException {
    if (!started) {
      header("suggested heap size");
      ids = header("number of ids");
      announced = header("number of operations");
      header("weight");
      started = true;
    }
    while (!batch.isFull()) {
      if (!lines.next()) {
        checkComplete();
        return;
      }
      event(batch);
    }
  }

  private long header(String what) throws TraceException {
    if (!lines.next()) {
      throw lines.failWhole("ends in its header, before the " + what, CUT_OFF);
    }
    long value = lines.leadingDecimal(what);
    lines.endOfLine();
    return value;
  }

  private void checkComplete() throws TraceException {
    if (found < announced) {
      throw lines.failWhole(
          "ends after " + found + " of the " + announced + " operations that its header names",
          CUT_OFF);
    }
  }

  private void event(EventBatch batch) throws TraceException {
    lines.skipBlanks();
    if (lines.take('a')) {
      allocate(batch);
    } else if (lines.take('r')) {
      resize(batch);
    } else if (lines.take('f')) {
      free(batch);
    } else if (lines.peek() != -1) {
      throw lines.fail("an event begins with one of a r f", LineSource.FORMAT_REMEDY);
    } else {
      return;
    }
    found++;
  }

  private void allocate(EventBatch batch) throws TraceException {
    long key = id();
    long size = lines.decimal("size");
    lines.endOfLine();
    int slot = blocks.birth(key, nextId);
    if (slot < 0) {
      throw bornTwice("block " + key);
    }
    batch.add(EventBatch.ALLOCATE, slot, nextId, size, 0);
    nextId++;
  }

  private void resize(EventBatch batch) throws TraceException {
    long key = id();
    long size = lines.decimal("size");
    lines.endOfLine();
    int dying = death(key);
    long old = blocks.id(dying);
    if (size == 0) {
      batch.add(EventBatch.FREE, dying, old, 0, 0);
    } else {
      int slot = blocks.birth(key, nextId);
      batch.add(EventBatch.RESIZE, slot, dying, nextId, size, old, 0);
      nextId++;
    }
  }

  private void free(EventBatch batch) throws TraceException {
    if (lines.takeWord("-1")) {
      lines.endOfLine();
      ignored++;
      return;
    }
    long key = id();
    lines.endOfLine();
    int dying = death(key);
    batch.add(EventBatch.FREE, dying, blocks.id(dying), 0, 0);
  }

  private long id() throws TraceException {
    long key = lines.decimal("id");
    if (key >= ids) {
      throw lines.fail(
          "id " + key + " is not below the " + ids + " ids that the header names",
          LineSource.FORMAT_REMEDY);
    }
    return key;
  }

  private int death(long key) throws TraceException {
    int slot = blocks.death(key);
    if (slot < 0) {
      throw lines.fail(
          "block " + key + " is not live: never born, or already dead", LineSource.FORMAT_REMEDY);
    }
    return slot;
  }
}
