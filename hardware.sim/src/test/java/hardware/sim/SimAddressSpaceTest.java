package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.CorruptionException;
import hardware.api.AddressSpace;
import hardware.api.MappingVisitor;
import hardware.api.PageFlags;
import hardware.api.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimAddressSpaceTest {
  private static final long KERNEL = 0xffff_8000_0000_0000L;
  private static final MappingVisitor IGNORE = (address, frame, pages, entry) -> {};

  private final SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, 4 * GIB);
  private final FramePool pool = new FramePool(0x100, 64);
  private final AddressSpace space = machine.createAddressSpace(pool);

  @AfterEach
  void giveBackEveryTable() {
    space.close();
    assertEquals(0, pool.out(), "table frames out at the end");
    machine.close();
  }

  @Test
  void shouldBeginWithAnEmptyRoot() {
    assertEquals(1, space.tableFrames());
    assertEquals(0x100000, space.root());
    assertEquals(KERNEL, space.kernelBase());
    assertEquals(AddressSpace.UNMAPPED, space.translate(0));
    assertEquals(512, space.checkInvariants());
  }

  @Test
  void shouldWriteEntriesInTheManualsFormat() {
    assertTrue(space.map(0x40_0000_3000L, 0x1234, 1, PageFlags.USER_DATA));
    List<WalkStep> steps = space.walk(0x40_0000_3abcL);
    assertEquals(List.of("PML4", "PDPT", "PD", "PT"), steps.stream().map(WalkStep::name).toList());
    assertEquals(List.of(0, 256, 0, 3), steps.stream().map(WalkStep::index).toList());
    assertEquals(space.root(), steps.getFirst().entryAddress());
    long table = steps.get(1).entryAddress() & -4096;
    assertEquals(table | 7, steps.getFirst().entry(), "table, present, writable, user");
    WalkStep leaf = steps.getLast();
    assertEquals(0x8000_0000_0123_4007L, leaf.entry(), "no-execute, page, present, writable, user");
    assertEquals(0x1234000, leaf.target());
    assertTrue(leaf.leaf());
    assertEquals(Set.of("P", "RW", "US", "NX"), leaf.flags());
    assertEquals(0x1234abc, space.translate(0x40_0000_3abcL));
  }

  @Test
  void shouldKeepUserModeOutOfTheKernelsHalf() {
    assertTrue(space.map(KERNEL, 1, 1, PageFlags.KERNEL_DATA));
    for (WalkStep step : space.walk(KERNEL)) {
      assertFalse(step.flags().contains("US"), step.toString());
    }
    assertThrows(
        IllegalArgumentException.class, () -> space.map(KERNEL + MIB, 1, 1, PageFlags.USER_DATA));
  }

  @Test
  void shouldUseTheLargestLeavesThatFit() {
    long address = GIB - 2 * MIB - 4096;
    long pages = 1 + 512 + (1 << 18) + 512 + 1;
    assertTrue(space.map(address, address >>> 12, pages, PageFlags.WRITABLE | PageFlags.LARGE));
    List<Long> sizes = new ArrayList<>();
    space.leaves((va, frame, count, entry) -> sizes.add(count));
    assertEquals(List.of(1L, 512L, 1L << 18, 512L, 1L), sizes);
    assertEquals(6, space.tableFrames(), "root, PDPT, two PDs and two PTs");
    assertEquals(5 * 512 + 512, space.checkInvariants());
    assertEquals(GIB + 12345, space.translate(GIB + 12345));
    assertEquals(3, space.walk(GIB).size() + 1, "a 1 GiB leaf ends the walk at the PDPT");
  }

  @Test
  void shouldUseSmallLeavesWhereTheFrameIsNotAligned() {
    assertTrue(space.map(2 * MIB, 0x201, 512, PageFlags.LARGE));
    assertEquals(0x201000, space.translate(2 * MIB));
    assertEquals(4, space.walk(2 * MIB).size());
  }

  @Test
  void shouldMapToTheVeryEndOfBothHalves() {
    assertTrue(space.map(-4096, 7, 1, PageFlags.KERNEL_DATA));
    assertTrue(space.map((1L << 47) - 4096, 8, 1, 0));
    assertEquals(0x7fff, space.translate(-1));
    assertEquals(0x8fff, space.translate((1L << 47) - 1));
    assertEquals(1, space.unmap(-4096, 1, IGNORE));
    assertEquals(AddressSpace.UNMAPPED, space.translate(-1));
  }

  @Test
  void shouldRefuseBadRanges() {
    long end = 1L << 47;
    for (long address : new long[] {1, end, KERNEL - 4096, end - 4096}) {
      assertThrows(IllegalArgumentException.class, () -> space.map(address, 1, 2, 0));
    }
    assertThrows(IllegalArgumentException.class, () -> space.map(0, 1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> space.map(0, 1, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> space.map(0, -1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> space.map(0, 1L << 40, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> space.unmap(-4096, 2, IGNORE));
    assertThrows(IllegalArgumentException.class, () -> space.protect(0, Long.MAX_VALUE, 0));
    assertEquals(1, space.tableFrames());
  }

  @Test
  void shouldChangeNothingWhenAPageIsMappedAlready() {
    space.map(5 * MIB, 9, 1, 0);
    AllocatorException e =
        assertThrows(AllocatorException.class, () -> space.map(4 * MIB, 100, 600, 0));
    Machines.assertSays(e, "0x0000000000500000");
    assertEquals(AddressSpace.UNMAPPED, space.translate(4 * MIB));
    assertEquals(4, space.tableFrames());
    space.map(8 * MIB, 0x800, 512, PageFlags.LARGE);
    assertThrows(AllocatorException.class, () -> space.map(9 * MIB, 1, 1, 0));
    assertThrows(AllocatorException.class, () -> space.map(4 * MIB, 0x400, 512, PageFlags.LARGE));
    space.checkInvariants();
  }

  @Test
  void shouldChangeNothingWhenTableFramesRunOut() {
    pool.leave(3);
    assertFalse(space.map(2 * MIB - 4096, 1, 2, 0), "needs four tables");
    assertEquals(1, space.tableFrames());
    assertEquals(1, pool.out());
    assertTrue(space.map(2 * MIB - 4096, 1, 1, 0));
    assertFalse(space.map(2 * MIB, 2, 1, 0));
    space.checkInvariants();
  }

  @Test
  void shouldGiveTablesBackWhenTheyBecomeEmpty() {
    space.map(0, 1, 1024, 0);
    assertEquals(5, space.tableFrames());
    List<String> seen = new ArrayList<>();
    MappingVisitor note =
        (address, frame, pages, entry) -> seen.add(address + ":" + frame + "+" + pages);
    assertEquals(1, space.unmap(4096, 1, note));
    assertEquals(1023, space.unmap(0, 5000, note));
    assertEquals(List.of("4096:2+1", "0:1+1", "8192:3+510", "2097152:513+512"), seen);
    assertEquals(1, space.tableFrames());
    assertEquals(0, space.unmap(0, 5000, note));
  }

  @Test
  void shouldGiveTablesBackEvenIfTheVisitorThrows() {
    space.map(0, 1, 1, 0);
    MappingVisitor bad =
        (address, frame, pages, entry) -> {
          throw new IllegalStateException("visitor");
        };
    assertThrows(IllegalStateException.class, () -> space.unmap(0, 1, bad));
    assertEquals(1, space.tableFrames());
    space.checkInvariants();
  }

  @Test
  void shouldSplitALargeLeafOfWhichAPartIsUnmapped() {
    space.map(GIB, GIB >>> 12, 1 << 18, PageFlags.WRITABLE | PageFlags.LARGE);
    assertEquals(2, space.tableFrames());
    assertEquals(1, space.unmap(GIB + 5 * MIB, 1, IGNORE));
    assertEquals(4, space.tableFrames());
    assertEquals(AddressSpace.UNMAPPED, space.translate(GIB + 5 * MIB));
    assertEquals(GIB + 5 * MIB + 4096, space.translate(GIB + 5 * MIB + 4096));
    assertEquals(2 * GIB - 1, space.translate(2 * GIB - 1));
    space.checkInvariants();
    assertEquals((1 << 18) - 1, space.unmap(GIB, 1 << 18, IGNORE));
    assertEquals(1, space.tableFrames());
  }

  @Test
  void shouldChangeNothingWhenThereIsNoFrameToSplitWith() {
    space.map(GIB, GIB >>> 12, 1 << 18, PageFlags.LARGE);
    pool.leave(1);
    AllocatorException e =
        assertThrows(AllocatorException.class, () -> space.unmap(GIB + MIB, 2, IGNORE));
    Machines.assertSays(e, "2 tables");
    assertEquals(GIB + MIB, space.translate(GIB + MIB));
    assertEquals(512, space.protect(GIB + 2 * MIB, 512, PageFlags.WRITABLE), "one split is enough");
    assertThrows(AllocatorException.class, () -> space.protect(GIB + MIB, 2, 0));
    space.checkInvariants();
  }

  @Test
  void shouldChangePermissionsAndKeepTheRest() {
    space.map(0, 1, 4, PageFlags.USER_DATA);
    assertEquals(2, space.protect(4096, 2, PageFlags.EXECUTABLE | PageFlags.GLOBAL));
    assertEquals(Set.of("P", "G"), space.walk(4096).getLast().flags());
    assertEquals(Set.of("P", "RW", "US", "NX"), space.walk(0).getLast().flags());
    assertEquals(0x2000, space.translate(4096));
    assertEquals(0, space.protect(MIB, 100, 0), "nothing is mapped there");
  }

  @Test
  void shouldWalkToTheEntryThatIsNotPresent() {
    space.map(0, 1, 1, 0);
    List<WalkStep> steps = space.walk(4096);
    assertEquals(4, steps.size());
    assertFalse(steps.getLast().leaf());
    assertEquals(1, space.walk(1L << 40).size());
    assertEquals(List.of(), space.walk(1L << 47));
    assertEquals(AddressSpace.UNMAPPED, space.translate(KERNEL - 1));
  }

  @Test
  void shouldRefuseEntriesThatPointOutsideRamOrHaveReservedBits() {
    space.map(0, 1, 1, 0);
    long root = space.root();
    SimMemory memory = machine.memory();
    long good = memory.entry(root);
    memory.setEntry(root, 0xa0007);
    assertEquals(AddressSpace.UNMAPPED, space.translate(0));
    assertEquals(1, space.walk(0).size());
    memory.setEntry(root, good | 0x80);
    assertEquals(AddressSpace.UNMAPPED, space.translate(0));
    assertTrue(space.walk(0).getLast().flags().contains("RSVD"));
    CorruptionException e = assertThrows(CorruptionException.class, space::checkInvariants);
    Machines.assertSays(e, "level 4 entry", "reserved");
    memory.setEntry(root, good);
    memory.setEntry(root + 8, good);
    assertThrows(CorruptionException.class, space::checkInvariants, "one table reached twice");
    memory.setEntry(root + 8, 0);
    space.checkInvariants();
  }

  @Test
  void shouldReuseTagsOfClosedSpacesAndRefuseUseAfterClose() {
    AddressSpace second = machine.createAddressSpace(pool);
    assertEquals(space.asid() + 1, second.asid());
    second.map(0, 1, 1, 0);
    second.close();
    second.close();
    assertEquals(1, pool.out());
    assertThrows(IllegalStateException.class, () -> second.map(0, 1, 1, 0));
    try (AddressSpace third = machine.createAddressSpace(pool)) {
      assertEquals(second.asid(), third.asid());
    }
  }

  @Test
  void shouldSayThatThereIsNoFrameForTheRoot() {
    pool.leave(0);
    assertThrows(AllocatorException.class, () -> machine.createAddressSpace(pool));
  }
}
