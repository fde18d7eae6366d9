package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import allocator.api.AllocatorException;
import hardware.api.AddressSpace;
import hardware.api.Mmu;
import hardware.api.PageFault;
import hardware.api.PageFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random operations against a sorted map of pages, and against an MMU that reads the image. */
class AddressSpaceModelTest {
  private static final long[] PLACES = {
    0, GIB - 3 * MIB, 0x7fff_c000_0000L, 0xffff_8000_0000_0000L, -GIB
  };
  private static final int REACH = 1 << 11; // pages at each place: 8 MiB

  private static final Map<String, String> SMALL =
      Map.of("cpus", "1", "tlb.4k", "4x2", "tlb.l2", "8x2"); // evictions happen

  private record Page(long frame, int flags) {}

  @TempDir Path directory;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final SimMachine machine = Machines.with(SMALL, 0x1000, 0x9f000, MIB, 8 * GIB);
  private final FramePool pool = new FramePool(0x100, 256);
  private final AddressSpace space = machine.createAddressSpace(pool);
  private final TreeMap<Long, Page> model = new TreeMap<>();
  private int step;

  @AfterEach
  void giveBackEveryTable() {
    space.close();
    assertEquals(0, pool.out(), this::message);
    machine.close();
  }

  @Test
  void shouldAgreeWithTheModelAndWithAnIndependentMmu() throws IOException {
    for (step = 0; step < 600; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> map();
        case 2, 3 -> unmap();
        default -> protect();
      }
      space.checkInvariants();
      if (step % 150 == 149) {
        compareAll();
        compareImage();
      }
    }
    PageCount count = new PageCount();
    for (long place : PLACES) {
      count.pages += space.unmap(place, REACH, (address, frame, pages, entry) -> {});
    }
    assertEquals(model.size(), count.pages, this::message);
    assertEquals(1, space.tableFrames(), this::message);
  }

  private static final class PageCount {
    long pages;
  }

  private void map() {
    long address = address();
    long pages = pages(address);
    int flags = flags(address) | (random.nextBoolean() ? PageFlags.LARGE : 0);
    boolean aligned = random.nextBoolean();
    long frame =
        aligned ? ((address >>> 12) & 0xfffff) | 0x100000 : 0x100000 + random.nextInt(1 << 19);
    Long taken = model.ceilingKey(address);
    if (taken != null && taken < address + (pages << 12) && taken >= address) {
      assertThrows(
          AllocatorException.class, () -> space.map(address, frame, pages, flags), this::message);
      return;
    }
    assertEquals(true, space.map(address, frame, pages, flags), this::message);
    for (long i = 0; i < pages; i++) {
      model.put(address + (i << 12), new Page(frame + i, flags & ~PageFlags.LARGE));
    }
  }

  private void unmap() {
    long address = address();
    long pages = pages(address);
    long[] next = {address};
    long gone =
        space.unmap(
            address,
            pages,
            (at, frame, count, entry) -> {
              assertEquals(true, at >= next[0], this::message);
              next[0] = at + (count << 12);
              for (long i = 0; i < count; i++) {
                Page page = model.remove(at + (i << 12));
                assertEquals(page == null ? -1 : page.frame, frame + i, this::message);
              }
            });
    assertEquals(true, gone <= pages, this::message);
    assertEquals(true, model.subMap(address, address + (pages << 12)).isEmpty(), this::message);
  }

  private void protect() {
    long address = address();
    long pages = pages(address);
    int flags = flags(address);
    var range = model.subMap(address, address + (pages << 12));
    assertEquals(range.size(), space.protect(address, pages, flags), this::message);
    range.replaceAll((at, page) -> new Page(page.frame, flags));
  }

  private long address() {
    int page = random.nextInt(REACH);
    page &= random.nextBoolean() ? -512 : -1; // often at a boundary of 2 MiB
    return PLACES[random.nextInt(PLACES.length)] + ((long) page << 12);
  }

  private long pages(long address) {
    long left = REACH - ((address - place(address)) >>> 12);
    long wanted = random.nextInt(3) == 0 ? 1 + random.nextInt(REACH) : 1 + random.nextInt(8);
    return Math.min(left, wanted);
  }

  private static long place(long address) {
    for (long place : PLACES) {
      if (address >= place && address - place < (long) REACH << 12) {
        return place;
      }
    }
    throw new AssertionError(address);
  }

  private int flags(long address) {
    int flags = random.nextInt(16);
    return address < 0 ? flags & ~PageFlags.USER : flags;
  }

  /** Every page of every place: translation, and what each kind of access may do. */
  private void compareAll() {
    for (long place : PLACES) {
      for (long i = -1; i <= REACH; i++) {
        long address = place + (i << 12) + 0x123;
        Page page = model.get(address & -4096);
        long expected = page == null ? AddressSpace.UNMAPPED : page.frame << 12 | 0x123;
        assertEquals(expected, space.translate(address), this::message);
        compareAccess(address, page, random.nextInt(3) | random.nextInt(2) * Mmu.AS_USER);
      }
    }
  }

  private void compareAccess(long address, @Nullable Page page, int access) {
    space.invalidate(address & -4096, 1);
    PageFault.@Nullable Cause cause = cause(page, address, access);
    try {
      long physical = machine.mmu().access(space, 0, address, access);
      assertEquals(null, cause, this::message);
      assertEquals(space.translate(address), physical, this::message);
    } catch (PageFault e) {
      assertEquals(cause, e.reason(), this::message);
    }
  }

  private static PageFault.@Nullable Cause cause(@Nullable Page page, long address, int access) {
    if (address << 16 >> 16 != address) {
      return PageFault.Cause.NOT_CANONICAL;
    }
    if (page == null) {
      return PageFault.Cause.NOT_PRESENT;
    }
    if ((access & Mmu.AS_USER) != 0 && (page.flags & PageFlags.USER) == 0) {
      return PageFault.Cause.SUPERVISOR_ONLY;
    }
    if ((access & 3) == Mmu.WRITE && (page.flags & PageFlags.WRITABLE) == 0) {
      return PageFault.Cause.READ_ONLY;
    }
    boolean executable = (page.flags & PageFlags.EXECUTABLE) != 0;
    return (access & 3) == Mmu.FETCH && !executable ? PageFault.Cause.NO_EXECUTE : null;
  }

  private void compareImage() throws IOException {
    Path image = directory.resolve("image");
    machine.memory().dump(image);
    try (ManualMmu manual = new ManualMmu(image, space.root())) {
      for (long place : PLACES) {
        for (long i = -1; i <= REACH; i++) {
          compareManual(manual, place + (i << 12) + random.nextInt(4096));
        }
      }
      for (int i = 0; i < 1000; i++) {
        compareManual(manual, random.nextLong());
      }
    }
  }

  private void compareManual(ManualMmu manual, long address) throws IOException {
    assertEquals(manual.translate(address), space.translate(address), this::message);
    int access = random.nextInt(3) | random.nextInt(2) * Mmu.AS_USER;
    boolean user = (access & Mmu.AS_USER) != 0;
    int kind = access & 3;
    long expected = manual.translate(address, kind == Mmu.WRITE, user, kind == Mmu.FETCH);
    space.invalidate(address & -4096, 1);
    long seen;
    try {
      seen = machine.mmu().access(space, 0, address, access);
    } catch (PageFault e) {
      seen = ManualMmu.FAULT;
    }
    assertEquals(expected, seen, this::message);
  }

  private String message() {
    return "seed " + seed + " step " + step;
  }
}
