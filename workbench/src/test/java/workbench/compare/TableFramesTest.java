package workbench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trace.ReplayResult;
import workbench.PlainKernel;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;

/**
 * Counts page-table frames a second way: in an image of the RAM, as the processor would walk it.
 */
final class TableFramesTest {
  private static final int PAGE = 4096;
  private static final int LEVELS = 4;
  private static final long PRESENT = 1;
  private static final long LARGE = 1 << 7;
  private static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

  @TempDir private Path directory;

  @Test
  void shouldAgreeWithTheTablesInTheRam() throws IOException {
    Kernel kernel = PlainKernel.create();
    BootSpec stack = BootSpec.of(PlainKernel.sample("qemu-pc-512m.txt"));
    Path trace = PlainKernel.SAMPLES.resolve("traces").resolve("python3-threads.trace.gz");
    ReplayRequest request =
        new ReplayRequest(
            trace,
            Optional.empty(),
            stack,
            Warmup.NONE,
            false,
            true,
            Optional.empty(),
            (position, total) -> {});
    try (BootedSystem system = kernel.boot(stack)) {
      ReplayResult result = new TraceReplay(kernel).runOn(request, system).report().result();
      Path image = directory.resolve("ram");
      system.machine().memory().dump(image);
      try (FileChannel ram = FileChannel.open(image)) {
        Set<Long> tables = new HashSet<>();
        walk(ram, system.kernelSpace().root() & FRAME_MASK, LEVELS, tables);
        assertTrue(tables.size() > LEVELS, tables.toString());
        assertEquals(tables.size(), system.tableFrames());
        assertEquals(tables.size(), result.last().pageTableFrames());
      }
    }
  }

  private static void walk(FileChannel ram, long table, int level, Set<Long> tables)
      throws IOException {
    assertTrue(tables.add(table), "a table is reached twice");
    ByteBuffer entries = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    ram.read(entries, table);
    for (int at = 0; at < PAGE && level > 1; at += Long.BYTES) {
      long entry = entries.getLong(at);
      if ((entry & PRESENT) != 0 && (entry & LARGE) == 0) {
        walk(ram, entry & FRAME_MASK, level - 1, tables);
      }
    }
  }
}
