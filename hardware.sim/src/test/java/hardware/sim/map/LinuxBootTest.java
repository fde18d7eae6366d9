package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.AddressRange;
import hardware.api.map.BootMap;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Zones of short boot logs, computed by hand from the kernel's rules; figures are frames. */
class LinuxBootTest {
  private static final long PAGE = 4096;
  private static final List<String> LOW =
      List.of(
          "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable",
          "BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved",
          "BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved");

  private static List<String> log(String commandLine, String... lines) {
    List<String> all = new ArrayList<>();
    all.add("Linux version 6.1.0-test-amd64 (test@localhost)");
    all.add("Command line: quiet " + commandLine);
    all.add("BIOS-provided physical RAM map:");
    all.addAll(LOW);
    all.addAll(List.of(lines));
    return all;
  }

  private static String usable(long start, long end) {
    return "BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(start, end - 1);
  }

  private static BootMap boot(List<String> lines) {
    return boot(lines, MapOptions.DEFAULTS);
  }

  private static BootMap boot(List<String> lines, MapOptions options) {
    return Samples.MAPS.boot(Samples.MAPS.read("log", lines, options), options);
  }

  /** The zones that span anything: node, name, first frame, spanned, present. */
  private static List<String> zones(BootMap boot) {
    return boot.zones().stream()
        .filter(z -> !z.isEmpty())
        .map(z ->
            "%d %s %d %d %d"
                .formatted(
                    z.node(),
                    z.name(),
                    z.start() / PAGE,
                    z.size() / PAGE,
                    boot.map().byNode().stream()
                            .filter(s -> s.node() == z.node())
                            .mapToLong(s ->
                                Math.max(
                                    0, Math.min(s.end(), z.end()) - Math.max(s.start(), z.start())))
                            .sum()
                        / PAGE))
        .toList();
  }

  private static boolean says(BootMap boot, String code) {
    return boot.findings().stream().anyMatch(f -> f.code().equals(code));
  }

  @Test
  void shouldTakePageZeroAndTheBiosHoleOut() {
    BootMap boot = boot(log("", usable(0x100000, 0x4000000)));
    assertEquals(List.of("0 DMA 1 4095 3998", "0 DMA32 4096 12288 12288"), zones(boot));
    assertEquals(List.of(new AddressRange(0, 1 << 20)), boot.reserved());
    assertEquals(5, boot.zones().size(), "empty zones are listed");
    assertTrue(boot.findings().isEmpty(), boot.findings().toString());
  }

  @Test
  void shouldTakeRamOutOfTheBiosHoleThatFirmwareClaims() {
    BootMap boot =
        boot(
            List.of(
                "BIOS-provided physical RAM map:",
                "BIOS-e820: [mem 0x0000000000000000-0x0000000000ffffff] usable"));
    assertEquals(List.of("0 DMA 1 4095 3999"), zones(boot));
  }

  @Test
  void shouldLeaveAMapThatIsNoBootLogAlone() {
    BootMap boot = boot(List.of("BIOS-e820: [mem 0x0000000000000000-0x0000000000ffffff] usable"));
    assertEquals(List.of("0 DMA 0 4096 4096"), zones(boot));
    assertTrue(boot.reserved().isEmpty());
  }

  @Test
  void shouldSpanZonesWithoutRam() {
    BootMap boot = boot(log("", usable(1L << 32, 3L << 31)));
    assertEquals(
        List.of("0 DMA 1 4095 158", "0 DMA32 4096 1044480 0", "0 Normal 1048576 524288 524288"),
        zones(boot));
  }

  @Test
  void shouldHonourMemAcrossNodes() {
    List<String> lines =
        log(
            "mem=700M",
            usable(0x100000, 0x40000000),
            "SRAT: PXM 0 -> APIC 0x00 -> Node 0",
            "SRAT: PXM 1 -> APIC 0x01 -> Node 1",
            "SRAT: PXM 2 -> APIC 0x02 -> Node 2",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x0009ffff]",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00100000-0x1fffffff]",
            "ACPI: SRAT: Node 1 PXM 1 [mem 0x20000000-0x2fffffff]",
            "ACPI: SRAT: Node 2 PXM 2 [mem 0x30000000-0x3fffffff]");
    BootMap boot = boot(lines);
    assertEquals(
        List.of("0 DMA 1 4095 3998", "0 DMA32 4096 126976 126976", "1 DMA32 131072 48128 48128"),
        zones(boot));
    assertEquals(15, boot.zones().size(), "a node with a CPU and no RAM has empty zones");
    MapOptions more = MapOptions.DEFAULTS.withCommandLine("mem=800M");
    assertEquals("2 DMA32 196608 8192 8192", zones(boot(lines, more)).getLast());
    MapOptions off = MapOptions.DEFAULTS.withCommandLine("numa=off");
    assertEquals(
        List.of("0 DMA 1 4095 3998", "0 DMA32 4096 258048 258048"), zones(boot(lines, off)));
  }

  @Test
  void shouldApplyMemmapInAllForms() {
    String range = usable(0x100000, 0x10000000);
    assertEquals("0 DMA32 4096 61440 61440", last("", range));
    assertEquals("0 DMA32 4096 61440 61424", last("memmap=64K$32M", range));
    assertEquals("0 DMA32 4096 61440 61424", last("memmap=64K\\$32M", range));
    assertEquals("0 DMA32 4096 61440 61424", last("memmap=0x10000#0x2000000", range));
    assertEquals("0 DMA32 4096 61440 57344", last("memmap=16M!48M", range));
    assertEquals("0 DMA32 4096 61440 61439", last("memmap=2K$0x2000400", range), "part of a page");
    assertEquals("0 DMA32 4096 28672 28672", last("memmap=128M", range));
    assertEquals("0 DMA32 4096 61440 57344", last("memmap=16M%48M-1+2", range));
    assertEquals("0 DMA32 4096 61440 57344", last("memmap=16M%48M-1", range));
    assertEquals("0 DMA32 4096 61440 61440", last("memmap=16M%48M-2+4", range));
    assertEquals("0 DMA32 4096 126976 65536", last("memmap=16M@0x1f000000", range));
    assertEquals("0 DMA32 4096 61440 61424", last("memmap=64K$32M memmap=64K@32M", range));
    BootMap exact = boot(log("memmap=exactmap memmap=640K@0,255M@1M", usable(1 << 20, 1L << 33)));
    assertEquals(List.of("0 DMA 1 4095 3999", "0 DMA32 4096 61440 61440"), zones(exact));
  }

  private static String last(String commandLine, String range) {
    return zones(boot(log(commandLine, range))).getLast();
  }

  @Test
  void shouldGiveTheSameFromTheMapThatTheKernelChanged() {
    List<String> lines = log("mem=1G memmap=64K$32M", usable(0x100000, 0xc0000000L));
    List<String> changed = new ArrayList<>(lines);
    changed.add("user-defined physical RAM map:");
    changed.add("user: [mem 0x0000000000000000-0x000000000009fbff] usable");
    changed.add("user: [mem 0x0000000000100000-0x0000000001ffffff] usable");
    changed.add("user: [mem 0x0000000002000000-0x000000000200ffff] reserved");
    changed.add("user: [mem 0x0000000002010000-0x000000003fffffff] usable");
    assertEquals(zones(boot(lines)), zones(boot(changed)));
    assertEquals(
        "0 DMA32 4096 782336 782336",
        zones(boot(changed, MapOptions.DEFAULTS.withCommandLine(""))).getLast());
  }

  @Test
  void shouldTakeMovableFromAShareOfAllRam() {
    BootMap boot =
        boot(log("kernelcore=50%", usable(1 << 20, 3L << 30), usable(1L << 32, 9L << 30)));
    assertEquals(
        List.of(
            "0 DMA 1 4095 3998",
            "0 DMA32 4096 1044480 782336",
            "0 Normal 1048576 263168 263168",
            "0 Movable 1311744 1047552 1047552"),
        zones(boot));
  }

  @Test
  void shouldTakeMovableFromWhereLittleIsAskedOfAnotherNode() {
    String[] lines = {
      usable(0x100000, 0x7ffdf000),
      usable(1L << 32, 0x180000000L),
      "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]",
      "ACPI: SRAT: Node 1 PXM 1 [mem 0x40000000-0x7fffffff]",
      "ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x17fffffff]"
    };
    assertEquals(
        List.of(
            "0 DMA 1 4095 3998",
            "0 DMA32 4096 258048 258048",
            "1 DMA32 262144 786432 262111",
            "1 Normal 1048576 1024 1024",
            "1 Movable 1049600 523264 523264"),
        zones(boot(log("kernelcore=2G", lines))));
    assertEquals(5, zones(boot(log("movablecore=1500M", lines))).size());
    assertEquals(4, zones(boot(log("kernelcore=16G", lines))).size(), "more than there is");
  }

  @Test
  void shouldSpreadMovableOverNodes() {
    BootMap boot =
        boot(
            log(
                "movablecore=1G",
                usable(1 << 20, 2L << 30),
                usable(1L << 32, 6L << 30),
                "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]",
                "ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x17fffffff]"));
    assertEquals(
        List.of(
            "0 DMA 1 4095 3998",
            "0 DMA32 4096 520192 520192",
            "1 Normal 1048576 262144 262144",
            "1 Movable 1310720 262144 262144"),
        zones(boot));
  }

  @Test
  void shouldTakeMovableFromTheHighestZoneBelowFourGibibytes() {
    BootMap boot = boot(log("movablecore=90%", usable(1 << 20, 1L << 30)));
    assertEquals("0 DMA32 4096 21504 21504", zones(boot).get(1));
    assertEquals("0 Movable 25600 236544 236544", zones(boot).getLast());
    assertEquals(2, zones(boot(log("movablecore=100%", usable(1 << 20, 1L << 30)))).size());
    BootMap half = boot(log("kernelcore=512M", usable(1 << 20, 1L << 30)));
    assertEquals("0 Movable 132096 130048 130048", zones(half).getLast());
  }

  @Test
  void shouldMakeHotPluggableNodesMovable() {
    BootMap boot =
        boot(
            log(
                "movable_node kernelcore=1G",
                usable(1 << 20, 2L << 30),
                usable(1L << 32, 6L << 30),
                "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]",
                "ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x17fffffff] hotplug",
                "ACPI: SRAT: Node 1 PXM 1 [mem 0x180000000-0x1ffffffff] hotplug"));
    assertEquals("1 Movable 1048576 524288 524288", zones(boot).getLast());
  }

  @Test
  void shouldUseOneNodeIfTheTableLeavesRamOut() {
    BootMap boot =
        boot(
            log(
                "",
                usable(1 << 20, 2L << 30),
                "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]",
                "ACPI: SRAT: Node 1 PXM 1 [mem 0x40000000-0x5fffffff]"));
    assertEquals(List.of("0 DMA 1 4095 3998", "0 DMA32 4096 520192 520192"), zones(boot));
    assertTrue(says(boot, "nodes-incomplete"));
  }

  @Test
  void shouldHonourWhatTheHardwareWithdrawsBeforeRamIsCounted() {
    BootMap boot =
        boot(
            log(
                "",
                usable(1 << 20, 2L << 30),
                "e820: update [mem 0x7f800000-0x7fffffff] usable ==> reserved",
                "RAMDISK: [mem 0x10000000-0x10ffffff]",
                "e820: update [mem 0x20000000-0x20ffffff] usable ==> reserved"));
    assertEquals("0 DMA32 4096 518144 518144", zones(boot).getLast());
  }

  @Test
  void shouldSayWhatIsNotHonoured() {
    for (String parameter :
        List.of("crashkernel=256M", "kernelcore=mirror", "numa=fake=4", "mem=nopentium")) {
      BootMap boot = boot(log(parameter, usable(1 << 20, 1L << 30)));
      assertTrue(says(boot, "parameter-not-honoured"), parameter);
      FirmwareMap map =
          Samples.MAPS.read("log", log(parameter, usable(1 << 20, 1L << 30)), MapOptions.DEFAULTS);
      assertTrue(
          map.findings().stream().anyMatch(f -> f.message().contains(parameter)), "in the lint");
    }
    assertFalse(says(boot(log("-- mem=4M", usable(1 << 20, 1L << 30))), "parameter-not-honoured"));
  }

  @Test
  void shouldSayIfTheKernelCountedOtherwise() {
    List<String> lines =
        log("", usable(1 << 20, 1L << 30), "  node   0: [mem 0x0000000000001000-0x0fffffff]");
    assertTrue(says(boot(lines), "early-ranges-differ"));
  }

  private static List<String> deviceTree(String kind, String commandLine) {
    return new ArrayList<>(
        List.of(
            "Linux version 6.12.0 (test@localhost)",
            kind,
            "OF: reserved mem: 0x0000000080000000..0x000000008007ffff (512 KiB) map non-reusable m",
            "Early memory node ranges",
            "  node   0: [mem 0x0000000080000000-0x00000000bfffffff]",
            "  node   1: [mem 0x0000000100000000-0x000000017fffffff]",
            "Kernel command line: quiet " + commandLine));
  }

  @Test
  void shouldHaveTheZonesOfRiscV() {
    BootMap boot = boot(deviceTree("SBI specification v1.0 detected", ""));
    assertEquals(
        List.of("0 DMA32 524288 262144 262144", "1 Normal 1048576 524288 524288"), zones(boot));
    assertEquals(List.of(new AddressRange(0x80000000L, 0x80080000L)), boot.reserved());
    BootMap less = boot(deviceTree("SBI specification v1.0 detected", "mem=1536M"));
    assertEquals("1 Normal 1048576 131072 131072", zones(less).getLast(), "an amount of RAM");
    BootMap more = boot(deviceTree("SBI specification v1.0 detected", "memmap=64K$2G"));
    assertTrue(says(more, "parameter-not-honoured"), "only x86 has memmap=");
  }

  @Test
  void shouldHaveTheZonesOfArm() {
    List<String> lines = deviceTree("psci: probing for conduit method from DT.", "");
    assertEquals(
        List.of("0 DMA 524288 262144 262144", "1 Normal 1048576 524288 524288"),
        zones(boot(lines)));
    lines.add("Zone ranges:");
    lines.add("  DMA      [mem 0x0000000080000000-0x000000008fffffff]");
    lines.add("  DMA32    [mem 0x0000000090000000-0x00000000ffffffff]");
    lines.add("  Normal   [mem 0x0000000100000000-0x000000017fffffff]");
    BootMap limited = boot(lines);
    assertEquals("0 DMA 524288 65536 65536", zones(limited).getFirst());
    assertEquals("0 DMA32 589824 196608 196608", zones(limited).get(1));
    assertTrue(says(limited, "zone-ranges-from-log"));
  }
}
