package vmem.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of {@code /proc/vmallocinfo} as Linux 6.1 prints them with addresses that are not
 * hidden: live areas with their guards, then areas that wait to be purged. The arena's name stands
 * for the caller; the pages are those of the range without the guard.
 */
final class VmallocInfo {
  private VmallocInfo() {}

  /** {@return the lines for some arenas, whose live areas come first} */
  static List<String> of(List<TreeArena> arenas) {
    List<String> lines = new ArrayList<>();
    for (TreeArena arena : arenas) {
      Listing live = arena.liveWithGuards();
      for (int i = 0; i < live.count(); i++) {
        lines.add(
            "%s %s %s"
                .formatted(
                    span(live.base(i), live.mark(i)), arena.spec().name(), use(arena, live, i)));
      }
    }
    for (TreeArena arena : arenas) {
      Listing waiting = arena.waiting();
      for (int i = 0; i < waiting.count(); i++) {
        lines.add(span(waiting.base(i), waiting.size(i)) + " unpurged vm_area");
      }
    }
    return lines;
  }

  private static String span(long base, long size) {
    return "0x%016x-0x%016x %7s".formatted(base, base + size, Long.toUnsignedString(size));
  }

  private static String use(TreeArena arena, Listing live, int index) {
    long quantum = arena.spec().quantum();
    long pages = Long.divideUnsigned(live.size(index) - 1, quantum) + 1;
    return "pages=%s vmalloc".formatted(Long.toUnsignedString(pages));
  }
}
