package workbench.synthetic;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Hoard's test for passive false sharing: one thread asks for a small block per thread and hands
 * them out; each thread frees its own and from then on asks, writes and frees. A heap that gives a
 * thread the block it was handed lets threads write to the same cache line.
 */
/*
 * The original measures the harm in time. Here it is counted as well: in the first rounds the
 * threads wait for each other while all hold a block, and one of them counts the lines of 64 bytes
 * in which blocks of several threads lie. The rounds after these run freely.
 */
final class CacheScratch implements HeapGenerator {
  /**
   * The count of cache lines with blocks of several threads, over all rounds that were looked at.
   */
  static final String SHARED = "false-sharing lines";

  /** The count of rounds that were looked at. */
  static final String LOOKED = "rounds looked at";

  private static final int LINE_SHIFT = 6; // 64 bytes
  private static final int MOST = 1 << 24;

  @Override
  public String name() {
    return "cache-scratch";
  }

  @Override
  public String description() {
    return "Each thread frees a block that another asked for, then asks, writes and frees: counts"
        + " the 64-byte lines that hold blocks of several threads (passive false sharing).";
  }

  @Override
  public String source() {
    return "E. Berger, K. McKinley, R. Blumofe, P. Wilson: Hoard. ASPLOS 2000, section 5";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("iterations", 100_000, 1, MOST, "rounds of each thread"),
        new Parameter("size", 8, 8, MOST, "size of each block in bytes"),
        new Parameter("writes", 20, 0, MOST, "writes to each block"),
        new Parameter("looks", 100, 0, MOST, "rounds in which lines are counted"));
  }

  @Override
  public List<Part<HeapClient>> parts(RunSpec run) {
    Shared shared = new Shared(run);
    return run.parts(number -> client -> shared.scratch(number, client));
  }

  /** What the threads of a run share. */
  private static final class Shared {
    private final RunSpec run;
    private final Meeting meeting;
    private final AtomicReferenceArray<@Nullable Block> handed;
    private final AtomicLongArray held;
    private final long size;

    Shared(RunSpec run) {
      this.run = run;
      this.meeting = new Meeting(run.threads());
      this.handed = new AtomicReferenceArray<>(run.threads());
      this.held = new AtomicLongArray(run.threads());
      this.size = run.parameters().get("size");
    }

    void scratch(int thread, HeapClient client) throws InterruptedException {
      if (thread == 0) {
        for (int i = 0; i < run.threads(); i++) {
          handed.set(i, client.allocate(size));
        }
      }
      meeting.await();
      Block first = handed.get(thread);
      if (first != null) {
        client.free(first);
      }
      long looks = Math.min(run.parameters().get("looks"), run.parameters().get("iterations"));
      for (long i = 0; i < run.parameters().get("iterations"); i++) {
        round(thread, i < looks, client);
      }
    }

    private void round(int thread, boolean looked, HeapClient client) throws InterruptedException {
      Block block = client.allocate(size);
      if (looked) {
        held.set(thread, block == null ? 0 : block.address());
        if (meeting.await()) {
          client.count(SHARED, sharedLines());
          client.count(LOOKED, 1);
        }
        meeting.await();
      }
      if (block != null) {
        for (long i = 0; i < run.parameters().get("writes"); i++) {
          client.write(block, i);
        }
        client.free(block);
      }
    }

    private long sharedLines() {
      Set<Long> seen = new HashSet<>();
      Set<Long> several = new HashSet<>();
      for (int i = 0; i < held.length(); i++) {
        long address = held.get(i);
        for (long line = address >>> LINE_SHIFT;
            address != 0 && line <= (address + size - 1) >>> LINE_SHIFT;
            line++) {
          if (!seen.add(line)) {
            several.add(line);
          }
        }
      }
      return several.size();
    }
  }
}
