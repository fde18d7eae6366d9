package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.HostMemoryException;
import hardware.api.HostWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimHostWindowTest {
  private static final long BASE = 0xffff_9000_0000_0000L;
  private static final int PAGES = 64;

  private final long mappingsBefore = HostMappings.PROCESS.used();
  private SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, GIB);
  private SimAddressSpace space = space();
  private SimHostWindow window = window(PAGES);

  private SimAddressSpace space() {
    return (SimAddressSpace) machine.createAddressSpace(new FramePool(1, 100));
  }

  private SimHostWindow window(long pages) {
    return (SimHostWindow) space.openWindow(BASE, pages << 12);
  }

  @AfterEach
  void switchOff() {
    machine.close();
    assertEquals(mappingsBefore, HostMappings.PROCESS.used(), "mappings counted after the end");
  }

  @Test
  void shouldShowAttachedFramesAtTheirAddresses() {
    window.attach(BASE + 0x3000, 0x200, 2);
    window.window().putLong(BASE + 0x4ffc, 0x1234_5678_9abc_def0L);
    machine.memory().window().putInt(0x201ffc, 99);
    assertEquals(99, window.window().getInt(BASE + 0x4ffc));
    window.attach(BASE + 0x10000, 0x201, 1);
    assertEquals(99, window.window().getInt(BASE + 0x10ffc), "one frame behind two pages");
  }

  @Test
  void shouldHaveScratchMemoryWhereNothingIsAttached() {
    window.window().putLong(BASE + 0x5000, 5);
    window.attach(BASE + 0x5000, 0x300, 1);
    assertEquals(0, window.window().getLong(BASE + 0x5000));
    window.window().putLong(BASE + 0x5000, 6);
    window.detach(BASE + 0x5000, 1);
    assertEquals(0, window.window().getLong(BASE + 0x5000));
    assertEquals(6, machine.memory().window().getLong(0x300000), "contents stay in the frame");
    window.window().putLong(BASE + PAGES * 4096 - 4, -1);
  }

  @Test
  void shouldRefuseWhatIsNotInTheWindow() {
    for (long address : new long[] {BASE - 4096, BASE + PAGES * 4096, BASE + 8, 0}) {
      assertThrows(IllegalArgumentException.class, () -> window.attach(address, 0x200, 1));
    }
    assertThrows(IllegalArgumentException.class, () -> window.attach(BASE, 0x200, PAGES + 1));
    assertThrows(IllegalArgumentException.class, () -> window.detach(BASE, 0));
    assertThrows(IllegalArgumentException.class, () -> window.detach(BASE, Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> window.attach(BASE, 0x9f, 1));
  }

  @Test
  void shouldRefuseASecondWindowOverTheSameAddresses() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> space.openWindow(BASE, MIB));
    Machines.assertSays(e, "another window");
    try (HostWindow beside = space.openWindow(BASE + MIB, MIB)) {
      assertEquals(BASE + MIB, beside.window().base());
    }
    window.close();
    window = window(PAGES);
  }

  @Test
  void shouldRefuseBadShapesOfWindows() {
    assertThrows(IllegalArgumentException.class, () -> space.openWindow(0, 3 * MIB));
    assertThrows(IllegalArgumentException.class, () -> space.openWindow(MIB, 2 * MIB));
    assertThrows(IllegalArgumentException.class, () -> space.openWindow(0, 2048));
    assertThrows(IllegalArgumentException.class, () -> space.openWindow(1L << 47, MIB));
  }

  @Test
  void shouldBeHarmlessAfterClose() {
    window.attach(BASE, 0x200, 4);
    window.window().putLong(BASE, 1);
    window.close();
    window.close();
    window.window().putLong(BASE, 2);
    assertEquals(1, machine.memory().window().getLong(0x200000));
    assertThrows(IllegalStateException.class, () -> window.attach(BASE, 0x200, 1));
  }

  @Test
  void shouldShowTheFramesOfAModelAfterRandomChanges() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long[] model = new long[PAGES];
    for (int frame = 0; frame < 256; frame++) {
      machine.memory().supply(0x400 + frame, 1);
      machine.memory().window().putLong((0x400L + frame) << 12, 0x400 + frame);
    }
    for (int step = 0; step < 400; step++) {
      int page = random.nextInt(PAGES);
      int count = 1 + random.nextInt(PAGES - page);
      long frame = random.nextInt(3) == 0 ? 0 : 0x400 + random.nextInt(257 - count);
      if (frame == 0) {
        window.detach(BASE + page * 4096L, count);
      } else {
        window.attach(BASE + page * 4096L, frame, count);
      }
      for (int i = 0; i < count; i++) {
        model[page + i] = frame == 0 ? 0 : frame + i;
      }
      String message = "seed " + seed + " step " + step;
      for (int i = 0; i < PAGES; i++) {
        assertEquals(model[i], window.window().getLong(BASE + i * 4096L), message + " page " + i);
        assertEquals(model[i] == 0 ? -1 : model[i], window.frameBehind(BASE + i * 4096L), message);
      }
      assertEquals(mappings(model), HostMappings.PROCESS.used() - machineMappings(), message);
    }
  }

  private static long mappings(long[] frames) {
    long mappings = 1;
    for (int i = 1; i < frames.length; i++) {
      mappings += frames[i] == (frames[i - 1] == 0 ? 0 : frames[i - 1] + 1) ? 0 : 1;
    }
    return mappings;
  }

  private long machineMappings() {
    return mappingsBefore + 2L * machine.memory().spans().count() + 1;
  }

  @Test
  void shouldCountAsManyMappingsAsTheKernelHas() throws IOException {
    long before = kernelMappings();
    long counted = HostMappings.PROCESS.used();
    HostWindow large = space.openWindow(BASE + GIB, GIB);
    for (int i = 0; i < 3000; i++) {
      large.attach(BASE + GIB + i * 8192L, 0x400 + 2 * i, 1);
    }
    long more = HostMappings.PROCESS.used() - counted;
    assertEquals(6000, more, "scratch and frame in turn");
    long seen = kernelMappings() - before;
    assertTrue(Math.abs(seen - more) < 300, "kernel has " + seen + " more, counted were " + more);
  }

  private static long kernelMappings() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
    return lines.size();
  }

  @Test
  void shouldSayThatTheHostHasNoMoreMappingsBeforeItHasNone() {
    HostMappings few = new HostMappings(80);
    few.add(70);
    HostMemoryException e = assertThrows(HostMemoryException.class, () -> few.add(1));
    Machines.assertSays(e, "70 mappings", "vm.max_map_count");
    few.add(-1);
    few.add(1);
    assertEquals(70, few.used());
  }

  @Test
  void shouldLiveOnWhenAttachmentsRunOut() {
    HostWindow large = space.openWindow(BASE + GIB, GIB);
    HostMemoryException e =
        assertThrows(
            HostMemoryException.class,
            () -> {
              for (int i = 0; i < 100_000; i++) {
                large.attach(BASE + GIB + i * 8192L, 0x400 + (i & 1), 1);
              }
            });
    Machines.assertSays(e, "vm.max_map_count");
    large.window().putLong(BASE + GIB, 1);
    large.window().putLong(BASE + 2 * GIB - 8, 1);
    large.close();
  }
}
