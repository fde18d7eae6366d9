package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.AddressSpace;
import hardware.api.Mmu;
import hardware.api.MmuCounters;
import hardware.api.PageFault;
import hardware.api.PageFlags;
import hardware.api.TlbEntry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimMmuTest {
  private static final Map<String, String> SHAPE =
      Map.of("cpus", "3", "tlb.4k", "2x2", "tlb.2m", "1x2", "tlb.1g", "1x1", "tlb.l2", "4x2");

  private final SimMachine machine = Machines.with(SHAPE, 0x1000, 0x9f000, MIB, 4 * GIB);
  private final FramePool pool = new FramePool(0x100, 64);
  private final AddressSpace space = machine.createAddressSpace(pool);
  private final Mmu mmu = machine.mmu();

  @AfterEach
  void switchOff() {
    space.close();
    assertEquals(0, pool.out());
    machine.close();
  }

  private long read(long address) {
    return mmu.access(space, 0, address, Mmu.READ);
  }

  private PageFault fault(long address, int access) {
    return assertThrows(PageFault.class, () -> mmu.access(space, 0, address, access));
  }

  @Test
  void shouldWalkOnceAndThenHit() {
    space.map(0x5000, 0x300, 1, PageFlags.USER_DATA);
    assertEquals(0x300123, read(0x5123));
    assertEquals(new MmuCounters(1, 0, 0, 1, 4, 0, 0, 0, 0), mmu.counters());
    assertEquals(0x300fff, read(0x5fff));
    assertEquals(new MmuCounters(2, 1, 0, 1, 4, 0, 0, 0, 0), mmu.counters());
    mmu.resetCounters();
    assertEquals(new MmuCounters(0, 0, 0, 0, 0, 0, 0, 0, 0), mmu.counters());
  }

  @Test
  void shouldReadFewerTablesForLargerPages() {
    space.map(2 * MIB, 0x200, 512, PageFlags.LARGE);
    space.map(GIB, GIB >>> 12, 1 << 18, PageFlags.LARGE);
    assertEquals(3 * MIB, read(3 * MIB));
    assertEquals(3, mmu.counters().walkSteps());
    assertEquals(GIB + 77, read(GIB + 77));
    assertEquals(5, mmu.counters().walkSteps());
    List<Long> sizes = mmu.tlb(0).stream().map(TlbEntry::pageBytes).toList();
    assertEquals(List.of(2 * MIB, GIB, 2 * MIB), sizes, "first level, then second");
  }

  @Test
  void shouldUseAStaleTranslationUntilItIsInvalidated() {
    space.map(0, 0x300, 1, PageFlags.WRITABLE);
    read(0);
    space.unmap(0, 1, (address, frame, pages, entry) -> {});
    assertEquals(0x300000, read(0), "the TLB does not know yet");
    space.invalidate(0, 1);
    assertEquals(PageFault.Cause.NOT_PRESENT, fault(0, Mmu.READ).reason());
  }

  @Test
  void shouldReplaceTheLeastRecentlyUsedWay() {
    SimMachine plain = Machines.with(Map.of("tlb.4k", "2x2", "tlb.l2", "0x1"), 0, 16 * MIB);
    try (AddressSpace other = plain.createAddressSpace(new FramePool(1, 8))) {
      other.map(0, 0x100, 8, 0);
      Mmu small = plain.mmu();
      small.access(other, 0, 0x0000, Mmu.READ);
      small.access(other, 0, 0x2000, Mmu.READ);
      small.access(other, 0, 0x0000, Mmu.READ);
      small.access(other, 0, 0x4000, Mmu.READ);
      List<Long> pages = small.tlb(0).stream().map(TlbEntry::page).toList();
      assertEquals(List.of(0L, 0x4000L), pages, "page 2 was used least recently in set 0");
    } finally {
      plain.close();
    }
  }

  @Test
  void shouldFindInTheSecondLevelWhatTheFirstHasLost() {
    space.map(0, 0x300, 16, 0);
    for (long page = 0; page < 3; page++) {
      read(page * 0x2000);
    }
    assertEquals(3, mmu.counters().walks());
    read(0);
    assertEquals(1, mmu.counters().secondLevelHits());
    assertEquals(1, mmu.counters().hits());
    assertEquals(3, mmu.counters().walks());
  }

  @Test
  void shouldSetAccessedAndDirtyBits() {
    space.map(0, 0x300, 1, PageFlags.USER_DATA);
    read(0);
    assertEquals(Set.of("P", "RW", "US", "A", "NX"), space.walk(0).getLast().flags());
    assertTrue(space.walk(0).getFirst().flags().contains("A"));
    assertFalse(mmu.tlb(0).getFirst().dirty());
    mmu.access(space, 0, 8, Mmu.WRITE);
    assertTrue(space.walk(0).getLast().flags().contains("D"));
    assertFalse(space.walk(0).getFirst().flags().contains("D"), "D is for leaves");
    assertTrue(mmu.tlb(0).getFirst().dirty());
    assertEquals(2, mmu.counters().walks(), "the first write has to reach the table");
    mmu.access(space, 0, 16, Mmu.WRITE);
    assertEquals(2, mmu.counters().walks());
    assertEquals(1, space.checkInvariants() % 512 == 0 ? 1 : 0);
  }

  @Test
  void shouldFaultWithTheRightCauseAndLevel() {
    space.map(0x1000, 0x300, 1, 0);
    space.map(2 * MIB, 0x200, 512, PageFlags.USER | PageFlags.LARGE);
    assertFault(0x1000, Mmu.WRITE, PageFault.Cause.READ_ONLY, 1);
    assertFault(0x1000, Mmu.FETCH, PageFault.Cause.NO_EXECUTE, 1);
    assertFault(0x1000, Mmu.READ | Mmu.AS_USER, PageFault.Cause.SUPERVISOR_ONLY, 1);
    assertFault(2 * MIB, Mmu.WRITE | Mmu.AS_USER, PageFault.Cause.READ_ONLY, 2);
    assertFault(0x2000, Mmu.READ, PageFault.Cause.NOT_PRESENT, 1);
    assertFault(1L << 40, Mmu.READ, PageFault.Cause.NOT_PRESENT, 4);
    assertFault(1L << 47, Mmu.READ, PageFault.Cause.NOT_CANONICAL, 0);
    assertEquals(7, mmu.counters().faults());
    read(0x1000);
    assertFault(0x1000, Mmu.WRITE, PageFault.Cause.READ_ONLY, 1);
    assertEquals(8, mmu.counters().faults(), "a fault out of the TLB");
    machine.memory().setEntry(space.root(), machine.memory().entry(space.root()) | 0x80);
    assertFault(0, Mmu.READ, PageFault.Cause.MALFORMED, 4);
    machine.memory().setEntry(space.root(), machine.memory().entry(space.root()) & ~0x80);
  }

  private void assertFault(long address, int access, PageFault.Cause cause, int level) {
    PageFault fault = fault(address, access);
    assertEquals(cause, fault.reason());
    assertEquals(level, fault.level());
    assertEquals(address, fault.address());
  }

  @Test
  void shouldKeepAddressSpacesApartAndShareGlobalPages() {
    try (AddressSpace other = machine.createAddressSpace(pool)) {
      space.map(0, 0x300, 1, 0);
      other.map(0, 0x301, 1, 0);
      space.map(-4096, 0x302, 1, PageFlags.KERNEL_DATA);
      assertEquals(0x300000, read(0));
      assertEquals(0x301000, mmu.access(other, 0, 0, Mmu.READ));
      assertEquals(0x300000, read(0));
      read(-4096);
      assertEquals(0x302000, mmu.access(other, 0, -4096, Mmu.READ), "global");
      mmu.flush(0);
      assertTrue(mmu.tlb(0).stream().allMatch(TlbEntry::global));
      assertFalse(mmu.tlb(0).isEmpty());
    }
  }

  @Test
  void shouldForgetTheTranslationsOfAClosedAddressSpace() {
    AddressSpace other = machine.createAddressSpace(pool);
    other.map(0, 0x301, 1, 0);
    mmu.access(other, 0, 0, Mmu.READ);
    int asid = other.asid();
    other.close();
    assertTrue(mmu.tlb(0).stream().noneMatch(entry -> entry.asid() == asid));
  }

  @Test
  void shouldCountFlushesAndShootdowns() {
    space.map(0, 0x300, 8, 0);
    read(0);
    space.invalidate(0, 8);
    MmuCounters one = mmu.counters();
    assertEquals(List.of(1L, 8L, 0L), List.of(one.flushes(), one.flushedPages(), one.shootdowns()));
    read(0);
    mmu.access(space, 2, 0x1000, Mmu.READ);
    space.invalidate(0, 2);
    assertEquals(1, mmu.counters().shootdowns());
    assertEquals(2, mmu.counters().flushes());
    assertEquals(List.of(), mmu.tlb(2));
    mmu.flush(1);
    assertEquals(3, mmu.counters().flushes());
  }

  @Test
  void shouldInvalidateOnlyWhatTheRangeTouches() {
    space.map(0, 0x300, 8, 0);
    space.map(2 * MIB, 0x200, 512, PageFlags.LARGE);
    read(0x1000);
    read(0x2000);
    read(2 * MIB);
    space.invalidate(0x1000, 1);
    space.invalidate(3 * MIB, 1);
    List<Long> left = mmu.tlb(0).stream().map(TlbEntry::page).distinct().toList();
    assertEquals(List.of(0x2000L), left);
  }

  @Test
  void shouldRefuseWhatIsNotOurs() {
    try (SimMachine other = Machines.of(0, 4 * MIB);
        AddressSpace foreign = other.createAddressSpace(new FramePool(1, 4))) {
      assertThrows(IllegalArgumentException.class, () -> mmu.access(foreign, 0, 0, Mmu.READ));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> mmu.access(space, 3, 0, Mmu.READ));
    assertThrows(IllegalArgumentException.class, () -> mmu.access(space, 0, 0, 3));
    assertThrows(IllegalArgumentException.class, () -> mmu.access(space, 0, 0, 8));
  }

  @Test
  void shouldDescribeItsShape() {
    assertEquals(
        "4 KiB: 2 sets x 2 ways; 2 MiB: 1 set x 2 ways; 1 GiB: 1 set x 1 way; second level for"
            + " 4 KiB and 2 MiB: 4 sets x 2 ways; least recently used way replaced",
        mmu.tlbShape());
  }
}
