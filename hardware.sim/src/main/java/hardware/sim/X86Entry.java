package hardware.sim;

import hardware.api.PageFlags;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The layout of x86-64 page-table entries with four levels: Intel 64 and IA-32 Architectures
 * Software Developer's Manual, volume 3, "4-Level Paging".
 *
 * <pre>
 *  63 62       52 51                                      12 11  9  8   7   6   5   4   3   2   1   0
 * +--+-----------+------------------------------------------+-----+---+---+---+---+---+---+---+---+---+
 * |NX|  ignored  | physical address, bits 51 to 12          | ign | G |PS | D | A |PCD|PWT|US |RW | P |
 * +--+-----------+------------------------------------------+-----+---+---+---+---+---+---+---+---+---+
 *                 2 MiB leaf: bit 12 PAT, 20 to 13 reserved         |
 *                 1 GiB leaf: bit 12 PAT, 29 to 13 reserved         level 4: reserved; level 1: PAT
 *
 * A virtual address:  63..48 copies of bit 47 | 47..39 PML4 | 38..30 PDPT | 29..21 PD | 20..12 PT | 11..0
 * </pre>
 *
 * <p>D and G mean something in leaves only.
 */
final class X86Entry {
  /** Levels of tables, the root being the highest. */
  static final int LEVELS = 4;

  /** Highest level whose entries may be leaves. */
  static final int LEAF_LEVELS = 3;

  /** Entries of a table. */
  static final int ENTRIES = 512;

  /** Binary logarithm of the bytes of an entry. */
  static final int ENTRY_SHIFT = 3;

  static final long PRESENT = 1;
  static final long WRITABLE = 1 << 1;
  static final long USER = 1 << 2;
  static final long WRITE_THROUGH = 1 << 3;
  static final long CACHE_DISABLE = 1 << 4;
  static final long ACCESSED = 1 << 5;
  static final long DIRTY = 1 << 6;
  static final long LARGE = 1 << 7;
  static final long GLOBAL = 1 << 8;
  static final long NO_EXECUTE = 1L << 63;

  /** The bits that {@link PageFlags} decide. */
  static final long PERMISSIONS = WRITABLE | USER | GLOBAL | NO_EXECUTE;

  /** The address bits of an entry: 52-bit physical addresses. */
  static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  /** The lowest address of the upper, the kernel's, half. */
  static final long KERNEL_BASE = 0xffff_8000_0000_0000L;

  private static final int INDEX_BITS = 9;
  private static final int PAGE_SHIFT = SimMemory.PAGE_SHIFT;
  private static final int UNUSED_BITS = 16; // of a virtual address: copies of bit 47
  private static final long PAT_LARGE = 1 << 12; // the attribute bit of a large leaf
  private static final String[] LEVEL_NAMES = {"", "PT", "PD", "PDPT", "PML4"};
  private static final String[] FLAG_NAMES = {
    "P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G"
  }; // by bit number

  private X86Entry() {}

  /** {@return the binary logarithm of the bytes that one entry of a level stands for} */
  static int shift(int level) {
    return PAGE_SHIFT + INDEX_BITS * (level - 1);
  }

  /** {@return the bytes that one entry of a level stands for} */
  static long span(int level) {
    return 1L << shift(level);
  }

  /** {@return the last address that the entry for an address stands for} */
  static long lastOf(long address, int level) {
    return address | (span(level) - 1);
  }

  /** {@return the index into the table of a level for an address} */
  static int index(long address, int level) {
    return (int) (address >>> shift(level)) & (ENTRIES - 1);
  }

  /** {@return the physical address of the entry for a virtual address} */
  static long slot(long table, long address, int level) {
    return table + ((long) index(address, level) << ENTRY_SHIFT);
  }

  /** {@return whether all upper bits of an address are copies of bit 47} */
  static boolean canonical(long address) {
    return address << UNUSED_BITS >> UNUSED_BITS == address;
  }

  /** {@return whether an entry is present} */
  static boolean present(long entry) {
    return (entry & PRESENT) != 0;
  }

  /** {@return whether a present entry of a level ends the walk} */
  static boolean leaf(long entry, int level) {
    return level == 1 || (level <= LEAF_LEVELS && (entry & LARGE) != 0);
  }

  /** {@return the bits of a present entry that are reserved and set; 0 if it is well formed} */
  static long reserved(long entry, int level) {
    if ((entry & LARGE) == 0 || level == 1) {
      return 0;
    }
    return level > LEAF_LEVELS ? LARGE : entry & (span(level) - 1) & ADDRESS & ~PAT_LARGE;
  }

  /** {@return the physical address of the table that an entry points to} */
  static long table(long entry) {
    return entry & ADDRESS;
  }

  /** {@return the physical address of the page that a leaf points to} */
  static long page(long leaf, int level) {
    return leaf & ADDRESS & -span(level);
  }

  /** {@return the physical address of a byte in the page that a leaf points to} */
  static long translated(long leaf, int level, long address) {
    return page(leaf, level) | (address & (span(level) - 1));
  }

  /** {@return the permission bits of a leaf, present} */
  static long leafBits(int flags) {
    return PRESENT
        | ((flags & PageFlags.WRITABLE) != 0 ? WRITABLE : 0)
        | ((flags & PageFlags.USER) != 0 ? USER : 0)
        | ((flags & PageFlags.GLOBAL) != 0 ? GLOBAL : 0)
        | ((flags & PageFlags.EXECUTABLE) != 0 ? 0 : NO_EXECUTE);
  }

  /**
   * {@return an entry that points to a table: the leaf beneath decides, except across the halves}
   */
  static long tableEntry(long table, long address) {
    return table | PRESENT | WRITABLE | (address >= 0 ? USER : 0);
  }

  /** {@return the name of a level} */
  static String levelName(int level) {
    return LEVEL_NAMES[level];
  }

  /** {@return the names of the set flags of an entry, in the order of their bits} */
  static Set<String> names(long entry, int level) {
    boolean leaf = leaf(entry, level);
    Set<String> names = new LinkedHashSet<>();
    for (int bit = 0; bit < FLAG_NAMES.length; bit++) {
      if (((entry >>> bit) & 1) != 0 && (leaf || (((DIRTY | GLOBAL) >>> bit) & 1) == 0)) {
        names.add(level == 1 && 1L << bit == LARGE ? "PAT" : FLAG_NAMES[bit]);
      }
    }
    addHighNames(entry, level, leaf, names);
    return Collections.unmodifiableSet(names);
  }

  private static void addHighNames(long entry, int level, boolean leaf, Set<String> names) {
    if (leaf && level > 1 && (entry & PAT_LARGE) != 0) {
      names.add("PAT");
    }
    if ((entry & NO_EXECUTE) != 0) {
      names.add("NX");
    }
    if (present(entry) && reserved(entry, level) != 0) {
      names.add("RSVD");
    }
  }
}
