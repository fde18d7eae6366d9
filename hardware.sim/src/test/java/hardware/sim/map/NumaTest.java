package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hardware.api.map.FirmwareMap;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import org.junit.jupiter.api.Test;

class NumaTest {
  @Test
  void shouldCutSpansWhereTheNodeChanges() {
    FirmwareMap map = Samples.file("numa-srat.txt");
    SanitisedMap sane = Samples.sane(map);
    assertEquals(4, map.nodes().size());
    assertEquals(
        "0:0-9e000 0:100000-10000000 1:10000000-1ff70000 2:100000000-140000000",
        Samples.showNodes(sane.byNode()));
    assertEquals(3, sane.usable().size());
    assertEquals(UsableSpan.SEVERAL_NODES, sane.usable().get(1).node());
  }

  @Test
  void shouldReadTheOldAffinityLines() {
    SanitisedMap sane = Samples.sane(Samples.file("numa-old.txt"));
    assertEquals(
        "0:0-9e000 0:100000-10000000 1:10000000-1ff70000 1:100000000-140000000",
        Samples.showNodes(sane.byNode()));
  }

  @Test
  void shouldReadNodeRangesInPageFrames() {
    FirmwareMap map = Samples.file("numa-frames.txt");
    assertEquals(4, map.nodes().size());
    assertEquals(
        "0:0-9e000 0:100000-10000000 1:10000000-1ff70000 1:100000000-140000000",
        Samples.showNodes(Samples.sane(map).byNode()));
  }

  @Test
  void shouldPutEverythingOnNodeZeroWithoutNodes() {
    SanitisedMap sane = Samples.sane(Samples.file("e820-old.txt"));
    assertEquals(sane.usable(), sane.byNode());
    assertEquals(0, sane.usable().getFirst().node());
  }

  @Test
  void shouldWarnOfANodeRangeThatCannotBeRead() {
    FirmwareMap map =
        Samples.text(
            "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable",
            "  node   0: [mem 0x00000000O0100000-0x00000000001fffff]");
    assertEquals("unreadable-node", map.findings().getFirst().code());
  }
}
