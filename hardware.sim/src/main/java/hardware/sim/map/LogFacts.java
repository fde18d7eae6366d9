package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.Architecture;
import hardware.api.map.BootLog;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.NodeRange;
import hardware.api.map.RangeShape;
import hardware.api.map.ZoneSpan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what a boot log tells beside map, nodes and command line; see {@link BootLog}. */
final class LogFacts {
  private static final String RANGE =
      "\\[mem\\s+" + Hex.PREFIXED + "\\s*-\\s*" + Hex.PREFIXED + "\\s*\\]";

  private static final Pattern LINUX =
      Pattern.compile(
          "^\\s*(?:Linux version \\d|(?:Kernel command line|Command line): ?"
              + "|(?:BIOS-provided|user-defined|e820: .*) physical RAM map"
              + "|Early memory node ranges|e820: (?:update|remove) \\[mem |user: \\[mem )");
  private static final Pattern WHOLE = Pattern.compile("^\\s*Linux version \\d");
  private static final Pattern X86 =
      Pattern.compile(
          "^\\s*(?:BIOS-e820|e820|smpboot|x86/\\w+): |^\\s*Linux version .*(?:-amd64|x86_64)\\b"
              + "|\\bMTRR|\\bSRAT: PXM \\d+ -> APIC\\b");
  private static final Pattern ARM64 =
      Pattern.compile(
          "^\\s*(?:psci|GICv\\w*|arch_timer|CPU features): "
              + "|^\\s*Booting Linux on physical CPU 0x\\w{10}"
              + "|^\\s*Linux version .*(?:-arm64|aarch64)\\b");
  private static final Pattern RISCV =
      Pattern.compile(
          "^\\s*(?:SBI specification|riscv(?:-intc)?: )|^\\s*Linux version .*riscv64\\b");
  private static final Pattern ONE_NODE = Pattern.compile("\\bFaking a node at \\[mem ");
  private static final Pattern CPU_NODE =
      Pattern.compile("\\bSRAT: PXM \\d+ -> \\S+ \\w+ -> Node (\\d{1,5})\\b");
  private static final Pattern HOTPLUG =
      Pattern.compile("\\bSRAT: Node \\d+ PXM \\d+ " + RANGE + "\\s+hotplug");
  private static final Pattern ZONES = Pattern.compile("^\\s*Zone ranges:\\s*$");
  private static final Pattern ZONE =
      Pattern.compile("^\\s+(DMA|DMA32|Normal|HighMem|Device)\\s+(?:" + RANGE + "|empty)\\s*$");
  private static final Pattern WITHDRAWN =
      Pattern.compile("^\\s*e820: update " + RANGE + " usable ==> reserved\\s*$");
  private static final Pattern RAM_COUNTED =
      Pattern.compile(
          "^\\s*(?:RAMDISK: |ACPI: |memblock_add: |MEMBLOCK configuration|Zone ranges:)");
  private static final Pattern DEVICE_TREE =
      Pattern.compile(
          "\\bOF: reserved mem: " + Hex.PREFIXED + "\\.\\." + Hex.PREFIXED + " \\(.*\\b(?:no)?map");

  private final List<ZoneSpan> zones = new ArrayList<>();
  private final List<AddressRange> hotplug = new ArrayList<>();
  private final Set<Integer> cpuNodes = new LinkedHashSet<>();
  private final List<AddressRange> withdrawn = new ArrayList<>();
  private final List<AddressRange> deviceTree = new ArrayList<>();
  private Architecture architecture = Architecture.OTHER;
  private boolean linux;
  private boolean whole;
  private boolean oneNode;
  private boolean inZones;
  private boolean counted; // RAM is counted: what leaves the table from here on stays present

  /** Forgets everything: a new boot begins. */
  void clear() {
    zones.clear();
    hotplug.clear();
    cpuNodes.clear();
    withdrawn.clear();
    deviceTree.clear();
    architecture = Architecture.OTHER;
    oneNode = false;
    counted = false;
  }

  /** What was collected, with the early node ranges that another has read. */
  BootLog facts(List<NodeRange> early) {
    return new BootLog(
        linux,
        whole,
        architecture,
        early,
        zones,
        hotplug,
        List.copyOf(cpuNodes),
        oneNode,
        withdrawn,
        deviceTree);
  }

  /** Takes in a line of the log. */
  void accept(String text) {
    whole |= WHOLE.matcher(text).find();
    linux |= LINUX.matcher(text).find();
    oneNode |= ONE_NODE.matcher(text).find();
    architecture(text);
    zone(text);
    ranges(HOTPLUG, text, hotplug);
    counted |= RAM_COUNTED.matcher(text).find();
    if (!counted) {
      ranges(WITHDRAWN, text, withdrawn);
    }
    ranges(DEVICE_TREE, text, deviceTree);
    Matcher cpu = CPU_NODE.matcher(text);
    if (cpu.find()) {
      cpuNodes.add(Integer.valueOf(cpu.group(1)));
    }
  }

  private void architecture(String text) {
    if (architecture != Architecture.OTHER) {
      return;
    }
    if (X86.matcher(text).find()) {
      architecture = Architecture.X86_64;
    } else if (RISCV.matcher(text).find()) {
      architecture = Architecture.RISCV64;
    } else if (ARM64.matcher(text).find()) {
      architecture = Architecture.ARM64;
    }
  }

  private void zone(String text) {
    if (ZONES.matcher(text).find()) {
      inZones = true;
      zones.clear();
      return;
    }
    Matcher m = ZONE.matcher(text);
    inZones &= m.find();
    if (inZones) {
      boolean empty = m.group(2) == null;
      zones.add(
          new ZoneSpan(
              0,
              m.group(1),
              empty ? 0 : Hex.parse(m.group(2)),
              empty ? 0 : Hex.parse(m.group(3)) + 1));
    }
  }

  private static void ranges(Pattern pattern, String text, List<AddressRange> into) {
    Matcher m = pattern.matcher(text);
    if (m.find()) {
      Extent extent = Extent.inclusive(Hex.parse(m.group(1)), Hex.parse(m.group(2)));
      boolean low = Long.compareUnsigned(extent.last(), FirmwareMaps.ADDRESS_LIMIT) < 0;
      if (extent.shape() == RangeShape.PROPER && low) {
        into.add(new AddressRange(extent.first(), extent.last() + 1));
      }
    }
  }
}
