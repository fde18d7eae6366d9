package vmem.arena;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The original's own answers, address by address. */
class OriginalTest {
  // libumem ors best fit into every vmem_alloc unless told otherwise; so are the corpus's made.
  private static final String LIBUMEM = "best";

  @TestFactory
  Stream<DynamicTest> shouldReturnTheAddressesOfTheOriginalOnEverySequence() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    assumeTrue(!corpus.isEmpty(), "quarry.corpus is not set");
    try (Stream<Path> files = Files.list(Path.of(corpus, "oracle", "vmem"))) {
      List<Path> recordings = files.filter(file -> file.toString().endsWith(".txt.gz")).toList();
      assertTrue(recordings.size() >= 3, "only " + recordings);
      return recordings.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file)));
    }
  }

  private static void replay(Path file) throws IOException {
    try (InputStream packed = new GZIPInputStream(Files.newInputStream(file))) {
      int compared = replay(packed, LIBUMEM);
      assertTrue(compared > 1000, "only " + compared + " answers in " + file);
    }
  }

  private static int replay(InputStream text, String allocator) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
      return new Recording(allocator).replay(lines);
    }
  }

  private static int replayResource(String name, String allocator) throws IOException {
    return replay(Objects.requireNonNull(OriginalTest.class.getResourceAsStream(name)), allocator);
  }

  @Test
  void shouldReturnTheAddressesOfTheOriginalWithNextFit() throws IOException {
    assertTrue(replayResource("next-fit.txt", LIBUMEM) > 200);
  }

  @Test
  void shouldReturnTheAddressesOfTheOriginalWithAllPoliciesMixed() throws IOException {
    assertTrue(replayResource("mixed.txt", LIBUMEM) > 200);
  }

  @Test
  void shouldReturnTheAddressesOfTheOriginalWhenTheProcessAddsNoPolicy() throws IOException {
    assertTrue(replayResource("kernel-instant-fit.txt", "instant") > 200);
    assertTrue(replayResource("kernel-mixed.txt", "instant") > 200);
  }
}
