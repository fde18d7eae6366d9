package kernel.backing;

/**
 * How frames are put behind addresses.
 *
 * @param pageShift log2 of the page size in bytes
 * @param clusterOrder log2 of the pages that share one frame block, 0 to 6: a cluster's pages are
 *     the bits of one word
 * @param lazyPages released pages that may wait for a flush
 */
public record BackingPolicy(int pageShift, int clusterOrder, long lazyPages) {}
