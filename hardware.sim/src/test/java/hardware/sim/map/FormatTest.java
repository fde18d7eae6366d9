package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.api.map.MemoryType;
import hardware.api.map.SanitisedMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two machines in every format: the usable memory must not depend on how it is written. */
class FormatTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "e820-new.txt",
        "e820-linux7.txt",
        "e820-old.txt",
        "e820-oldest.txt",
        "e820-syslog.txt",
        "e820-journal-iso.txt",
        "e820-dmesg-T.txt",
        "e820-caller.txt",
        "e820-level.txt",
        "e820-quoted.txt",
        "e820-quoted-printable.txt",
        "e820-wrapped.txt",
        "e820-hard-wrapped.txt",
        "e820-html.txt",
        "xen-old.txt",
        "xen-new.txt",
        "xen-dom0.txt",
        "seabios.txt",
        "freebsd-smap.txt",
        "grub-lsmmap.txt",
        "grub4dos.txt",
        "limine-protocol.txt",
        "sysfs-memmap.txt"
      })
  void shouldReadTheBiosMachine(String name) {
    FirmwareMap map = Samples.file(name);
    SanitisedMap sane = Samples.sane(map);
    assertEquals(9, map.entries().size(), () -> "entries of " + map);
    assertEquals("0-9e000 100000-1ff70000 100000000-140000000", Samples.spans(sane));
    assertEquals(1609621504, sane.usableBytes());
    assertEquals(3, sane.holes().size());
    SanitisedMapCheck.check(sane);
  }

  @Test
  void shouldReadTheResourceTreeOfTheBiosMachine() {
    SanitisedMap sane = Samples.sane(Samples.file("iomem.txt"));
    assertEquals("0-9e000 100000-1ff70000 100000000-140000000", Samples.spans(sane));
    assertTrue(sane.totals().containsKey(MemoryType.DEVICE), "devices: " + sane.totals());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "efi-new.txt",
        "efi-exclusive.txt",
        "efi-numbers.txt",
        "efi-wrapped.txt",
        "efi-arm.txt",
        "uefi-shell.txt",
        "esx.txt",
        "rust-uefi.txt",
        "limine-efi.txt"
      })
  void shouldReadTheEfiMachine(String name) {
    FirmwareMap map = Samples.file(name);
    SanitisedMap sane = Samples.sane(map);
    assertEquals(15, map.entries().size(), () -> "entries of " + map);
    assertEquals(
        "0-9f000 100000-5d040000 5d0c0000-5e000000 100000000-29e600000", Samples.spans(sane));
    assertEquals(8528195584L, sane.usableBytes());
    assertEquals(0x2400000 + 0x340000, sane.loaderBytes());
    assertEquals(0x1000 + 0x40000, sane.bootServicesBytes());
    assertEquals(List.of(), map.findings());
  }

  @Test
  void shouldReserveLoaderMemoryOnRequest() {
    MapOptions options = MapOptions.DEFAULTS.withLoaderUsable(false);
    SanitisedMap sane = Samples.MAPS.sanitise(Samples.file("efi-new.txt"), options);
    assertEquals(
        "1000-9f000 100000-1000000 3400000-5d000000 5d400000-5e000000 100000000-29e600000",
        Samples.spans(sane));
    assertEquals(8486772736L, sane.usableBytes());
    SanitisedMapCheck.check(sane);
  }

  @Test
  void shouldTakeNodeRangesWhereThereIsNoMap() {
    FirmwareMap map = Samples.file("node-ranges.txt");
    SanitisedMap sane = Samples.sane(map);
    assertEquals("0-8000000000", Samples.spans(sane));
    assertEquals("0:0-4000000000 1:4000000000-8000000000", Samples.showNodes(sane.byNode()));
  }

  @Test
  void shouldKeepTheCommandLine() {
    assertEquals(
        "BOOT_IMAGE=/vmlinuz root=/dev/vda1 quiet", Samples.file("e820-new.txt").commandLine());
    assertEquals(
        "console=ttyS0 root=/dev/disk/by-label/system-partition-number-one",
        Samples.file("e820-quoted-printable.txt").commandLine());
    assertEquals("", Samples.file("e820-old.txt").commandLine());
  }

  @Test
  void shouldKnowEveryE820Type() {
    FirmwareMap map =
        Samples.text(
            "BIOS-e820: [mem 0x0000000000000000-0x0000000000000fff] usable",
            "BIOS-e820: [mem 0x0000000000001000-0x0000000000001fff] soft reserved",
            "BIOS-e820: [mem 0x0000000000002000-0x0000000000002fff] persistent (type 7)",
            "BIOS-e820: [mem 0x0000000000003000-0x0000000000003fff] persistent RAM (type 12)",
            "BIOS-e820: [mem 0x0000000000004000-0x0000000000004fff] unusable",
            "BIOS-e820: [mem 0x0000000000005000-0x0000000000005fff] type 128",
            "BIOS-e820: [mem 0x0000000000006000-0x0000000000006fff] type 5",
            "BIOS-e820: [mem 0x0000000000007000-0x0000000000007fff] ACPI data",
            "BIOS-e820: [mem 0x0000000000008000-0x0000000000008fff] device reserved # note");
    assertEquals(
        List.of(
            MemoryType.USABLE,
            MemoryType.SOFT_RESERVED,
            MemoryType.PERSISTENT,
            MemoryType.PERSISTENT,
            MemoryType.UNUSABLE,
            MemoryType.UNKNOWN,
            MemoryType.UNUSABLE,
            MemoryType.ACPI_DATA,
            MemoryType.RESERVED),
        map.entries().stream().map(e -> e.type()).toList());
    assertEquals("0-1000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldLetAlignmentDecideWhetherAnEfiEndIsInclusive() {
    FirmwareMap map =
        Samples.text(
            "efi: mem00: [Conventional Memory|   |WB] range=[0x1000-0x3000] (0MB)",
            "efi: mem01: [Conventional Memory|   |WB] range=[0x8000-0x9fff) (0MB)");
    assertEquals("1000-3000 8000-a000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldSetSpecialPurposeMemoryAside() {
    FirmwareMap map =
        Samples.text(
            "efi: mem00: [Conventional|   |  |  |SP|  |WB| ] range=[0x1000-0x2fff] (0MB)",
            "efi: mem01: [Conventional|   |  |  |  |  |WB| ] range=[0x3000-0x3fff] (0MB)");
    assertEquals(MemoryType.SOFT_RESERVED, map.entries().getFirst().type());
    assertEquals("3000-4000", Samples.spans(Samples.sane(map)));
  }

  @Test
  void shouldReportASizeThatContradictsTheRange() {
    FirmwareMap map =
        Samples.text(
            "efi: mem00: [Conventional Memory|   |WB] range=[0x0-0x1fffff] (3MB)",
            "efi: mem01: [Reserved|   |WB] range=[0x200000-0x2fffff] (1MB)");
    assertEquals(1, map.findings().size(), () -> "findings " + map.findings());
    assertEquals("size-mismatch", map.findings().getFirst().code());
    assertEquals(1, map.findings().getFirst().line());
  }
}
