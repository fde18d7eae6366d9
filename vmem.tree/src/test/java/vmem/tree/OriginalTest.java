package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * Recorded sequences with the addresses that the kernel's own search, merge and red-black tree gave
 * for them, compiled for user space outside of this project. Ranges are aligned and limited at
 * random; freed ones wait and are purged in batches.
 *
 * <p>More recordings are read from the directory that the property {@code vmem.tree.recordings}
 * names.
 */
class OriginalTest {
  private static final long PAGE = 0x1000;

  @ParameterizedTest
  @ValueSource(strings = {"random-1.txt", "random-2.txt", "random-3.txt"})
  void shouldReturnTheAddressesOfTheKernel(String name) throws IOException {
    try (InputStream recording =
        Objects.requireNonNull(OriginalTest.class.getResourceAsStream(name))) {
      String text = new String(recording.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(new Replay(name).run(text.lines().toList()) > 300);
    }
  }

  @Test
  void shouldReturnTheAddressesOfOtherRecordings() throws IOException {
    String directory = System.getProperty("vmem.tree.recordings", "");
    assumeTrue(!directory.isEmpty(), "vmem.tree.recordings is not set");
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      for (Path each : files.filter(file -> file.toString().endsWith(".txt")).toList()) {
        assertTrue(new Replay(each.toString()).run(Files.readAllLines(each)) > 300);
      }
    }
  }

  private static final class Replay {
    private final String name;
    private final TreeArena arena =
        Arenas.of(ArenaSpec.of("vmalloc", PAGE), Arenas.settings("lazy", "128K"));
    private int allocations;

    Replay(String name) {
      this.name = name;
    }

    int run(List<String> lines) {
      for (int i = 0; i < lines.size(); i++) {
        step(lines.get(i).split(" "), name + ", line " + (i + 1));
      }
      assertTrue(arena.checkInvariants() > 100);
      return allocations;
    }

    private void step(String[] words, String line) {
      switch (words[0]) {
        case "S" -> arena.addSpan(hex(words[1]), hex(words[2]));
        case "a" -> allocate(words, line);
        case "f" -> arena.free(0, hex(words[1]), hex(words[2]));
        case "W" -> {
          StringJoiner text = new StringJoiner(" ", "W ", "");
          text.add(Arenas.shown(arena::walkFree));
          assertEquals(String.join(" ", words), text.toString(), line);
        }
        default -> assertEquals("#", words[0], line);
      }
    }

    private void allocate(String[] words, String line) {
      var where = new AddressConstraints(hex(words[2]), 0, 0, hex(words[3]), hex(words[4]));
      long got = arena.allocateConstrained(0, hex(words[1]), where, FitPolicy.FIRST);
      long expected = hex(words[6]);
      assertEquals(expected == 0 ? AddressArena.NONE : expected, got, line);
      allocations++;
    }

    private static long hex(String word) {
      return Long.parseUnsignedLong(word, 16);
    }
  }
}
