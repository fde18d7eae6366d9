package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The calls that traces do not have give the same placements as the C original, built as the corpus
 * says, with and without footers: 4000 random ones, of which the expected files have a line each
 * with the offsets (or 1 or 0 for a resize in place) and the footprint.
 *
 * <pre>
 *  a ID SIZE           malloc               r OLD NEW SIZE       realloc
 *  m ID ALIGN SIZE     memalign             p ID SIZE            realloc_in_place
 *  i ID COUNT SIZE     independent_calloc   b COUNT ID...        bulk_free
 *  k ID COUNT SIZE...  independent_comalloc t PAD                malloc_trim
 *  f ID                free
 * </pre>
 */
class GroupsOracleTest {
  private final Ground ground = new Ground(64L << 20);
  private final long[] at = new long[10_000];

  private static List<String> lines(String name) throws IOException {
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(GroupsOracleTest.class.getResourceAsStream(name))),
                StandardCharsets.US_ASCII))) {
      return in.lines().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"groups.plain.gz, off", "groups.footers.gz, on"})
  void shouldPlaceAsTheOriginalDoes(String expected, String footers) throws IOException {
    DlHeap heap = ground.heap("footers", footers);
    List<String> calls = lines("groups.calls.gz");
    List<String> answers = lines(expected);
    assertEquals(4000, calls.size());
    assertEquals(calls.size(), answers.size());
    for (int i = 0; i < calls.size(); i++) {
      String answer = call(heap, calls.get(i)) + " " + heap.footprint();
      assertEquals(answers.get(i), answer, "line " + (i + 1) + ": " + calls.get(i));
    }
    assertTrue(heap.checkInvariants() > 0);
  }

  private String call(DlHeap heap, String line) {
    long[] v = Arrays.stream(line.substring(2).split(" ", -1)).mapToLong(Long::parseLong).toArray();
    int first = (int) v[0];
    return switch (line.charAt(0)) {
      case 'a' -> born(first, heap.allocate(0, v[1]));
      case 'm' -> born(first, heap.allocateAligned(0, v[1], v[2]));
      case 'r' -> born((int) v[1], heap.resize(0, at[first], v[2]));
      case 'p' -> heap.resizeInPlace(0, at[first], v[1]) ? "1" : "0";
      case 'i' -> equal(heap, first, new long[(int) v[1]], v[2]);
      case 'k' -> various(heap, first, Arrays.copyOfRange(v, 2, v.length));
      default -> ended(heap, line.charAt(0), v);
    };
  }

  private String ended(DlHeap heap, char kind, long[] v) {
    if (kind == 'f') {
      heap.free(0, at[(int) v[0]]);
    } else if (kind == 't') {
      heap.trim(v[0]);
    } else {
      long[] blocks = Arrays.stream(v).skip(1).map(id -> at[(int) id]).toArray();
      heap.freeBulk(0, blocks, 0, blocks.length);
    }
    return "";
  }

  private String born(int id, long block) {
    at[id] = block;
    return Long.toHexString(block - ground.base);
  }

  private String equal(DlHeap heap, int first, long[] blocks, long bytes) {
    assertTrue(heap.allocateAll(0, Ground.equal(bytes, blocks.length), true, blocks));
    return born(first, blocks);
  }

  private String various(DlHeap heap, int first, long[] bytes) {
    long[] blocks = new long[bytes.length];
    assertTrue(heap.allocateAll(0, bytes, false, blocks));
    return born(first, blocks);
  }

  private String born(int first, long[] blocks) {
    StringBuilder offsets = new StringBuilder();
    for (int i = 0; i < blocks.length; i++) {
      offsets.append(born(first + i, blocks[i])).append(' ');
    }
    return offsets.toString();
  }
}
