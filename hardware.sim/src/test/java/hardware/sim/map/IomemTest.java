package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MemoryType;
import hardware.api.map.SanitisedMap;
import org.junit.jupiter.api.Test;

class IomemTest {
  private static SanitisedMap sane(String... lines) {
    return Samples.sane(Samples.text(lines));
  }

  @Test
  void shouldLeaveToTheNextKernelWhatTheLastOneReserved() {
    SanitisedMap map =
        sane(
            "80000000-8fffffff : System RAM",
            "  80000000-8007ffff : Reserved",
            "  81000000-81000fff : reserved");
    assertEquals("80000000-90000000", Samples.spans(map));
    assertEquals(0, map.reservedBytes());
  }

  @Test
  void shouldSayWhichChildrenOfRamWereLeftOut() {
    FirmwareMap map =
        Samples.text("80000000-8fffffff : System RAM", "  80000000-8007ffff : Reserved");
    Finding finding = map.findings().getFirst();
    assertEquals("kernel-reserved", finding.code());
    assertEquals(2, finding.line());
  }

  @Test
  void shouldTakeAReservedSiblingOutOfRam() {
    SanitisedMap map = sane("80000000-8fffffff : System RAM", "80000000-8007ffff : Reserved");
    assertEquals("80080000-90000000", Samples.spans(map));
  }

  @Test
  void shouldKeepTheRunningKernelsImageAndCrashKernelUsable() {
    SanitisedMap map =
        sane(
            "80000000-8fffffff : System RAM",
            "  80202000-8206a337 : Kernel image",
            "    80202000-80c76977 : Kernel code",
            "  88000000-89ffffff : Crash kernel");
    assertEquals("80000000-90000000", Samples.spans(map));
    assertEquals(0, map.reservedBytes());
  }

  @Test
  void shouldGiveRamInsideAWindowToTheKernel() {
    SanitisedMap map =
        sane(
            "a90000000-b4fffffff : Soft Reserved",
            "  a90000000-b4fffffff : CXL Window 0",
            "    a90000000-acfffffff : dax1.0",
            "      a90000000-acfffffff : System RAM (kmem)");
    assertEquals("a90000000-ad0000000", Samples.spans(map));
    assertEquals(0x80000000L, map.totals().get(MemoryType.DEVICE));
    assertEquals(0x80000000L, map.reservedBytes());
  }

  @Test
  void shouldFindRamInsideAWindowWithoutIndentation() {
    SanitisedMap map =
        sane("280000000-47fffffff : Soft Reserved", "280000000-47fffffff : System RAM (kmem)");
    assertEquals("280000000-480000000", Samples.spans(map));
  }

  @Test
  void shouldLetReservedWinWithoutNesting() {
    SanitisedMap map = sane("00100000-001fffff : Reserved", "00100000-002fffff : System RAM");
    assertEquals("200000-300000", Samples.spans(map));
  }

  @Test
  void shouldIgnoreAChildWithoutBytes() {
    SanitisedMap map = sane("00000000-0009ffff : System RAM", "  00000000-00000000 : reserved");
    assertEquals("0-a0000", Samples.spans(map));
  }
}
