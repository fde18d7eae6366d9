package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.HostWindow;
import hardware.api.MappingVisitor;
import hardware.api.PageFlags;
import hardware.api.WalkStep;
import java.util.ArrayList;
import java.util.List;

/** An address space in x86-64 page tables with four levels. */
final class SimAddressSpace implements AddressSpace {
  /*
   * 1. The tables. Four levels of 512 entries of 8 bytes, in frames of simulated RAM that the frame
   * source paid for; X86Entry has the bits. Nothing of a translation is kept outside of RAM: walk and
   * translate read RAM each time, and an MMU that is given the dump and the root register sees the
   * same. Outside are only the counts of present entries per table (TableCounts), which say when a
   * table is empty. They could lie in the ignored bits of the parent's entry; but then a simple tool
   * that masks fewer bits than the manual says would read wrong addresses from the dump.
   *
   * 2. Upper levels. As in Linux, an entry that points to a table allows everything that its half
   * may, and the leaf decides: present and writable, and user in the lower half. So no change of a
   * permission has to touch more than leaves. In the kernel's half user mode is shut out above.
   *
   * 3. Mapping is all or nothing. A first pass over the range (MapOperation) refuses what is mapped
   * and counts the missing tables; their frames are taken and supplied; the second pass cannot fail.
   * A range is walked from the root once, not once per page: each level's loop covers the part of the
   * range that its table stands for, and the last writes a run of entries. A new table is filled
   * before its parent's entry is written, so that a reader beside sees all of it or nothing.
   *
   * 4. Large leaves are used where virtual and physical address have the same offset in 2 MiB or
   * 1 GiB and the range covers it all, if the caller allows it. Where unmap or protect would cut one,
   * LeafSplitter first replaces it by a table of the next smaller leaves that says the same. It takes
   * frames, so it comes before any change, and a shortage changes nothing. Tables of small leaves are
   * not collapsed into large ones again.
   *
   * 5. Unmapping clears entries, tells the visitor, and gives tables that have become empty back, up
   * to the root. A table's frame may be reused at once: the modelled MMU caches leaves only, not
   * tables. The frames of the pages may not: that is for the caller to order, after invalidate.
   *
   * 6. Beside the MMU. The counted MMU sets accessed and dirty bits by compare-and-set, and repeats
   * its walk if an entry has changed. Here entries are therefore cleared by exchange and changed by
   * compare-and-set, so that no dirty bit is lost and none is set in an entry that is gone.
   *
   * 7. Windows. A host window is reserved for a stretch of addresses; what the kernel maps there it
   * attaches too. The two are separate calls because they come in different pieces: entries by page,
   * attachments by cluster. While they agree, so do the fast and the counted path.
   *
   * 8. What was not done. No protection keys, no PAT or cache types, no SMEP or SMAP. No sharing of
   * the kernel's half between address spaces: each has its own.
   *
   * References: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3, chapter
   * "Paging"; Linux arch/x86/include/asm/pgtable_types.h (_PAGE_TABLE, _KERNPG_TABLE).
   */

  private static final int SHIFT = SimMemory.PAGE_SHIFT;
  private static final long HALF_PAGES = 1L << (47 - SHIFT); // pages of one canonical half

  private final SimMachine machine;
  private final SimMemory memory;
  private final int asid;
  private final TableStore store;
  private final TableReader reader;
  private final MapOperation mapping;
  private final LeafSplitter splitter;
  private final UnmapOperation unmapping;
  private final ProtectOperation protecting;
  private final List<SimHostWindow> windows = new ArrayList<>();
  private boolean closed;

  /**
   * Makes an address space with an empty root.
   *
   * @param machine the machine that it belongs to
   * @param asid its tag in the TLB
   * @param source where its tables take their frames from
   */
  SimAddressSpace(SimMachine machine, int asid, FrameSource source) {
    this.machine = machine;
    this.memory = machine.memory();
    this.asid = asid;
    this.store = new TableStore(memory, source);
    this.reader = new TableReader(memory);
    this.mapping = new MapOperation(store);
    this.splitter = new LeafSplitter(store);
    this.unmapping = new UnmapOperation(store);
    this.protecting = new ProtectOperation(store);
  }

  @Override
  public int asid() {
    return asid;
  }

  @Override
  public long root() {
    return store.root();
  }

  @Override
  public long tableFrames() {
    return closed ? 0 : store.tables();
  }

  @Override
  public long kernelBase() {
    return X86Entry.KERNEL_BASE;
  }

  @Override
  public boolean map(long address, long frame, long pages, int flags) {
    long last = checkedLast(address, pages);
    checkFlags(address, flags);
    if (frame < 0 || frame > (X86Entry.ADDRESS >>> SHIFT) - (pages - 1)) {
      throw new IllegalArgumentException(
          "frames 0x%x + %d do not fit in 52-bit physical addresses".formatted(frame, pages));
    }
    boolean large = (flags & PageFlags.LARGE) != 0;
    return mapping.run(address, last, frame << SHIFT, X86Entry.leafBits(flags), large);
  }

  @Override
  public long unmap(long address, long pages, MappingVisitor visitor) {
    long last = checkedLast(address, pages);
    splitter.split(address, last);
    return unmapping.run(address, last, visitor);
  }

  @Override
  public long protect(long address, long pages, int flags) {
    long last = checkedLast(address, pages);
    checkFlags(address, flags);
    splitter.split(address, last);
    return protecting.run(address, last, X86Entry.leafBits(flags));
  }

  @Override
  public void leaves(MappingVisitor visitor) {
    checkOpen();
    reader.leaves(root(), visitor);
  }

  @Override
  public long translate(long address) {
    return closed ? UNMAPPED : reader.translate(root(), address);
  }

  @Override
  public List<WalkStep> walk(long address) {
    return closed ? List.of() : reader.walk(root(), address);
  }

  @Override
  public void invalidate(long address, long pages) {
    machine.mmu().invalidate(asid, address, pages);
  }

  @Override
  public HostWindow openWindow(long address, long bytes) {
    checkOpen();
    boolean fits = Long.bitCount(bytes) == 1 && bytes >= SimMemory.PAGE_BYTES;
    if (!fits
        || (address & (bytes - 1)) != 0
        || !X86Entry.canonical(address)
        || !X86Entry.canonical(address + (bytes - 1))) {
      throw new IllegalArgumentException(
          "window 0x%x + 0x%x: size must be a power of two of at least a page, and the base a canonical multiple of it"
              .formatted(address, bytes));
    }
    synchronized (windows) {
      if (windows.stream().anyMatch(other -> other.overlaps(address, bytes))) {
        throw new IllegalArgumentException(
            "window 0x%x + 0x%x: another window is open there".formatted(address, bytes));
      }
      SimHostWindow opened = new SimHostWindow(memory, address, bytes, this::forget);
      windows.add(opened);
      return opened;
    }
  }

  @Override
  public long checkInvariants() {
    checkOpen();
    return TableCheck.run(store);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closeWindows();
    giveTables(LEVELS, root());
    closed = true;
    machine.forget(this);
  }

  /** {@return the machine that it belongs to} */
  SimMachine machine() {
    return machine;
  }

  /** Gives the windows back to the host; their memory stays harmless. */
  void closeWindows() {
    List<SimHostWindow> open;
    synchronized (windows) {
      open = List.copyOf(windows);
    }
    open.forEach(SimHostWindow::close);
  }

  private void forget(SimHostWindow window) {
    synchronized (windows) {
      windows.remove(window);
    }
  }

  private void giveTables(int level, long table) {
    for (int i = 0; level > 1 && i < X86Entry.ENTRIES; i++) {
      long entry = store.entry(table + ((long) i << X86Entry.ENTRY_SHIFT));
      if (X86Entry.present(entry) && !X86Entry.leaf(entry, level)) {
        giveTables(level - 1, X86Entry.table(entry));
      }
    }
    store.give(table);
  }

  /** {@return the last address of a range of pages within one half} */
  private long checkedLast(long address, long pages) {
    checkOpen();
    boolean aligned = (address & (SimMemory.PAGE_BYTES - 1)) == 0;
    long offset = (address >= 0 ? address : address - X86Entry.KERNEL_BASE) >>> SHIFT;
    if (!aligned || !X86Entry.canonical(address) || pages < 1 || pages > HALF_PAGES - offset) {
      throw new IllegalArgumentException(
          "%d pages at 0x%016x: not page-aligned, not canonical or not within one half"
              .formatted(pages, address));
    }
    return address + (pages << SHIFT) - 1;
  }

  private static void checkFlags(long address, int flags) {
    if (address < 0 && (flags & PageFlags.USER) != 0) {
      throw new IllegalArgumentException(
          "0x%016x lies in the kernel's half, which user mode cannot enter".formatted(address));
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("address space " + asid + " is closed");
    }
  }
}
