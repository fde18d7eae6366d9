package shell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trace.TraceFormat;
import trace.TraceFormat.Tier;

final class TraceTierTest {
  private static final Path FILE = Path.of("some.gz");

  @TempDir private Path directory;

  private Tier tierOf(String text) throws IOException {
    Path file = directory.resolve("trace");
    Files.writeString(file, text);
    return TraceTier.of(file, Optional.empty());
  }

  @Test
  void shouldSeeTheTierFromTheFile() throws IOException {
    assertEquals(Tier.PHYSMEM, tierOf("# comment\ntier physmem\np 0 0 0\n"));
    assertEquals(Tier.VMEM, tierOf("tier vmem\nm 0 4096 3\n"));
    assertEquals(Tier.VMEM, tierOf("1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00\n"));
    assertEquals(Tier.HEAP, tierOf("a 0 16\n"));
  }

  @Test
  void shouldLeaveWhatCannotBeReadToTheHeapReader() throws IOException {
    assertEquals(Tier.HEAP, tierOf(""));
    assertEquals(Tier.HEAP, tierOf("no trace at all\n"));
    assertEquals(Tier.HEAP, TraceTier.of(directory.resolve("missing"), Optional.empty()));
  }

  @Test
  void shouldGoByTheFormatThatWasGiven() throws IOException {
    assertEquals(Tier.PHYSMEM, TraceTier.of(FILE, Optional.of(TraceFormat.FRAMES)));
    assertEquals(Tier.VMEM, TraceTier.of(FILE, Optional.of(TraceFormat.STRACE)));
    assertEquals(Tier.HEAP, TraceTier.of(FILE, Optional.of(TraceFormat.FTRACE))); // holds both
  }

  @Test
  void shouldRefuseOptionsThatWouldChangeNothing() {
    BootOptions heap = new BootOptions();
    heap.heap = "slab";
    BootOptions vmem = new BootOptions();
    vmem.vmem = "tree";
    assertEquals(Optional.empty(), TraceTier.refusal(FILE, Tier.HEAP, heap, true));
    assertEquals(Optional.empty(), TraceTier.refusal(FILE, Tier.VMEM, vmem, false));
    String refusal = TraceTier.refusal(FILE, Tier.PHYSMEM, heap, false).orElseThrow();
    assertEquals(
        "some.gz is a frame trace: it calls the physmem tier and neither addresses nor a heap;"
            + " leave --heap out (--physmem chooses who is called)",
        refusal);
    assertTrue(TraceTier.refusal(FILE, Tier.PHYSMEM, vmem, false).isPresent());
    assertTrue(TraceTier.refusal(FILE, Tier.VMEM, heap, false).isPresent());
    assertTrue(
        TraceTier.refusal(FILE, Tier.VMEM, vmem, true).orElseThrow().contains("--placements"));
  }
}
