package hardware.api;

import java.util.Set;

/**
 * One level of a page walk as it was read from RAM.
 *
 * @param level 4 for the root table of a four-level format, 1 for the last
 * @param name the level's name in the format, such as {@code PML4} or {@code PT}
 * @param index the index of the entry in its table
 * @param entryAddress the physical address of the entry
 * @param entry the raw entry
 * @param flags the entry's set flags by the format's names, in the format's order
 * @param target the physical address that the entry points to: the next table or the page
 * @param leaf true if the entry ends the walk with a translation
 */
public record WalkStep(
    int level,
    String name,
    int index,
    long entryAddress,
    long entry,
    Set<String> flags,
    long target,
    boolean leaf) {}
