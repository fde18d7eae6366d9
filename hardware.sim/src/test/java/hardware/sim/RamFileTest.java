package hardware.sim;

import static hardware.sim.Machines.GIB;
import static hardware.sim.Machines.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import allocator.api.BadSettingException;
import allocator.api.Settings;
import hardware.api.HostMemoryException;
import hardware.api.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RamFileTest {
  @TempDir Path directory;

  @Test
  void shouldRemoveTheFileAtClose() {
    SimMachine machine = Machines.in(directory, 0, 4 * MIB);
    Path file = machine.memory().file();
    assertTrue(Files.exists(file));
    machine.close();
    assertFalse(Files.exists(file));
  }

  @Test
  void shouldRunTwoMachinesAtOnce() {
    try (SimMachine one = Machines.in(directory, 0, 4 * MIB)) {
      one.memory().supply(0, 1);
      one.memory().window().putLong(0, 1);
      try (SimMachine two = Machines.in(directory, 0, 4 * MIB)) {
        two.memory().supply(0, 1);
        two.memory().window().putLong(0, 2);
        assertNotEquals(one.memory().file(), two.memory().file());
        assertEquals(1, one.memory().window().getLong(0));
      }
      assertTrue(Files.exists(one.memory().file()));
    }
  }

  @Test
  void shouldRemoveFilesThatNobodyHolds() throws IOException {
    Path left = Files.writeString(directory.resolve("quarry-ram-12345-6.img"), "left");
    Path other = Files.writeString(directory.resolve("quarry-ram-x.img"), "not ours");
    try (SimMachine machine = Machines.in(directory, 0, 4 * MIB)) {
      assertFalse(Files.exists(left));
      assertTrue(Files.exists(other));
      assertTrue(Files.exists(machine.memory().file()));
    }
  }

  @Test
  void shouldKeepFilesThatAnotherProcessHolds() throws Exception {
    Child child = Child.start(directory);
    try {
      Machines.in(directory, 0, 4 * MIB).close();
      assertTrue(Files.exists(child.file), "the other process lives and its file must stay");
      child.process.destroyForcibly().waitFor();
      assertTrue(Files.exists(child.file), "a killed process cannot remove its file");
      Machines.in(directory, 0, 4 * MIB).close();
      assertFalse(Files.exists(child.file), "the next start must remove it");
    } finally {
      child.process.destroyForcibly();
    }
  }

  @Test
  void shouldRemoveTheFileWhenTheProcessIsTerminated() throws Exception {
    Child child = Child.start(directory);
    child.process.destroy();
    child.process.waitFor();
    assertFalse(Files.exists(child.file), "SIGTERM runs the shutdown hook");
  }

  @Test
  void shouldRefuseADirectoryThatDoesNotExist() {
    BadSettingException e =
        assertThrows(
            BadSettingException.class, () -> Machines.in(directory.resolve("no"), 0, 4 * MIB));
    Machines.assertSays(e, "machine:ram.dir=");
  }

  @Test
  void shouldRefuseAFileLongerThanTheFileSystemTakes() {
    String type = RamDirectory.fileSystem(directory);
    assumeTrue(type.startsWith("ext4"), type);
    HostMemoryException e =
        assertThrows(HostMemoryException.class, () -> Machines.in(directory, 0, 32 * Machines.TIB));
    Machines.assertSays(e, "longer than a file may be");
    Machines.assertSays(e, "--set machine:ram.dir=DIR");
    assertEquals(0, directory.toFile().list().length, "nothing stays behind");
  }

  @Test
  void shouldPutHugeMachinesIntoSharedMemory() {
    Settings none = Settings.none("machine");
    assumeTrue(Files.isWritable(Path.of("/dev/shm")));
    assertEquals(Path.of("/dev/shm"), RamDirectory.choose(none, 25L << 40, 25L << 40));
  }

  @Test
  void shouldSayThatTheFileSystemIsFullAndLive() throws IOException {
    try (Tmpfs small = Tmpfs.mount(directory.resolve("small"), "1m");
        SimMachine machine = Machines.in(small.directory, 0, GIB)) {
      SimMemory memory = machine.memory();
      memory.supply(0, 100);
      HostMemoryException e =
          assertThrows(HostMemoryException.class, () -> memory.supply(0x1000, 1000));
      Machines.assertSays(e, "tmpfs at " + small.directory);
      Machines.assertSays(e, "no space left");
      Machines.assertSays(e, "--set machine:ram.dir=DIR");
      assertFalse(memory.supplied(0x1000 + 999));
      memory.window().fill(0, 100 << 12, (byte) 7);
      strayAccess(memory);
    }
  }

  /** Touches what was not supplied on a full host: an error of the JVM at worst, not its end. */
  private static void strayAccess(SimMemory memory) {
    Window window = memory.window();
    int errors = 0;
    for (long at = GIB / 2; at < GIB / 2 + 400 * 4096; at += 4096) {
      try {
        window.putLong(at, 1);
      } catch (InternalError e) {
        errors++;
      }
    }
    assertTrue(errors > 0, "1 MiB cannot hold 500 pages");
  }

  @Test
  void shouldFailToAttachOnAFullHostWithNothingAttached() throws IOException {
    try (Tmpfs small = Tmpfs.mount(directory.resolve("tiny"), "1m");
        SimMachine machine = Machines.in(small.directory, 0, GIB)) {
      var space = machine.createAddressSpace(new FramePool(0x100, 8));
      long base = space.kernelBase();
      var window = space.openWindow(base, GIB);
      window.attach(base, 0x1000, 64);
      assertThrows(HostMemoryException.class, () -> window.attach(base + MIB, 0x2000, 1000));
      window.window().fill(base, 64 << 12, (byte) 3);
      window.window().fill(base + MIB, 1000 << 12, (byte) 4);
      assertEquals(3, machine.memory().window().getByte(0x1000 << 12));
    }
  }

  /** A file system with little room. */
  record Tmpfs(Path directory) implements AutoCloseable {
    static Tmpfs mount(Path directory, String size) throws IOException {
      Files.createDirectories(directory);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()),
          "mounting is not permitted");
      return new Tmpfs(directory);
    }

    @Override
    public void close() throws IOException {
      assertTrue(run("umount", "-l", directory.toString()));
    }

    private static boolean run(String... command) throws IOException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.onExit().join().exitValue() == 0;
    }
  }

  /** Another process with a machine. */
  record Child(Process process, Path file) {
    static Child start(Path directory) throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx64m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RamFileTest.class.getName(),
                  directory.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      return new Child(process, Path.of(out.readLine()));
    }
  }

  /** The other process: opens a machine and waits for its end. */
  public static void main(String[] arguments) throws InterruptedException {
    SimMachine machine = Machines.with(Map.of("ram.dir", arguments[0]), 0, 4 * MIB);
    System.out.println(machine.memory().file());
    Thread.sleep(60_000);
  }
}
