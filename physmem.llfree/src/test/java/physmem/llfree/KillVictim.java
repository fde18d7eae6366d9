package physmem.llfree;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import physmem.api.FrameEngine;

/**
 * A process that allocates and frees in several threads until it is killed. Each thread writes down
 * in a mapped file what it holds, and which entry it is about to change.
 */
final class KillVictim {
  static final int THREADS = 3;
  static final int ENTRIES = 64;
  static final long BASE = 1 << 20;
  static final long FRAMES = 3 << 14;

  private static final int ORDER_BITS = 8;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private KillVictim() {}

  /** Arguments: the folder, how to begin, a seed. Says when it has begun. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    LlfreeFrames engine = open(folder, args[1]);
    MemorySegment journal = journal(folder);
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      long seed = Long.parseLong(args[2]) + i;
      Thread.ofPlatform().start(() -> work(engine, journal, thread, new Random(seed)));
    }
    System.out.write('!');
    System.out.flush();
  }

  static LlfreeFrames open(Path folder, String init) {
    String store = folder.resolve("frames").toString();
    return TestRam.spans(THREADS, BASE, FRAMES).open("init", init, "store", store);
  }

  /** Per thread: the entry that is being changed + 1, or 0; then the entries. */
  static MemorySegment journal(Path folder) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("journal"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, at(THREADS, 0), Arena.global());
    }
  }

  /** {@return the place of an entry, from 1 on, or of what is being changed, at 0} */
  static long at(int thread, int entry) {
    return (long) (thread * (ENTRIES + 1) + entry) * Long.BYTES;
  }

  static long get(MemorySegment journal, long at) {
    return (long) LONG.getVolatile(journal, at);
  }

  static void set(MemorySegment journal, long at, long value) {
    LONG.setVolatile(journal, at, value);
  }

  /** {@return first frame of what an entry says is held} */
  static long frame(long value) {
    return value >>> ORDER_BITS;
  }

  /** {@return the order of what an entry says is held} */
  static int order(long value) {
    return (int) (value & (1 << ORDER_BITS) - 1);
  }

  private static void work(FrameEngine engine, MemorySegment journal, int thread, Random random) {
    while (true) {
      int entry = 1 + random.nextInt(ENTRIES);
      long now = get(journal, at(thread, entry));
      set(journal, at(thread, 0), entry);
      if (now != 0) {
        engine.free(thread, frame(now), order(now));
        set(journal, at(thread, entry), 0);
      } else {
        int order = random.nextInt(4) == 0 ? random.nextInt(11) : 6 + random.nextInt(3);
        long frame = engine.allocate(thread, order, 0);
        boolean got = frame != FrameEngine.NONE;
        set(journal, at(thread, entry), got ? frame << ORDER_BITS | order : 0);
      }
      set(journal, at(thread, 0), 0);
    }
  }
}
