package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.Decision;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.api.map.MemoryType;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Turns a firmware map into usable spans. */
final class MapSanitiser {
  /*
   * 1. What comes in
   *
   * Firmware maps are written by firmware authors, edited by boot loaders and hypervisors, and copied
   * by people. Entries are unsorted, repeated, nested, empty or end before they begin. They overlap:
   * firmware reports RAM and then reserves a part of it in a second entry. They end within pages:
   * the extended BIOS data area begins at 639 KiB.
   *
   * 2. What must come out
   *
   * Whole pages that can be given away without asking again. Two rules settle every contradiction:
   *
   *   (a) a byte is usable if some entry says so and no entry says otherwise;
   *   (b) usable ranges lose the pages that they do not fill, other ranges gain them.
   *
   * Under (a) the order of entries does not matter, so nothing depends on how a map was sorted. It
   * is the rule "the more restrictive type wins" reduced to what allocation needs; the full rule
   * still gives the totals by type, where a byte counts for the last declared of its types in
   * MemoryType.
   *
   * 3. Order of the steps
   *
   * Merging comes before rounding. A server that prints RAM up to ...655f, sixteen bytes of type 128,
   * and RAM from ...6570 loses one page; with a map that only splits RAM at ...6560, without a
   * hole, rounding first would lose a page that is wholly RAM.
   *
   * 4. Mechanism
   *
   * Everything is a set of addresses as sorted disjoint intervals (Intervals):
   *
   *   ram      = union of usable entries
   *   covered  = union of the other entries
   *   free     = ram minus covered
   *   usable   = free, rounded inward
   *   reserved = covered, rounded outward
   *
   * A page of usable has no byte in covered, and a page of reserved has at least one; so the two are
   * disjoint, and need not be compared again. All of it is O(n log n) in the number of entries.
   *
   * The decisions are worked out beside that, from the same sets, and never steer it: OverlapNotes
   * looks at entries against entries, RoundingNotes at boundaries against entries. So a report may
   * be improved without any risk to the figures.
   *
   * 5. The top of the address space
   *
   * Physical addresses end at 2^52, since no page-table entry holds more. What a range has above that
   * is cut off, which also makes every end a positive long. A usable range that claims bytes up
   * there is refused when the text is read; here, where maps come from any source, it is clipped. A
   * range whose length carries it past 2^64 is held as reaching the top if it reserves, and as
   * nonsense if it claims RAM. A range that ends before it begins covers nothing: whether it was
   * swapped or wrapped cannot be known.
   *
   * 6. What was not done
   *
   * Linux first sanitises and then lets its own reservations (page 0, the hole from 640 KiB to 1 MiB,
   * the kernel's image, mem=) change the map. Those are the business of LinuxBoot. Nor are ranges repaired from their neighbours: the line is shown instead.
   *
   * References: ACPI specification 6.5, section 15 (system address map interfaces); UEFI
   * specification 2.10, section 7.2 (memory allocation services); Linux, arch/x86/kernel/e820.c,
   * whose rule for overlaps (1) this follows and whose change-point algorithm it does not.
   */
  private final FirmwareMap map;
  private final boolean loaderUsable;
  private final long pageSize;
  private final List<Decision> decisions = new ArrayList<>();

  /** A sanitiser for one use on the given map. */
  MapSanitiser(FirmwareMap map, MapOptions options) {
    this.map = map;
    this.loaderUsable = map.efi() && options.loaderUsable();
    this.pageSize = options.pageSize();
  }

  /** The map with its contradictions resolved. */
  SanitisedMap sanitise() {
    List<Placed> placed = Placement.place(map.entries(), loaderUsable, decisions);
    Intervals ram = union(placed, Placed::usable);
    Intervals covered = union(placed, p -> !p.usable() && !p.type().neutral());
    OverlapNotes.take(placed, ram, decisions);
    Intervals free = ram.minus(covered);
    RoundingNotes rounding = new RoundingNotes(placed, pageSize, decisions);
    rounding.inward(free);
    rounding.outward(covered);
    return result(free.inward(pageSize), covered.outward(pageSize), ram.plus(covered), placed);
  }

  private SanitisedMap result(
      Intervals usable, Intervals reserved, Intervals mentioned, List<Placed> placed) {
    NodeCut nodes = new NodeCut(map.nodes());
    List<UsableSpan> spans = nodes.whole(usable);
    Map<MemoryType, Long> totals = totals(placed);
    return new SanitisedMap(
        pageSize,
        spans,
        nodes.parts(usable, pageSize),
        ranges(reserved),
        ranges(mentioned.gaps()),
        usable.bytes(),
        reserved.bytes(),
        sum(totals, MemoryType::loader),
        sum(totals, MemoryType::bootServices),
        totals,
        decisions);
  }

  private static Intervals union(List<Placed> placed, Predicate<Placed> wanted) {
    return Intervals.of(placed.stream().filter(wanted).toList(), Placed::start, Placed::end);
  }

  /** Bytes by type: the most restrictive type claims its bytes first. */
  private static Map<MemoryType, Long> totals(List<Placed> placed) {
    Map<MemoryType, Long> totals = new EnumMap<>(MemoryType.class);
    Intervals claimed = Intervals.NONE;
    MemoryType[] types = MemoryType.values();
    for (int i = types.length - 1; i >= 0; i--) {
      MemoryType type = types[i];
      Intervals own = union(placed, p -> p.type() == type && !type.neutral());
      long bytes = own.minus(claimed).bytes();
      claimed = claimed.plus(own);
      if (bytes > 0) {
        totals.put(type, bytes);
      }
    }
    return totals;
  }

  private static long sum(Map<MemoryType, Long> totals, Predicate<MemoryType> wanted) {
    return totals.entrySet().stream()
        .filter(e -> wanted.test(e.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static List<AddressRange> ranges(Intervals intervals) {
    List<AddressRange> ranges = new ArrayList<>();
    for (int i = 0; i < intervals.count(); i++) {
      ranges.add(new AddressRange(intervals.start(i), intervals.end(i)));
    }
    return ranges;
  }
}
