package heap.dl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** A trace in arrays: kind, block, and up to two numbers per event. */
final class Events {
  /** Is told of each block born. */
  @FunctionalInterface
  interface Birth {
    void born(int id, long address) throws IOException;
  }

  byte[] kind = new byte[1 << 16];
  int[] block = new int[1 << 16];
  long[] first = new long[1 << 16];
  long[] second = new long[1 << 16];
  int count;
  int blocks;

  static Events read(InputStream gzipped) throws IOException {
    Events events = new Events();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(gzipped), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#") && !line.startsWith("t ")) {
          events.add(line);
        }
      }
    }
    return events;
  }

  private void add(String line) {
    if (count == kind.length) {
      kind = Arrays.copyOf(kind, 2 * count);
      block = Arrays.copyOf(block, 2 * count);
      first = Arrays.copyOf(first, 2 * count);
      second = Arrays.copyOf(second, 2 * count);
    }
    String[] fields = line.split(" ", -1);
    kind[count] = (byte) fields[0].charAt(0);
    block[count] = Integer.parseInt(fields[1]);
    first[count] = fields.length > 2 ? Long.parseLong(fields[2]) : 0;
    second[count] = fields.length > 3 ? Long.parseLong(fields[3]) : 0;
    int newest = kind[count] == 'r' ? (int) first[count] : block[count];
    blocks = Math.max(blocks, newest + 1);
    count++;
  }

  /**
   * Plays the events.
   *
   * @param at block to address, 0 if not live; filled here
   * @param birth told of each block and its address
   */
  void play(DlHeap heap, long[] at, Birth birth) throws IOException {
    for (int i = 0; i < count; i++) {
      int id = block[i];
      switch (kind[i]) {
        case 'a' -> at[id] = heap.allocate(0, first[i]);
        case 'c' -> at[id] = heap.allocateZeroed(0, first[i] * second[i]);
        case 'm' -> at[id] = heap.allocateAligned(0, first[i], second[i]);
        case 'r' -> {
          long old = at[id];
          at[id] = 0;
          id = (int) first[i];
          at[id] = heap.resize(0, old, second[i]);
        }
        default -> {
          heap.free(0, at[id]);
          at[id] = 0;
          continue;
        }
      }
      birth.born(id, at[id]);
    }
  }
}
