package trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import trace.table.LongIntMap;
import trace.table.SlotTable;

/**
 * Reads the raw file that Quarry's recorder writes (launcher's quarry-record.c; docs/formats.md):
 * chunks of numbered records, a thread's in each, which are merged by number here.
 *
 * <p>A resize has two records, since others may allocate at the old address between them: its
 * beginning takes the old block's address away, its end gives birth.
 */
public final class RecordingReader implements EventSource {
  private static final String MAGIC = "QUARRYREC1\n";
  private static final long HEADER_BYTES = 4096;
  private static final long VERSION_AT = 16;
  private static final long CHUNK_BYTES_AT = 28;
  private static final long CLOCK_AT = 40;
  private static final long LOST_AT = 48;
  private static final long PROGRAM_AT = 64;
  private static final int PROGRAM_BYTES = 1024;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LEAST_CHUNK = 4096;
  private static final int MOST_CHUNK = 1 << 26;

  /** One record adds a switch of threads, the free that is missing, and what it says. */
  private static final int MOST_EVENTS = 3;

  private static final String REMEDY = "record the program again";

  private final String file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment data;
  private final PriorityQueue<RecordingChunk> chunks = new PriorityQueue<>();
  private final SlotTable blocks = new SlotTable();
  private final LongIntMap slotOfAddress = new LongIntMap();
  private final LongIntMap threads = new LongIntMap();

  /** For each thread in a resize the slot of the block that dies, -1 for one born before. */
  private final Map<Integer, Integer> resizing = new HashMap<>();

  private final Clock clock = new Clock();
  private final String program;
  private final long lost;
  private final long total;
  private long records;
  private long events;
  private long nextId;
  private long foreign;
  private long missed;
  private int thread;
  private boolean closed;

  private RecordingReader(Path path, FileChannel channel) throws IOException {
    this.file = path.toString();
    this.data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    try {
      checkHeader();
      clock.at(data.get(LONG, CLOCK_AT));
      this.lost = data.get(LONG, LOST_AT);
      this.program = readProgram();
      this.total = openChunks();
    } catch (TraceException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Opens a recording.
   *
   * @param file what the recorder wrote
   * @return the reader, before the first event
   * @throws TraceException if the file is missing or no recording
   */
  public static RecordingReader open(Path file) throws TraceException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new RecordingReader(file, channel);
    } catch (TraceException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new TraceException(file.toString(), 0, "", "does not exist", "check the path");
    } catch (IOException e) {
      TraceException failure =
          new TraceException(file.toString(), 0, "", "cannot be read: " + e, "check its disk");
      failure.initCause(e);
      throw failure;
    }
  }

  /** Returns what was left out or put in, with how often; complete when all has been read. */
  public Map<String, Long> oddities() {
    Map<String, Long> all = new LinkedHashMap<>();
    TraceReader.put(all, "frees of blocks born before the log, left out", foreign);
    TraceReader.put(all, "frees that the log lacks, put in", missed);
    TraceReader.put(all, "calls that could not be recorded: disk full?", lost);
    return all;
  }

  /** Returns the time from the first to the last chunk that a thread began. */
  public Optional<Duration> span() {
    return clock.span();
  }

  @Override
  public boolean read(EventBatch batch) throws TraceException {
    batch.begin(events);
    RecordingChunk chunk = chunks.poll();
    while (chunk != null) {
      apply(chunk, batch);
      records++;
      if (chunk.advance()) {
        chunks.add(chunk);
      }
      chunk = batch.length + MOST_EVENTS <= EventBatch.CAPACITY ? chunks.poll() : null;
    }
    batch.end(blocks.limit());
    events += batch.length;
    return batch.length > 0;
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  public long position() {
    return records;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }

  private void checkHeader() throws TraceException {
    byte[] magic = new byte[MAGIC.length()];
    if (data.byteSize() < HEADER_BYTES) {
      throw fail("is shorter than a recording's header");
    }
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, magic, 0, magic.length);
    if (!MAGIC.equals(new String(magic, StandardCharsets.ISO_8859_1))) {
      throw fail("does not begin with QUARRYREC1: it is no recording");
    }
    int version = data.get(INT, VERSION_AT);
    int chunk = data.get(INT, CHUNK_BYTES_AT);
    if (version != 1) {
      throw fail("has version " + version + "; version 1 is read");
    }
    if (Integer.bitCount(chunk) != 1 || chunk < LEAST_CHUNK || chunk > MOST_CHUNK) {
      throw fail("has chunks of " + chunk + " bytes, which is no size of chunks");
    }
  }

  private String readProgram() {
    byte[] path = new byte[PROGRAM_BYTES];
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, PROGRAM_AT, path, 0, PROGRAM_BYTES);
    String text = new String(path, StandardCharsets.UTF_8);
    String whole = text.substring(0, Math.max(0, text.indexOf('\0')));
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  /** Returns the number of records that may be there. */
  private long openChunks() throws TraceException {
    int bytes = data.get(INT, CHUNK_BYTES_AT);
    long limit = data.byteSize();
    for (long at = HEADER_BYTES; at < limit; at += bytes) {
      RecordingChunk chunk = new RecordingChunk(file, data, at, Math.min(at + bytes, limit));
      if (chunk.advance()) {
        chunks.add(chunk);
      }
    }
    return (limit - HEADER_BYTES) / RecordingChunk.RECORD_BYTES;
  }

  private void apply(RecordingChunk chunk, EventBatch batch) throws TraceException {
    if (chunk.operation() == RecordingChunk.THREAD) {
      chunk.setThread(index(chunk.size()));
      clock.at(chunk.address());
      return;
    }
    thread(chunk, batch);
    switch (chunk.operation()) {
      case RecordingChunk.MALLOC -> birth(EventBatch.ALLOCATE, chunk, 0, batch);
      case RecordingChunk.CALLOC -> birth(EventBatch.ZEROED, chunk, chunk.checkedExtra(), batch);
      case RecordingChunk.ALIGNED -> birth(EventBatch.ALIGNED, chunk, chunk.checkedExtra(), batch);
      case RecordingChunk.FREE -> free(slotOfAddress.remove(chunk.address()), batch);
      case RecordingChunk.RESIZE_BEGIN ->
          resizing.put(thread, slotOfAddress.remove(chunk.address()));
      default -> endResize(chunk, batch);
    }
  }

  private int index(long number) throws TraceException {
    int known = threads.get(number);
    if (known >= 0) {
      return known;
    }
    if (threads.size() == QuarryReader.THREAD_LIMIT) {
      throw fail("has more than " + QuarryReader.THREAD_LIMIT + " threads");
    }
    threads.add(number, threads.size());
    return threads.size() - 1;
  }

  private void thread(RecordingChunk chunk, EventBatch batch) throws TraceException {
    int index = chunk.thread();
    if (index != thread) {
      thread = index;
      batch.add(EventBatch.THREAD, EventBatch.NO_SLOT, -1, 0, thread);
    }
  }

  private void birth(int operation, RecordingChunk chunk, long extra, EventBatch batch) {
    vacate(chunk.address(), batch);
    int slot = blocks.birth(nextId, nextId);
    slotOfAddress.add(chunk.address(), slot);
    batch.add(operation, slot, EventBatch.NO_SLOT, nextId, chunk.size(), extra, thread);
    nextId++;
  }

  private void vacate(long address, EventBatch batch) {
    int stale = slotOfAddress.remove(address);
    if (stale >= 0) {
      missed++;
      free(stale, batch);
    }
  }

  private void free(int slot, EventBatch batch) {
    if (slot < 0) {
      foreign++;
      return;
    }
    long id = blocks.id(slot);
    blocks.death(id);
    batch.add(EventBatch.FREE, slot, id, 0, thread);
  }

  private void endResize(RecordingChunk chunk, EventBatch batch) {
    Integer begun = resizing.remove(thread);
    int dying = begun == null ? EventBatch.NO_SLOT : begun;
    if (chunk.address() == 0) {
      failResize(chunk, dying, batch);
    } else if (dying < 0) {
      foreign++;
      birth(EventBatch.ALLOCATE, chunk, 0, batch);
    } else {
      vacate(chunk.address(), batch);
      long old = blocks.id(dying);
      blocks.death(old);
      int slot = blocks.birth(nextId, nextId);
      slotOfAddress.add(chunk.address(), slot);
      batch.add(EventBatch.RESIZE, slot, dying, nextId, chunk.size(), old, thread);
      nextId++;
    }
  }

  /** A resize to no bytes is a free; another that failed leaves the old block. */
  private void failResize(RecordingChunk chunk, int dying, EventBatch batch) {
    if (chunk.size() == 0) {
      free(dying, batch);
    } else if (dying >= 0 && !slotOfAddress.add(chunk.extra(), dying)) {
      missed++;
      free(dying, batch);
    }
  }

  private TraceException fail(String reason) {
    return new TraceException(file, 0, "", reason, REMEDY);
  }
}
