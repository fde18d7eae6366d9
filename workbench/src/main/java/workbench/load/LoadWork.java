package workbench.load;

import java.nio.file.Path;
import java.util.OptionalLong;

/** What the threads of a load do: calls that are made up, or those of a trace. */
public sealed interface LoadWork {
  /**
   * Calls made up from a seed: heavy-tailed sizes, and blocks that other threads free than
   * allocated them.
   *
   * @param shape how the live set moves
   * @param liveBytes the most requested bytes that all threads together ever keep live, 4096 to
   *     2^46; without it, an eighth of RAM, at most 64 MiB
   * @param blocks the most blocks that they keep live, 1 to 2^24; without it, one per 128 live
   *     bytes
   * @param largestBytes size of the largest block, 1 to 2^40; without it, a quarter of what a
   *     thread may keep live, at most 1 MiB
   */
  record Synthetic(
      LoadShape shape, OptionalLong liveBytes, OptionalLong blocks, OptionalLong largestBytes)
      implements LoadWork {
    /** The mixed shape within the bounds that the machine suggests. */
    public static final Synthetic DEFAULT =
        new Synthetic(
            LoadShape.MIXED, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    private static final long LEAST_LIVE = 4096; // a page: with less there is no choice of sizes
    private static final long MOST_LIVE = 1L << 46; // the kernel's half of the address space
    private static final long MOST_BLOCKS = 1L << 24; // 24 bytes of tables each: 384 MiB
    private static final long MOST_LARGEST = 1L << 40;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Synthetic {
      liveBytes.ifPresent(value -> LoadSpec.check("live bytes", value, LEAST_LIVE, MOST_LIVE));
      blocks.ifPresent(value -> LoadSpec.check("blocks", value, 1, MOST_BLOCKS));
      largestBytes.ifPresent(value -> LoadSpec.check("largest block", value, 1, MOST_LARGEST));
    }
  }

  /**
   * The calls of a trace, of which each thread makes its own copy, all on one CPU: the trace's
   * changes of thread are passed over.
   *
   * @param trace the trace file, in any format that {@link trace.TraceReader} recognises
   * @param loop whether to begin again, after freeing what the trace leaves live
   */
  record Traced(Path trace, boolean loop) implements LoadWork {}
}
