package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.MisuseException;
import hardware.api.AddressSpace;
import hardware.api.Mmu;
import hardware.api.PageFault;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import physmem.api.FramePort;

final class SimTaskTest {
  private static final int PAGE = 4096;

  private final BootedSystem system =
      new PlainKernel().kernel.boot(BootSpec.of(PlainKernel.map(0, 4 << 20)));
  private final FrameUsage atFirst = system.frameUsage();

  @AfterEach
  void close() {
    system.close();
  }

  private void allGood() {
    for (CheckLine line : system.check()) {
      assertTrue(line.good(), line.toString());
    }
  }

  @Test
  void shouldMapIntoItsOwnHalfAndGiveEverythingBackAtItsEnd() {
    Task one = system.createTask("one");
    Task two = system.createTask("two");
    long a = one.map(10 * PAGE + 1);
    long b = two.map(PAGE);
    assertTrue(a >= 0x1_0000);
    assertEquals(11, one.mappedPages());
    assertNotEquals(AddressSpace.UNMAPPED, one.space().translate(a + 10 * PAGE));
    assertNotEquals(one.space().translate(a), two.space().translate(b));
    allGood();
    one.close();
    one.close();
    two.close();
    assertEquals(List.of(), system.tasks());
    assertEquals(atFirst, system.frameUsage());
    allGood();
  }

  @Test
  void shouldLetNobodyReachAPageThroughTheTlbAfterUnmap() {
    Task task = system.createTask("t");
    long at = task.map(4 * PAGE);
    Mmu mmu = system.machine().mmu();
    for (int i = 0; i < 4; i++) {
      long physical = mmu.access(task.space(), 0, at + (long) i * PAGE, Mmu.WRITE | Mmu.AS_USER);
      assertEquals(task.space().translate(at + (long) i * PAGE), physical);
    }
    task.unmap(at, 4 * PAGE);
    assertThrows(PageFault.class, () -> mmu.access(task.space(), 0, at, Mmu.READ | Mmu.AS_USER));
    assertEquals(0, task.mappedPages());
  }

  @Test
  void shouldRefuseWhatIsNotMapped() {
    Task task = system.createTask("t");
    long at = task.map(2 * PAGE);
    assertThrows(MisuseException.class, () -> task.unmap(at, PAGE));
    assertThrows(MisuseException.class, () -> task.unmap(at + PAGE, PAGE));
    assertThrows(IllegalArgumentException.class, () -> task.map(0));
    task.unmap(at, 2 * PAGE - 5);
    assertThrows(MisuseException.class, () -> task.unmap(at, 2 * PAGE));
    task.close();
    assertThrows(IllegalArgumentException.class, () -> task.map(PAGE));
  }

  @Test
  void shouldAnswerExhaustionWithNothingAndChangeNothing() {
    Task task = system.createTask("t");
    FrameUsage before = system.frameUsage();
    assertEquals(0, task.map(1L << 30));
    assertEquals(0, task.map(Long.MAX_VALUE));
    assertEquals(before, system.frameUsage());
    assertEquals(0, task.mappedPages());
    List<Long> ranges = new ArrayList<>();
    for (long at = task.map(16 * PAGE); at != 0; at = task.map(16 * PAGE)) {
      ranges.add(at);
    }
    assertTrue(ranges.size() > 40, ranges.size() + " ranges");
    allGood();
    ranges.forEach(at -> task.unmap(at, 16 * PAGE));
    assertEquals(before, system.frameUsage());
  }

  @Test
  void shouldGetTheFramesThatTheHeapReleasedAndThatOnlyWaitForAFlush() {
    try (HeapPort port = system.heap().open(0)) {
      long block = port.allocate(3 << 20);
      assertNotEquals(0, block);
      port.free(block);
    }
    Task task = system.createTask("t");
    assertNotEquals(0, task.map(3 << 20));
  }

  @Test
  void shouldLeaveNothingWhenThereIsNoFrameForTheRoot() {
    try (FramePort port = system.frames().open(0)) {
      List<Long> hogs = new ArrayList<>();
      for (long frame = port.allocate(0, 0); frame >= 0; frame = port.allocate(0, 0)) {
        hogs.add(frame);
      }
      assertThrows(AllocatorException.class, () -> system.createTask("t"));
      assertEquals(List.of(), system.tasks());
      hogs.forEach(frame -> port.free(frame, 0));
    }
    system.createTask("t").close();
    allGood();
  }

  @Test
  void shouldEndWithTheSystem() {
    system.createTask("t").map(5 * PAGE);
    assertTrue(system.closeTiers().home());
  }
}
