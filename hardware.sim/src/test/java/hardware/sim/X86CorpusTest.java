package hardware.sim;

import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Hand-made tables against the answers that QEMU gave. */
class X86CorpusTest {
  private static final long ROOT = 0x1000;

  @Test
  void shouldTranslateAsQemuDoes() throws IOException {
    Path corpus = Path.of(System.getProperty("quarry.corpus", "absent"), "mmu");
    assumeTrue(Files.isReadable(corpus.resolve("x86.img.gz")), "no corpus");
    try (SimMachine machine = Machines.of(0, 8 * MIB);
        InputStream image =
            new GZIPInputStream(Files.newInputStream(corpus.resolve("x86.img.gz")))) {
      load(machine.memory(), image.readAllBytes());
      TableReader reader = new TableReader(machine.memory());
      List<String> expected = Files.readAllLines(corpus.resolve("x86.expect"));
      for (String line : expected) {
        long address = Long.parseUnsignedLong(line.substring(2, 18), 16);
        assertEquals(line, answer(reader, address));
      }
      assertEquals(true, expected.size() > 30, expected.size() + " addresses");
    }
  }

  private static String answer(TableReader reader, long address) {
    long physical = reader.translate(ROOT, address);
    var steps = reader.walk(ROOT, address);
    assertEquals(physical >= 0, !steps.isEmpty() && steps.getLast().leaf());
    return "0x%016x -> %s"
        .formatted(address, physical < 0 ? "unmapped" : "0x%x".formatted(physical));
  }

  private static void load(SimMemory memory, byte[] image) {
    memory.supply(0, image.length >>> 12);
    for (int i = 0; i < image.length; i++) {
      if (image[i] != 0) {
        memory.window().putByte(i, image[i]);
      }
    }
  }
}
