package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_ORDER;
import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.MAX_ORDER;
import static physmem.llfree.Layout.ORDERS;
import static physmem.llfree.Layout.TOUCHED;
import static physmem.llfree.Layout.WORD_ORDER;

import allocator.api.Statistic;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import physmem.api.CpuCacheReport;
import physmem.api.ZoneReport;

/** Makes the reports. Cold; exact while no call is under way. */
final class Reports {
  private static final int HOST_PAGE = 4096; // the least that touching metadata costs the host
  private static final int CHILDREN_PER_PAGE = HOST_PAGE / (CHILD_WORDS * Long.BYTES);

  private final Machine machine;
  private final Children children;

  Reports(Machine machine) {
    this.machine = machine;
    this.children = machine.children();
  }

  List<ZoneReport> zones() {
    return IntStream.range(0, machine.map().zones().size()).mapToObj(this::zone).toList();
  }

  private ZoneReport zone(int index) {
    Zone zone = machine.map().zones().get(index);
    long managed = Zone.frames(zone.managed());
    return new ZoneReport(
        zone.node(),
        zone.name(),
        zone.start(),
        zone.end() - zone.start(),
        Zone.frames(zone.present()),
        managed,
        free(index, zone),
        0, // what is reserved is still in the bit fields and can be had by all
        0,
        0,
        0,
        LongStream.of(freeBlocks(zone)).boxed().toList(),
        List.of(),
        List.of(),
        caches(index));
  }

  long free(int index, Zone zone) {
    Reservations reservations = machine.reservations();
    long sum = 0;
    for (int tree = zone.firstTree(); tree < zone.endTree(); tree++) {
      sum += machine.trees().free(tree);
    }
    for (int cpu = 0; cpu < reservations.cpus(); cpu++) {
      sum += reservations.reserved(index, cpu);
    }
    return sum;
  }

  private List<CpuCacheReport> caches(int zone) {
    int most = machine.map().treeFrames();
    return IntStream.range(0, machine.reservations().cpus())
        .mapToObj(cpu -> caches(zone, cpu, most))
        .toList();
  }

  private CpuCacheReport caches(int zone, int cpu, int most) {
    return new CpuCacheReport(cpu, machine.reservations().reserved(zone, cpu), most, most);
  }

  /** {@return the number of maximal aligned free blocks, by order} */
  long[] freeBlocks(Zone zone) {
    long[] counts = new long[ORDERS];
    int treeChildren = machine.map().treeFrames() / CHILD_FRAMES;
    int end = zone.endTree() * treeChildren;
    for (int child = zone.firstTree() * treeChildren; child < end; child += 2) {
      boolean first = countChild(child, counts);
      boolean second = countChild(child + 1, counts);
      counts[MAX_ORDER] += first && second ? 1 : 0;
      counts[CHILD_ORDER] += first != second ? 1 : 0;
    }
    return counts;
  }

  /** Counts the blocks of a child; {@return whether it is free as a whole, and not counted} */
  private boolean countChild(int child, long[] counts) {
    int entry = children.at(child);
    if (Children.isFree(entry) || Children.isWhole(entry)) {
      return Children.isFree(entry);
    }
    int freeWords = 0;
    for (int i = 0; i < CHILD_WORDS; i++) {
      int free = Words.free(machine.words().at((long) child * CHILD_WORDS + i));
      if (free == -1) {
        freeWords |= 1 << i;
      } else {
        count(free, 0, counts);
      }
    }
    count(freeWords, WORD_ORDER, counts);
    return false;
  }

  /** Counts blocks of bits: two blocks that make one of the next order count there. */
  private static void count(int bits, int unit, long[] counts) {
    int last = unit == 0 ? WORD_ORDER : CHILD_ORDER - 1 - WORD_ORDER;
    int now = Integer.bitCount(bits);
    for (int order = 0; order <= last; order++) {
      int above = order == last ? 0 : Integer.bitCount(Words.blocks(bits, order + 1));
      counts[unit + order] += now - 2L * above;
      now = above;
    }
  }

  List<Statistic> statistics(long failures) {
    Upper upper = machine.upper();
    Reservations reservations = machine.reservations();
    return List.of(
        new Statistic("alloc", reservations.allocations(), "calls"),
        new Statistic("free", reservations.frees(), "calls"),
        new Statistic("fail", failures, "calls"),
        new Statistic("reserve", upper.reserving().reserves.sum(), "trees"),
        new Statistic("steal", upper.steals.sum(), "calls"),
        new Statistic("retries", upper.reserving().retries.sum(), "calls"),
        new Statistic("nr_free_pages", machine.freeFrames(), "frames"),
        new Statistic("reserved", reservations.reserved(), "frames"),
        new Statistic("trees", machine.map().trees(), "trees"));
  }

  /** {@return the host memory that metadata has touched; bit fields in whole pages of the host} */
  long metadataBytes() {
    long[] sizes = Memory.sizes(machine.map(), machine.reservations().cpus());
    long bytes = sizes[1] + sizes[2] + sizes[3];
    for (int child = 0; child < machine.childCount(); child += CHILDREN_PER_PAGE) {
      bytes += isTouched(child) ? HOST_PAGE : 0;
    }
    return Math.min(bytes, LongStream.of(sizes).sum());
  }

  private boolean isTouched(int first) {
    int end = Math.min(first + CHILDREN_PER_PAGE, machine.childCount());
    for (int child = first; child < end; child++) {
      if ((children.at(child) & TOUCHED) != 0) {
        return true;
      }
    }
    return false;
  }
}
