package workbench.compare;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What a counted run counts. Each is a simulated quantity, the same on every run, and each can be
 * given a price in cycles: see {@link CostModel}.
 */
public enum Count {
  /** Calls of the heap: allocations of all kinds, resizes and frees. */
  OPERATION("operation", "calls of the heap"),
  /** Plain allocations. */
  ALLOCATE("allocate", "plain allocations"),
  /** Zeroed allocations. */
  ZEROED("zeroed", "zeroed allocations"),
  /** Aligned allocations. */
  ALIGNED("aligned", "aligned allocations"),
  /** Resizes. */
  RESIZE("resize", "resizes"),
  /** Frees. */
  FREE("free", "frees"),
  /** Births that there was no memory for. */
  FAILURE("failure", "births without memory"),
  /** Resizes that gave the block another address. */
  MOVE("move", "resizes that moved the block"),
  /** Cache lines of contents that moved with them. */
  COPIED_LINE("copiedLine", "cache lines copied by moves"),
  /** Cache lines of zeroed allocations. */
  ZEROED_LINE("zeroedLine", "cache lines zeroed"),
  /** Frees and resizes on another CPU than the one that the block was born on. */
  REMOTE_FREE("remoteFree", "frees on another CPU than the birth's"),
  /** Calls of the heap that reached the kernel's spans: imports, extensions and releases. */
  BACKING_CALL("backingCall", "imports, extensions and releases of spans"),
  /** Locks that had to be taken: one per backing call, one per remote free. */
  LOCK("lock", "locks taken: one per backing call and per remote free"),
  /** First touches of blocks through the modelled TLB. */
  ACCESS("access", "accesses of the client through the TLB"),
  /** Look-ups that missed the first level of the TLB and found the second. */
  SECOND_LEVEL_HIT("secondLevelHit", "second-level TLB hits"),
  /** Page walks. */
  WALK("walk", "page walks"),
  /** Table entries read by walks. */
  WALK_STEP("walkStep", "table entries read by walks"),
  /** TLB flushes. */
  FLUSH("flush", "TLB flushes"),
  /** Pages that the flushes named. */
  FLUSHED_PAGE("flushedPage", "pages named by flushes"),
  /** Flushes that other CPUs had to take part in. */
  SHOOTDOWN("shootdown", "flushes that reached other CPUs"),
  /** Cache lines that the client touched. */
  LINE("line", "cache lines touched by the client"),
  /** Those of them that the modelled cache did not hold. */
  LINE_MISS("lineMiss", "cache lines missed");

  private final String key;
  private final String description;

  Count(String key, String description) {
    this.key = key;
    this.description = description;
  }

  /** {@return its name in files and on the command line} */
  public String key() {
    return key;
  }

  /** {@return what is counted} */
  public String description() {
    return description;
  }

  /**
   * {@return the number in a run's counts; 0 if they do not have it}
   *
   * @param counts numbers by key
   */
  public long of(Map<String, Long> counts) {
    return counts.getOrDefault(key, 0L);
  }

  /**
   * {@return the count of this name, if there is one}
   *
   * @param key a name as {@link #key} has it
   */
  public static Optional<Count> named(String key) {
    return Arrays.stream(values()).filter(count -> count.key.equals(key)).findFirst();
  }
}
