package workbench.compare;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where finished cells are kept, so that a comparison that was interrupted goes on where it was: a
 * JSON object per line, appended when a cell is finished and never changed. A last line without a
 * line feed was cut off by the interruption and is taken away.
 *
 * <p>Safe for use by several threads; locked against a second process.
 */
public final class StateFile implements AutoCloseable {
  private static final Gson GSON = new Gson();

  private final Map<String, JsonElement> finished = new HashMap<>();
  private final @Nullable FileChannel channel;

  private StateFile(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** {@return a state that is kept in memory alone} */
  public static StateFile none() {
    return new StateFile(null);
  }

  /**
   * Opens a state file, or begins one.
   *
   * @param file the file
   * @return what is finished already
   * @throws IOException if it cannot be read or written, is in use, or is no state file
   */
  @SuppressWarnings("resource") // the state owns the channel
  public static StateFile open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    StateFile state = new StateFile(channel);
    try {
      lock(channel, file);
      state.read(file, channel);
      return state;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path file) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new IOException(inUse(file), e);
    }
    if (lock == null) {
      throw new IOException(inUse(file));
    }
  }

  private static String inUse(Path file) {
    return file + " is in use by another comparison; name another with --state";
  }

  private void read(Path file, FileChannel into) throws IOException {
    String text = Files.readString(file);
    int whole = text.lastIndexOf('\n') + 1;
    int number = 0;
    for (String line : text.substring(0, whole).lines().toList()) {
      number++;
      try {
        JsonObject object = JsonParser.parseString(line).getAsJsonObject();
        finished.put(object.get("key").getAsString(), object.get("value"));
      } catch (JsonParseException | IllegalStateException | NullPointerException e) {
        throw new IOException(
            "%s:%d: no line of a state file; name another file with --state"
                .formatted(file, number),
            e);
      }
    }
    into.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
    into.position(into.size());
  }

  /** {@return the number of finished entries} */
  public synchronized int size() {
    return finished.size();
  }

  /** Returns what was kept under a key. */
  synchronized <T> Optional<T> get(String key, Class<T> type) {
    return Optional.ofNullable(finished.get(key)).map(value -> GSON.fromJson(value, type));
  }

  /** Keeps a value, on disk when this method returns. */
  synchronized void put(String key, String what, Object value) throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("key", key);
    line.addProperty("what", what);
    line.add("value", GSON.toJsonTree(value));
    finished.put(key, line.get("value"));
    if (channel != null) {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
