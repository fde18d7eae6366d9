package vmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import allocator.arena.ArenaTuning;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * Replays a recorded sequence of calls to the original and compares every address and walk.
 *
 * <p>Lines: {@code C BASE SIZE QUANTUM -> ok} create; {@code S BASE SIZE -> ok} add a span; {@code
 * a ID SIZE POLICY -> ADDRESS} allocate; {@code x ID SIZE ALIGN PHASE NOCROSS MIN MAX POLICY ->
 * ADDRESS} allocate within constraints; {@code f ID} free; {@code W alloc= free= segs: BASE+SIZE …}
 * totals and free segments. Numbers are hexadecimal except IDs; address 0 is a failure.
 */
final class Recording {
  private final Map<String, long[]> live = new HashMap<>(); // base, size, 1 if constrained
  private final ArenaTuning settings;
  private VmemArena arena = Arenas.of("recording", 1);
  private String line = "";
  private int number;
  private int compared;

  /**
   * Begins a replay.
   *
   * @param allocator the process-wide policy that the recording was made with
   */
  Recording(String allocator) {
    this.settings = Arenas.settings("allocator", allocator);
  }

  /** Replays all lines and returns how many answers were compared. */
  int replay(BufferedReader lines) throws IOException {
    for (String next = lines.readLine(); next != null; next = lines.readLine()) {
      line = next;
      number++;
      if (!line.startsWith("#") && !line.isBlank()) {
        step(line.split(" "));
      }
    }
    arena.checkInvariants();
    return compared;
  }

  private void step(String[] word) {
    switch (word[0]) {
      case "C" -> create(hex(word[1]), hex(word[2]), hex(word[3]));
      case "S" -> arena.addSpan(hex(word[1]), hex(word[2]));
      case "a" ->
          answer(
              word[1],
              hex(word[2]),
              false,
              word[5],
              arena.allocate(0, hex(word[2]), policy(word[3])));
      case "x" ->
          answer(
              word[1],
              hex(word[2]),
              true,
              word[10],
              arena.allocateConstrained(0, hex(word[2]), constraints(word), policy(word[8])));
      case "f" -> free(word);
      case "W" -> {
        compared++;
        assertEquals(line.strip(), walk().strip(), "line " + number);
      }
      default -> throw new IllegalArgumentException(number + ": " + line);
    }
  }

  private void create(long base, long size, long quantum) {
    arena = new VmemArena(ArenaSpec.of("recording", quantum), settings, 1, a -> {});
    arena.addSpan(base, size);
  }

  private static AddressConstraints constraints(String[] word) {
    return new AddressConstraints(
        hex(word[3]), hex(word[4]), hex(word[5]), hex(word[6]), hex(word[7]));
  }

  private void answer(String id, long size, boolean constrained, String expected, long found) {
    long shown = found == AddressArena.NONE ? 0 : found;
    compared++;
    assertEquals(expected, Long.toHexString(shown), "line " + number + ": " + line);
    if (found != AddressArena.NONE) {
      live.put(id, new long[] {found, size, constrained ? 1 : 0});
    }
  }

  private void free(String[] word) {
    if (word.length > 2) {
      return; // "(was null)": the allocation had failed
    }
    long[] range = live.remove(word[1]);
    assertNotNull(range, "line " + number + ": " + line);
    if (range[2] == 1) {
      arena.freeConstrained(0, range[0], range[1]);
    } else {
      arena.free(0, range[0], range[1]);
    }
  }

  private String walk() {
    long used = arena.allocatedBytes();
    StringBuilder text =
        new StringBuilder(
            "W alloc=%x free=%x segs: ".formatted(used, Arenas.figure(arena, "mem_total") - used));
    arena.walkFree((base, size, attributes) -> {
      text.append("%x+%x ".formatted(base, size));
      return true;
    });
    return text.toString();
  }

  private static FitPolicy policy(String letter) {
    return switch (letter) {
      case "B" -> FitPolicy.BEST;
      case "F" -> FitPolicy.FIRST;
      case "N" -> FitPolicy.NEXT;
      default -> FitPolicy.INSTANT;
    };
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
