package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingReaderTest {
  private static final int CHUNK = 4096;

  @TempDir Path folder;

  /** Chunks of records: number, operation, address, size, extra. */
  private final List<long[][]> chunks = new ArrayList<>();

  @Test
  void shouldMergeThreadsByNumber() throws IOException {
    chunk(rec(0, 7, 0, 100, 0), rec(2, 1, 0x10, 8, 0), rec(5, 4, 0x20, 0, 0));
    chunk(rec(1, 7, 0, 200, 0), rec(3, 2, 0x20, 8, 3), rec(4, 3, 0x40, 9, 64));
    assertEquals("a 0 8\nt 1\nc 1 3 8\nm 2 64 9\nt 0\nf 1\n", text(Map.of()));
  }

  @Test
  void shouldLetOthersUseAddressWhileBlockIsResized() throws IOException {
    chunk(
        rec(0, 7, 0, 1, 0), rec(1, 1, 0x10, 8, 0), rec(2, 5, 0x10, 0, 0), rec(6, 6, 0x30, 99, 16));
    chunk(rec(3, 7, 0, 2, 0), rec(4, 1, 0x10, 7, 0), rec(5, 4, 0x10, 0, 0));
    assertEquals("a 0 8\nt 1\na 1 7\nf 1\nt 0\nr 0 2 99\n", text(Map.of()));
  }

  @Test
  void shouldTakeResizeToNothingForFreeAndKeepBlockOfFailedOne() throws IOException {
    chunk(
        rec(0, 7, 0, 1, 0),
        rec(1, 1, 0x10, 8, 0),
        rec(2, 5, 0x10, 0, 0),
        rec(3, 6, 0, 1L << 50, 0x10),
        rec(4, 5, 0x10, 0, 0),
        rec(5, 6, 0, 0, 0x10));
    assertEquals("a 0 8\nf 0\n", text(Map.of()));
  }

  @Test
  void shouldCountWhatRecordingLacks() throws IOException {
    chunk(
        rec(0, 7, 0, 1, 0),
        rec(1, 4, 0x50, 0, 0),
        rec(2, 5, 0x60, 0, 0),
        rec(3, 6, 0x10, 8, 0x60),
        rec(4, 1, 0x10, 9, 0));
    assertEquals(
        "a 0 8\nf 0\na 1 9\n",
        text(
            Map.of(
                "frees of blocks born before the log, left out",
                2L,
                "frees that the log lacks, put in",
                1L)));
  }

  /** Our own program: two threads, and a child that is in a recording of its own. */
  @Test
  void shouldReadRealRecording() throws IOException {
    Path file = folder.resolve("threads.recording");
    try (InputStream packed =
            RecordingReaderTest.class.getResourceAsStream("/samples/threads.recording.gz");
        InputStream in = new GZIPInputStream(packed)) {
      Files.copy(in, file);
    }
    try (RecordingReader reader = RecordingReader.open(file)) {
      TraceSummary summary = TraceSummary.of(reader);
      assertEquals("t", summary.program());
      assertEquals(2, summary.threads());
      assertEquals(169, summary.operations());
      assertEquals(5, summary.aligned());
      assertEquals(Map.of(), reader.oddities());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,9,0,0,0|is damaged: the record at byte 4128 has operation 9, which is none",
        "0,1,16,8,0|is damaged: the record at byte 4128 has number 0 after 0",
        "1,1,16,-1,0|is damaged: the record at byte 4128 has a size beyond 2^63",
        "1,3,16,8,3|is damaged: the record at byte 4128 has a wrong alignment",
        "1,2,16,4611686018427387904,4|is damaged: the record at byte 4128 has too large a product",
      })
  void shouldRefuseRecord(String numbers, String reason) throws IOException {
    long[] record = Arrays.stream(numbers.split(",", -1)).mapToLong(Long::parseLong).toArray();
    chunk(rec(0, 7, 0, 1, 0), record);
    assertEquals(reason, failure());
  }

  @Test
  void shouldRefuseRecordBeforeThread() throws IOException {
    chunk(rec(0, 1, 16, 8, 0), rec(1, 7, 0, 1, 0));
    assertEquals("is damaged: the record at byte 4096 comes before the chunk's thread", failure());
  }

  @Test
  void shouldRefuseWhatIsNoRecording() throws IOException {
    Path file = Files.write(folder.resolve("x"), new byte[5000]);
    assertEquals(
        "does not begin with QUARRYREC1: it is no recording",
        assertThrows(TraceException.class, () -> RecordingReader.open(file)).reason());
    Files.write(file, new byte[50]);
    assertEquals(
        "is shorter than a recording's header",
        assertThrows(TraceException.class, () -> RecordingReader.open(file)).reason());
  }

  private static long[] rec(long number, long operation, long address, long size, long extra) {
    return new long[] {number, operation, address, size, extra};
  }

  private void chunk(long[]... records) {
    chunks.add(records);
  }

  private String text(Map<String, Long> oddities) throws IOException {
    try (RecordingReader reader = RecordingReader.open(write())) {
      String text = Samples.text(reader);
      assertEquals(oddities, reader.oddities());
      return text;
    }
  }

  private String failure() throws IOException {
    Path file = write();
    return assertThrows(
            TraceException.class,
            () -> {
              try (RecordingReader reader = RecordingReader.open(file)) {
                TraceSummary.of(reader);
              }
            })
        .reason();
  }

  private Path write() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(4096 + CHUNK * chunks.size()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("QUARRYREC1\n".getBytes(StandardCharsets.ISO_8859_1));
    bytes.putInt(16, 1).putInt(20, 77).putInt(28, CHUNK);
    for (int i = 0; i < chunks.size(); i++) {
      int at = 4096 + CHUNK * i;
      for (long[] record : chunks.get(i)) {
        bytes.putLong(at, record[0] << 8 | record[1]);
        bytes.putLong(at + 8, record[2]).putLong(at + 16, record[3]).putLong(at + 24, record[4]);
        at += 32;
      }
    }
    return Files.write(folder.resolve("recording"), bytes.array());
  }
}
