package physmem.llfree;

import allocator.api.CorruptionException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints what users of LLFree look at, and rehearses a recovery. Cold; reads while others write.
 */
final class Prints {
  /** Report: the state as the original's {@code Debug} shows it, by zone. */
  static final String STATE = "llfree";

  /** Report: what a recovery would find if everything stopped now. */
  static final String RECOVERY = "recovery";

  private static final int ATTEMPTS = 3; // to copy while nobody is at work
  private static final double NANOS_PER_MILLI = 1e6;

  private final Machine machine;
  private final RamMap map;

  Prints(Machine machine) {
    this.machine = machine;
    this.map = machine.map();
  }

  List<String> state() {
    List<String> lines = new ArrayList<>();
    for (int zone = 0; zone < map.zones().size(); zone++) {
      addZone(lines, zone, map.zones().get(zone));
    }
    return lines;
  }

  private void addZone(List<String> lines, int index, Zone zone) {
    lines.add(
        "Node %d, zone %s: Array4C%d {"
            .formatted(zone.node(), zone.name(), map.treeFrames() / Layout.CHILD_FRAMES));
    lines.add(
        "    memory: 0x%x..0x%x (%d)"
            .formatted(zone.start(), zone.end(), Zone.frames(zone.managed())));
    lines.add(trees(zone));
    lines.add(free(index, zone));
    Reservations all = machine.reservations();
    for (int part = 0; part < all.parts(index); part++) {
      lines.add("    L%2d: %s".formatted(part, reservation(all.at(all.line(index, part)))));
    }
    lines.add("}");
  }

  private String trees(Zone zone) {
    int free = 0;
    int partial = 0;
    for (int tree = zone.firstTree(); tree < zone.endTree(); tree++) {
      int count = machine.trees().free(tree);
      boolean worth = count > machine.upper().reserving().almostAllocated();
      free += count == map.treeFrames() ? 1 : 0;
      partial += count < map.treeFrames() && worth ? 1 : 0;
    }
    return "    trees: (total: %d, free: %d, partial: %d) (%d frames)"
        .formatted(zone.trees(), free, partial, map.treeFrames());
  }

  private String free(int index, Zone zone) {
    long frames = new Reports(machine).free(index, zone);
    int treeChildren = map.treeFrames() / Layout.CHILD_FRAMES;
    int huge = 0;
    for (int child = zone.firstTree() * treeChildren; child < zone.endTree() * treeChildren; ) {
      huge += Children.isFree(machine.children().at(child++)) ? 1 : 0;
    }
    return "    free frames: %d (%d huge, %d trees)"
        .formatted(frames, huge, Math.ceilDiv(frames, map.treeFrames()));
  }

  private String reservation(long value) {
    return Reservations.exists(value)
        ? "ReservedTree { free: %d, start: 0x%x }"
            .formatted(
                Reservations.free(value),
                map.frameOf(Reservations.word(value) * Layout.WORD_FRAMES))
        : "none";
  }

  /** {@return what a recovery finds in a copy of the lower level} */
  List<String> recovery() {
    List<String> lines = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      boolean quiet = false;
      Memory copy = machine.memory();
      for (int attempt = 0; attempt < ATTEMPTS && !quiet; attempt++) {
        long before = calls();
        copy = machine.memory().copyLower(arena);
        quiet = before == calls();
      }
      lines.add("rehearsal on a copy of the lower level, as if everything stopped now");
      if (!quiet) {
        lines.add("calls were under way: what the copy tore apart shows as pending or damaged");
      }
      addFindings(lines, new Machine(map, copy, machine.reservations().cpus(), true, new Cells()));
    }
    return lines;
  }

  private long calls() {
    return machine.reservations().allocations() + machine.reservations().frees();
  }

  private void addFindings(List<String> lines, Machine copy) {
    long start = System.nanoTime();
    Recovery.Findings found = new Recovery(copy).repair();
    double time = (System.nanoTime() - start) / NANOS_PER_MILLI;
    add(lines, "children looked into", found.children());
    add(lines, "children free by their entry", found.skipped());
    add(lines, "counts of children corrected", found.counts());
    add(lines, "blocks about to be cut", found.opened());
    add(lines, "pending ranges freed", found.pending());
    add(lines, "frames of these", found.frames());
    add(lines, "free frames", found.free());
    add(lines, "free frames by the counts now", machine.freeFrames());
    lines.add(String.format(Locale.ROOT, "%-30s %14.3f", "milliseconds", time));
    try {
      add(lines, "facts that hold afterwards", new Audit(copy).run());
    } catch (CorruptionException e) {
      lines.add("damaged: " + e.getMessage());
    }
  }

  private static void add(List<String> lines, String what, long figure) {
    lines.add("%-30s %14d".formatted(what, figure));
  }
}
