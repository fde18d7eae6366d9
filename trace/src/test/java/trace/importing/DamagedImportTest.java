package trace.importing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trace.TraceException;

/**
 * Of each format, damaged variants of a real file give a report or a clear error: 500 of each, or
 * as many as the system property {@code trace.variants} says; 10,000 take four minutes.
 */
class DamagedImportTest {
  private static final int VARIANTS = Integer.getInteger("trace.variants", 500);
  private static final Duration LIMIT = Duration.ofMinutes(5); // for all variants of a format

  private static final byte[] LIKELY =
      "0123456789abcdefx acmrftpqube-+<>=!@[](){}|,.:\"\n\r\t\0\u00ff"
          .getBytes(StandardCharsets.ISO_8859_1);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kinds.trace",
        "small.rep",
        "small.mtrace",
        "ls.heaptrack.raw.gz",
        "ls.heaptrack.zst",
        "heaptrack raw, plain",
        "heaptrack interpreted, plain",
        "threads.ltrace",
        "cplusplus.ltrace",
        "kmem.ftrace",
        "tracecmd.ftrace",
        "perf.ftrace",
        "ranges.strace",
        "attached.strace",
        "recording",
        "frames text",
        "ranges text",
      })
  void shouldAnswerDamageWithTraceExceptionOnly(String name) throws IOException {
    byte[] original = original(name);
    Path file = folder.resolve("damaged");
    int refused =
        assertTimeoutPreemptively(
            LIMIT,
            () -> {
              int count = 0;
              for (int seed = 0; seed < VARIANTS; seed++) {
                Files.write(file, damage(original, new Random(seed)));
                count += refuses(file, name + " " + seed) ? 1 : 0;
              }
              return count;
            });
    assertTrue(refused > VARIANTS / 50, name + ": only " + refused + " were refused");
    assertFalse(refused == VARIANTS, name + ": harmless damage is read");
  }

  private static boolean refuses(Path file, String what) {
    try {
      ImportReport report = TraceImport.of(file, Optional.empty()).inspect();
      assertFalse(report.parts().isEmpty(), what);
      return false;
    } catch (TraceException e) {
      assertFalse(e.reason().isEmpty() || e.remedy().isEmpty(), what);
      return true;
    } catch (RuntimeException | Error e) {
      return fail(what + ": " + e, e);
    }
  }

  private byte[] original(String name) throws IOException {
    return switch (name) {
      case "heaptrack raw, plain" -> expanded("ls.heaptrack.raw.gz");
      case "heaptrack interpreted, plain" -> plainInterpreted();
      case "recording" -> Arrays.copyOf(expanded("threads.recording.gz"), 4096 + 16 * 1024);
      case "frames text" -> converted("kmem.ftrace", "x.frames.trace");
      case "ranges text" -> converted("ranges.strace", "x.trace");
      default -> resource(name);
    };
  }

  private byte[] converted(String name, String result) throws IOException {
    Path source = Files.write(folder.resolve("source"), resource(name));
    TraceImport.of(source, Optional.empty()).convert(folder.resolve("x.trace"));
    return Files.readAllBytes(folder.resolve(result));
  }

  /** The zstd file's contents, as its own tool expands it. */
  private static byte[] plainInterpreted() throws IOException {
    StringBuilder text = new StringBuilder("v 10400 3\nX ls\ns 2 ls\n");
    for (int i = 0; i < 40; i++) {
      text.append("a ").append(Integer.toHexString(i * 8 + 1)).append(" 0\n+ ");
      text.append(Integer.toHexString(i)).append("\n");
    }
    for (int i = 0; i < 40; i += 2) {
      text.append("- ").append(Integer.toHexString(i)).append("\nc ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] expanded(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(stream(name))) {
      return in.readAllBytes();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(
        DamagedImportTest.class.getResourceAsStream("/samples/" + name), name);
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = LIKELY[random.nextInt(LIKELY.length)];
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 3 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(6)));
        case 4 -> bytes = spliced(bytes, at, Math.max(0, at - random.nextInt(24)));
        case 5 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> bytes = lines(bytes, random);
      }
    }
    return bytes;
  }

  /** Cuts out what lies between, or doubles it if the end is before the beginning. */
  private static byte[] spliced(byte[] bytes, int end, int begin) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, end);
    out.write(bytes, begin, bytes.length - begin);
    return out.size() == 0 ? bytes : out.toByteArray();
  }

  /** Doubles, deletes or swaps lines. */
  private static byte[] lines(byte[] bytes, Random random) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(3)) {
      case 0 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 1 -> lines.set(at, "");
      default -> Collections.swap(lines, at, random.nextInt(lines.size()));
    }
    byte[] damaged = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    return damaged.length == 0 ? bytes : damaged;
  }
}
