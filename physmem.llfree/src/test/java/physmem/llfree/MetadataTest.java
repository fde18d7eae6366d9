package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;

/** What it costs beside the frames: metadata by size of machine, and nothing on the Java heap. */
class MetadataTest {
  private static final long MIB_FRAMES = 256;
  private static final long GIB_FRAMES = 1 << 18;
  private static final int PAGE = 4096;
  private static final int BYTES_PER_TREE_ON_HEAP = 8; // of RamMap

  @TempDir Path folder;

  /** A machine whose metadata lie in sparse files, so that 4 TiB can be opened anywhere. */
  private record Sparse(
      int cpus, List<FrameSpan> present, Path folder, AtomicLong reserved, Arena arena)
      implements FrameContext {
    @Override
    public List<FrameSpan> free() {
      return present;
    }

    @Override
    public int pageBytes() {
      return PAGE;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      Path file = folder.resolve("part" + reserved.getAndAdd(bytes));
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** RAM as a PC has it: a hole below 1 MiB, and one of 1 GiB below 4 GiB. */
  private static List<FrameSpan> pc(long frames) {
    FrameSpan low = new FrameSpan(1, 158, 0);
    long below = Math.min(frames, 3 * GIB_FRAMES) - MIB_FRAMES;
    FrameSpan middle = new FrameSpan(MIB_FRAMES, below, 0);
    long rest = frames - 3 * GIB_FRAMES;
    return rest <= 0
        ? List.of(low, middle)
        : List.of(low, middle, new FrameSpan(4 * GIB_FRAMES, rest, 0));
  }

  @ParameterizedTest
  @CsvSource({"512, 8", "1024, 8", "1024, 64", "65536, 64", "65536, 256", "4194304, 256"})
  void shouldReserveAtMostOneTenThousandthOfRam(long mebibytes, int cpus) {
    try (Arena arena = Arena.ofConfined()) {
      Sparse ram = new Sparse(cpus, pc(mebibytes * MIB_FRAMES), folder, new AtomicLong(), arena);
      LlfreeSettings settings = new LlfreeSettings(32, true, Init.FREE, "");
      LlfreeFrames engine = new LlfreeFrames(ram, settings);
      RamMap map = new RamMapBuilder(ram, 32 * Layout.CHILD_FRAMES).build();
      long onHeap = (long) map.trees() * BYTES_PER_TREE_ON_HEAP;
      long bytes = ram.reserved().get() + onHeap;
      assertTrue(bytes * 10_000 <= mebibytes << 20, () -> bytes + " bytes");
      assertTrue(engine.metadataBytes() <= ram.reserved().get());
      assertTrue(engine.allocate(cpus - 1, 0, 0) != FrameEngine.NONE);
    }
  }

  @Test
  void shouldPutNothingOnTheJavaHeapWhenAnUnsortedBulkIsFreed() {
    LlfreeFrames engine = TestRam.spans(1, 1 << 20, 1 << 16).open();
    long[] frames = new long[4000];
    long[] halves = new long[2];
    for (int round = 0; round < 60; round++) {
      int order = round % 4;
      int got = engine.allocateBulk(0, order, 0, frames, 0, frames.length);
      assertEquals(frames.length, got);
      for (int i = 0; i < got; i += 3) {
        long frame = frames[i];
        frames[i] = frames[got - 1 - i];
        frames[got - 1 - i] = frame;
      }
      long before = allocated();
      engine.freeBulk(0, order, frames, 0, got);
      halves[round < 30 ? 0 : 1] += allocated() - before;
    }
    assertTrue(
        halves[1] < (long) Long.BYTES * frames.length, () -> halves[1] + " bytes in 30 bulks");
    assertEquals(1 << 16, engine.freeFrames());
    engine.checkInvariants();
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
