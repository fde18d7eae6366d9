package hardware.sim;

import static hardware.sim.Machines.MIB;
import static hardware.sim.Machines.TIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.Window;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimMemoryTest {
  @TempDir Path directory;

  @Test
  void shouldReadBackWhatWasWrittenAtPhysicalAddresses() {
    try (SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, 4 * MIB)) {
      SimMemory memory = machine.memory();
      memory.supply(0x100, 2);
      memory.window().putLong(MIB + 4093, 0x1122_3344_5566_7788L);
      assertEquals(0x1122_3344_5566_7788L, memory.window().getLong(MIB + 4093));
      assertEquals((byte) 0x88, memory.window().getByte(MIB + 4093));
      assertEquals(4 * MIB, memory.top());
    }
  }

  @Test
  void shouldSurviveAccessToEveryAddressWhateverItIs() {
    try (SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, 3 * MIB)) {
      Window window = machine.memory().window();
      for (long address : new long[] {0, 0x9f000, 3 * MIB, 4 * MIB - 1, -1, Long.MIN_VALUE}) {
        window.putLong(address, 7);
        assertEquals(7, window.getLong(address), "at 0x" + Long.toHexString(address));
      }
    }
  }

  @Test
  void shouldSurviveAccessAfterClose() {
    SimMachine machine = Machines.of(0, 4 * MIB);
    Window window = machine.memory().window();
    machine.memory().supply(0, 1);
    window.putLong(0, 5);
    machine.close();
    machine.close();
    assertEquals(0, window.getLong(0), "contents are gone, the addresses are not");
    window.putLong(4 * MIB - 8, 1);
  }

  @Test
  void shouldRefuseToSupplyWhatIsNotRam() {
    try (SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, 4 * MIB)) {
      SimMemory memory = machine.memory();
      assertThrows(IllegalArgumentException.class, () -> memory.supply(0, 1));
      assertThrows(IllegalArgumentException.class, () -> memory.supply(0x9e, 2));
      assertThrows(IllegalArgumentException.class, () -> memory.supply(0x3ff, 2));
      assertThrows(IllegalArgumentException.class, () -> memory.supply(0x100, 0));
      assertThrows(IllegalArgumentException.class, () -> memory.supply(-1, 1));
      assertThrows(IllegalArgumentException.class, () -> memory.supply(0x100, Long.MAX_VALUE));
      memory.supply(0x9e, 1);
      memory.supply(0x3ff, 1);
    }
  }

  @Test
  void shouldKeepContentsWhenSuppliedAgainAndForgetThemWhenWithdrawn() {
    try (SimMachine machine = Machines.of(0, 4 * MIB)) {
      SimMemory memory = machine.memory();
      memory.supply(8, 4);
      memory.window().putLong(9 << 12, 42);
      memory.supply(6, 20);
      assertEquals(42, memory.window().getLong(9 << 12));
      assertEquals(20 << 12, memory.hostBytes());
      memory.withdraw(9, 2);
      assertEquals(18 << 12, memory.hostBytes());
      assertFalse(memory.supplied(9));
      assertTrue(memory.supplied(8));
      memory.supply(9, 1);
      assertEquals(0, memory.window().getLong(9 << 12));
    }
  }

  @Test
  void shouldOpenMachinesOfManyTerabytesQuicklyAndCheaply() {
    for (long top : new long[] {4 * TIB, 25 * TIB, 31 * TIB, 32 * TIB, 32 * TIB, 32 * TIB}) {
      Instant start = Instant.now();
      try (SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, TIB, top - TIB, top)) {
        SimMemory memory = machine.memory();
        memory.supply((top >>> 12) - 1, 1);
        memory.window().putLong(top - 8, 9);
        assertEquals(9, memory.window().getLong(top - 8));
        assertTrue(memory.hostBytes() <= 64 << 10, memory.hostBytes() + " bytes");
      }
      Duration took = Duration.between(start, Instant.now());
      assertTrue(took.toMillis() < 5000, took + " for " + Sizes.text(top));
    }
  }

  @Test
  void shouldReserveMetadataThatReadsAsZeroAndOutlivesTheMachineHarmlessly() {
    SimMachine machine = Machines.of(0, 4 * MIB);
    MemorySegment metadata = machine.memory().reserveMetadata(TIB);
    assertEquals(0, metadata.get(ValueLayout.JAVA_LONG, TIB - 8));
    metadata.set(ValueLayout.JAVA_LONG, 0, 3);
    assertThrows(IllegalArgumentException.class, () -> machine.memory().reserveMetadata(0));
    machine.close();
    assertEquals(0, metadata.get(ValueLayout.JAVA_LONG, 0));
    assertThrows(IllegalStateException.class, () -> machine.memory().reserveMetadata(1));
    assertThrows(IllegalStateException.class, () -> machine.memory().supply(0, 1));
  }

  @Test
  void shouldDumpASparseImageOfExactLength() throws IOException {
    Path image = directory.resolve("image");
    Files.writeString(image, "longer than nothing and to be replaced");
    try (SimMachine machine = Machines.of(0x1000, 0x9f000, MIB, 4 * TIB)) {
      SimMemory memory = machine.memory();
      memory.supply(0x100, 600);
      memory.supply(((4 * TIB) >>> 12) - 1, 1);
      memory.window().fill(MIB, 4096, (byte) 1);
      memory.window().putByte(MIB + 599 * 4096, (byte) 2);
      memory.window().putByte(4 * TIB - 1, (byte) 3);
      assertEquals(4 * TIB, memory.dump(image));
    }
    assertEquals(4 * TIB, Files.size(image));
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) 1);
    assertEquals(-1, Arrays.mismatch(page, bytes(image, MIB, 4096)));
    assertEquals(2, bytes(image, MIB + 599 * 4096, 1)[0]);
    assertEquals(3, bytes(image, 4 * TIB - 1, 1)[0]);
    assertEquals(0, bytes(image, MIB + 4096, 1)[0]);
    assertTrue(allocated(image) <= 64 << 10, allocated(image) + " bytes on disk");
  }

  @Test
  void shouldRefuseToDumpOverTheRamItself() {
    try (SimMachine machine = Machines.of(0, 4 * MIB)) {
      SimMemory memory = machine.memory();
      IOException e = assertThrows(IOException.class, () -> memory.dump(memory.file()));
      Machines.assertSays(e, "is the RAM itself");
    }
  }

  @Test
  void shouldDumpAnEmptyMachine() throws IOException {
    Path image = directory.resolve("empty");
    try (SimMachine machine = Machines.of(0, 4 * MIB)) {
      assertEquals(4 * MIB, machine.memory().dump(image));
    }
    assertEquals(4 * MIB, Files.size(image));
  }

  private static byte[] bytes(Path file, long offset, int count) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      var buffer = java.nio.ByteBuffer.allocate(count);
      channel.position(offset).read(buffer);
      return buffer.array();
    }
  }

  private static long allocated(Path file) {
    int descriptor = Libc.open(file.toString(), Libc.O_RDWR, 0);
    try {
      return Libc.allocatedBytes(descriptor);
    } finally {
      Libc.close(descriptor);
    }
  }
}
