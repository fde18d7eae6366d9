package workbench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import trace.EventBatch;
import trace.TraceReader;

/**
 * What is known of a trace before it is replayed.
 *
 * @param file the trace file
 * @param digest SHA-256 of the file's bytes, in hexadecimal
 * @param events its events, thread switches included
 * @param operations its operations
 * @param peakEvent the number, from 0, of the event after which most bytes are live
 * @param peakLiveBytes how many these are
 * @param sizes births by size: element k counts those of 2^(k-1) + 1 to 2^k bytes, element 0 those
 *     of 0 or 1 byte
 */
public record TraceShape(
    Path file,
    String digest,
    long events,
    long operations,
    long peakEvent,
    long peakLiveBytes,
    List<Long> sizes) {
  private static final int BUFFER = 1 << 16;

  /**
   * Reads a trace to its end.
   *
   * @param file the trace
   * @return its shape
   * @throws IOException if it cannot be read
   */
  public static TraceShape of(Path file) throws IOException {
    String digest = digest(file);
    Scan scan = new Scan();
    EventBatch batch = new EventBatch();
    try (TraceReader reader = TraceReader.open(file)) {
      while (reader.read(batch)) {
        scan.take(batch);
      }
    }
    return new TraceShape(
        file,
        digest,
        scan.events,
        scan.operations,
        scan.peakEvent,
        scan.live.peakBytes(),
        Arrays.stream(scan.sizes).boxed().toList());
  }

  /**
   * {@return the SHA-256 of a file's bytes in hexadecimal}
   *
   * @param file any file
   * @throws IOException if it cannot be read
   */
  public static String digest(Path file) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // the digest takes what passes by
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The accounts of one reading. */
  private static final class Scan {
    final LiveTable live = new LiveTable();
    final long[] sizes = new long[Long.SIZE];
    long events;
    long operations;
    long peakEvent;

    void take(EventBatch batch) {
      live.reserve(batch.slots());
      for (int i = 0; i < batch.length(); i++) {
        long before = live.peakBytes();
        take(batch, i);
        if (live.peakBytes() > before) {
          peakEvent = events;
        }
        events++;
      }
    }

    private void take(EventBatch batch, int i) {
      switch (batch.operation(i)) {
        case EventBatch.THREAD -> operations--;
        case EventBatch.FREE -> live.death(batch.slot(i));
        case EventBatch.RESIZE -> {
          live.death(batch.oldSlot(i));
          birth(batch, i);
        }
        default -> birth(batch, i);
      }
      operations++;
    }

    private void birth(EventBatch batch, int i) {
      long bytes = batch.bytes(i);
      sizes[bytes <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(bytes - 1)]++;
      live.birth(batch.slot(i), 1, bytes, bytes, 0);
    }
  }
}
