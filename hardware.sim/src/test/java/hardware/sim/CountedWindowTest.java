package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hardware.api.AddressSpace;
import hardware.api.HostWindow;
import hardware.api.PageFault;
import hardware.api.PageFlags;
import hardware.api.Window;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountedWindowTest {
  private static final long BASE = 0xffff_9000_0000_0000L;
  private static final int PAGES = 16;
  private static final int BYTES = PAGES * 4096;

  private final SimMachine machine = Machines.of(0, GIB);
  private final AddressSpace space = machine.createAddressSpace(new FramePool(0x100, 64));
  private final HostWindow direct = space.openWindow(BASE, BYTES);
  private final Window counted = machine.mmu().countedWindow(space, 0, BASE, BYTES);

  @AfterEach
  void switchOff() {
    space.close();
    machine.close();
  }

  /** Maps and attaches each page to a frame of its own, neighbours far from each other. */
  private void back() {
    for (int page = 0; page < PAGES; page++) {
      long frame = 0x1000L + (page * 7 % PAGES) * 3L;
      space.map(BASE + page * 4096L, frame, 1, PageFlags.KERNEL_DATA);
      direct.attach(BASE + page * 4096L, frame, 1);
    }
  }

  @Test
  void shouldAgreeWithTheDirectWindowOnEveryAccess() {
    back();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      long address = BASE + random.nextInt(BYTES - 8);
      address = random.nextInt(4) == 0 ? (address & -4096) + 4090 + random.nextInt(6) : address;
      address = Math.min(address, BASE + BYTES - 8);
      String message = "seed " + seed + " step " + step;
      long value = random.nextLong();
      boolean swap = random.nextBoolean();
      Window writer = swap ? counted : direct.window();
      Window reader = swap ? direct.window() : counted;
      switch (random.nextInt(5)) {
        case 0 -> writer.putLong(address, value);
        case 1 -> writer.putInt(address, (int) value);
        case 2 -> writer.putByte(address, (byte) value);
        case 3 -> fill(writer, random, (byte) value);
        default -> compareCopy(random, message);
      }
      assertEquals(writer.getLong(address), reader.getLong(address), message);
      assertEquals(writer.getInt(address), reader.getInt(address), message);
      assertEquals(writer.getByte(address), reader.getByte(address), message);
    }
    for (long at = BASE; at < BASE + BYTES; at += 8) {
      assertEquals(direct.window().getLong(at), counted.getLong(at), "seed " + seed);
    }
  }

  private static void fill(Window writer, Random random, byte value) {
    int from = random.nextInt(BYTES);
    writer.fill(BASE + from, random.nextInt(BYTES - from), value);
  }

  /** One copy by the counted window, and the bytes it should have made. */
  private void compareCopy(Random random, String message) {
    int bytes = random.nextInt(BYTES / 2);
    int from = random.nextInt(BYTES - bytes);
    int to = random.nextInt(2) == 0 ? random.nextInt(BYTES - bytes) : from / 2;
    byte[] expected = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      expected[i] = direct.window().getByte(BASE + from + i);
    }
    counted.copy(BASE + from, BASE + to, bytes);
    for (int i = 0; i < bytes; i++) {
      assertEquals(expected[i], direct.window().getByte(BASE + to + i), message);
    }
  }

  @Test
  void shouldTranslateAnAccessAcrossPagesOncePerPage() {
    back();
    machine.mmu().resetCounters();
    counted.putLong(BASE + 4092, -1);
    assertEquals(2, machine.mmu().counters().accesses());
    counted.putLong(BASE + 4088, -1);
    assertEquals(3, machine.mmu().counters().accesses());
    counted.putInt(BASE + 4093, -1);
    counted.getInt(BASE + 4092);
    assertEquals(6, machine.mmu().counters().accesses());
  }

  @Test
  void shouldWriteNothingIfTheSecondPageFaults() {
    space.map(BASE, 0x1000, 1, PageFlags.KERNEL_DATA);
    PageFault fault = assertThrows(PageFault.class, () -> counted.putLong(BASE + 4092, -1));
    assertEquals(PageFault.Cause.NOT_PRESENT, fault.reason());
    assertEquals(0, counted.getInt(BASE + 4092));
  }

  @Test
  void shouldFaultWhereTheFrameIsNoRam() {
    space.map(BASE, GIB >>> 12, 1, PageFlags.KERNEL_DATA);
    PageFault fault = assertThrows(PageFault.class, () -> counted.getLong(BASE));
    assertEquals(PageFault.Cause.MALFORMED, fault.reason());
  }

  @Test
  void shouldFaultWhereNothingIsMapped() {
    assertThrows(PageFault.class, () -> counted.getByte(BASE + MIB));
    assertThrows(PageFault.class, () -> counted.fill(BASE, 1, (byte) 0));
    assertThrows(PageFault.class, () -> counted.copy(BASE, BASE + 8, 1));
    assertThrows(IllegalArgumentException.class, () -> counted.fill(BASE, -1, (byte) 0));
    counted.fill(BASE, 0, (byte) 0);
  }
}
