package hardware.api;

/**
 * One valid entry of a TLB.
 *
 * @param level 1 for the first level of TLB, 2 for the second
 * @param set the set it is in
 * @param way the way within the set
 * @param asid the address space it belongs to
 * @param page the virtual address of the page
 * @param frame the physical address of the page
 * @param pageBytes the size of the page in bytes
 * @param global true if it belongs to every address space
 * @param dirty true if a write went through it
 */
public record TlbEntry(
    int level,
    int set,
    int way,
    int asid,
    long page,
    long frame,
    long pageBytes,
    boolean global,
    boolean dirty) {}
