package physmem.api;

/**
 * The kind of frame that a request wants, packed in an {@code int}: mobility, highest zone, and
 * modifiers. Zero is an unmovable frame from any zone.
 *
 * <pre>
 *  31 .. 16        15 .. 8          7 .. 4        3 .. 2         1 .. 0
 * | unused | preferred node + 1 | modifiers | highest zone | mobility |
 * </pre>
 */
public final class FrameFlags {
  /** The frame stays where it is until it is freed. */
  public static final int UNMOVABLE = 0;

  /** The owner can be asked to let the frame's contents move to another frame. */
  public static final int MOVABLE = 1;

  /** The frame stays where it is, but its owner can be asked to give it up. */
  public static final int RECLAIMABLE = 2;

  /** Selects the mobility. */
  public static final int MOBILITY_MASK = 3;

  /** From any zone; the highest suitable zone is tried first. */
  public static final int ANY_ZONE = 0;

  /** Only below 4 GiB. */
  public static final int DMA32 = 1 << 2;

  /** Only below 16 MiB. */
  public static final int DMA = 2 << 2;

  /** Selects the highest zone. */
  public static final int ZONE_MASK = 3 << 2;

  /** May dip into what is kept back for requests that cannot wait. */
  public static final int ATOMIC = 1 << 4;

  /** May fail early: do not steal, compact or reclaim for it. */
  public static final int NO_RETRY = 1 << 5;

  /** Stands for the order of a live range that is a run of any length and not a block. */
  public static final int RUN = 0xFF;

  private static final int ORDER_MASK = 0xFF;
  private static final int NODE_SHIFT = 8;
  private static final int NODE_MASK = 0xFF;

  private FrameFlags() {}

  /**
   * {@return flags with a preferred NUMA node}
   *
   * @param flags the flags without a node
   * @param node the node, 0 to 254
   */
  public static int onNode(int flags, int node) {
    return flags | ((node + 1) << NODE_SHIFT);
  }

  /**
   * {@return the preferred node, or -1 if there is none}
   *
   * @param flags the flags
   */
  public static int node(int flags) {
    return ((flags >>> NODE_SHIFT) & NODE_MASK) - 1;
  }

  /**
   * {@return the mobility: {@link #UNMOVABLE}, {@link #MOVABLE} or {@link #RECLAIMABLE}}
   *
   * @param flags the flags
   */
  public static int mobility(int flags) {
    return flags & MOBILITY_MASK;
  }

  /**
   * {@return the attributes that {@link allocator.api.Allocator#walk} shows for a live range: the
   * flags above, the order below}
   *
   * @param order the order of a block, or {@link #RUN} for a run of any length
   * @param flags the flags it was allocated with, as far as the engine remembers them
   */
  public static long attributes(int order, int flags) {
    return ((long) flags << Integer.SIZE) | (order & ORDER_MASK);
  }

  /**
   * {@return the order in the attributes of a live range, or {@link #RUN}}
   *
   * @param attributes what a walk showed
   */
  public static int order(long attributes) {
    return (int) attributes & ORDER_MASK;
  }

  /**
   * {@return the flags in the attributes of a live range}
   *
   * @param attributes what a walk showed
   */
  public static int flags(long attributes) {
    return (int) (attributes >>> Integer.SIZE);
  }
}
