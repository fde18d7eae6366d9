package trace;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the placements of a replay as text: one line {@code ID OFFSET} per block born, the id
 * decimal, the offset from the heap's lowest address in lower-case hexadecimal without prefix.
 *
 * <p>A heap may grow downward, so its lowest address is known for certain only at the end. Until
 * then births lie in a temporary file, 16 bytes each; memory does not grow with their number.
 */
public final class PlacementWriter implements PlacementSink, AutoCloseable {
  private final Path spool;
  private final DataOutputStream births;
  private long count;

  private PlacementWriter(Path spool, DataOutputStream births) {
    this.spool = spool;
    this.births = births;
  }

  /**
   * Creates a writer with an empty temporary file.
   *
   * @return the writer; closing it removes the file
   * @throws TraceException if the file cannot be made
   */
  public static PlacementWriter create() throws TraceException {
    try {
      Path spool = Files.createTempFile("quarry", ".placements");
      OutputStream stream = Files.newOutputStream(spool);
      return new PlacementWriter(spool, new DataOutputStream(new BufferedOutputStream(stream)));
    } catch (IOException e) {
      throw failure("temporary file", e);
    }
  }

  @Override
  public void placed(long id, long address) throws TraceException {
    try {
      births.writeLong(id);
      births.writeLong(address);
      count++;
    } catch (IOException e) {
      throw failure(spool.toString(), e);
    }
  }

  /**
   * Writes the text of all births told so far.
   *
   * @param out where to write; it is flushed, not closed
   * @param name what error messages call it
   * @param lowestAddress the lowest address that the heap has ever imported
   * @throws TraceException if writing fails
   */
  public void writeTo(OutputStream out, String name, long lowestAddress) throws TraceException {
    try {
      births.flush();
    } catch (IOException e) {
      throw failure(spool.toString(), e);
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(spool)))) {
      BufferedOutputStream text = new BufferedOutputStream(out);
      for (long i = 0; i < count; i++) {
        String line = in.readLong() + " " + Long.toHexString(in.readLong() - lowestAddress) + "\n";
        text.write(line.getBytes(StandardCharsets.US_ASCII));
      }
      text.flush();
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /** Removes the temporary file. */
  @Override
  public void close() throws TraceException {
    try (births) {
      Files.deleteIfExists(spool);
    } catch (IOException e) {
      throw failure(spool.toString(), e);
    }
  }

  private static TraceException failure(String name, IOException e) {
    TraceException failure =
        new TraceException(name, 0, "", "cannot be written: " + e, "check the folder and its disk");
    failure.initCause(e);
    return failure;
  }
}
