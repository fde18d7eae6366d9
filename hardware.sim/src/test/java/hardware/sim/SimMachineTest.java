package hardware.sim;

import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import allocator.api.BadSettingException;
import allocator.api.Settings;
import hardware.api.Machine;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimMachineTest {
  @Test
  void shouldDescribeItself() {
    try (SimMachine machine = Machines.with(Map.of("cpus", "1"), 0x1000, 0x9f000, MIB, 3 * MIB)) {
      assertEquals(
          "x86-64 4-level, 1 CPU, 2.6 MiB of RAM in 2 spans below 0x300000, held in "
              + machine.memory().file(),
          machine.description());
      assertEquals("x86-64 4-level", machine.pageTableFormat());
      assertEquals(2, machine.map().usable().size());
    }
  }

  @Test
  void shouldBeBuiltByTheService() {
    Settings settings = new Settings("machine", Map.of("cpus", "5"));
    try (Machine machine = new SimMachineFactory().build(Machines.map(0, MIB), settings)) {
      assertEquals(5, machine.cpus());
    }
  }

  @Test
  void shouldRefuseBadSettings() {
    for (String text : new String[] {"16", "3x4", "16x0", "x", "16x4x2", "-1x4"}) {
      BadSettingException e =
          assertThrows(
              BadSettingException.class, () -> Machines.with(Map.of("tlb.4k", text), 0, MIB));
      Machines.assertSays(e, "machine:tlb.4k=" + text, "SETSxWAYS");
    }
    assertThrows(BadSettingException.class, () -> Machines.with(Map.of("cpus", "-1"), 0, MIB));
    assertThrows(BadSettingException.class, () -> Machines.with(Map.of("cpus", "many"), 0, MIB));
  }

  @Test
  void shouldRefuseAMapWithoutRam() {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, Machines::of);
    Machines.assertSays(e, "0 usable spans");
  }

  @Test
  void shouldCloseWindowsAndRamWithTheMachine() {
    long before = HostMappings.PROCESS.used();
    SimMachine machine = Machines.of(0, 16 * MIB);
    var space = machine.createAddressSpace(new FramePool(1, 8));
    var window = space.openWindow(0, MIB);
    window.attach(0, 0x200, 4);
    machine.close();
    assertEquals(before, HostMappings.PROCESS.used());
    window.window().putLong(0, 1);
    assertEquals(0, space.tableFrames() - 1);
    assertThrows(
        IllegalStateException.class, () -> machine.createAddressSpace(new FramePool(1, 8)));
    space.close();
  }
}
