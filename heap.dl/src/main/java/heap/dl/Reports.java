package heap.dl;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a space prints of itself: {@code mallinfo} and {@code malloc_stats} as the original's
 * functions of these names tell it, {@code inspect} after its {@code malloc_inspect_all}, and its
 * bins and segments. Every one but the segments walks over all chunks. Under the space's lock.
 */
final class Reports {
  static final String MALLINFO = "mallinfo";
  static final String MALLOC_STATS = "malloc_stats";
  static final String BINS = "bins";
  static final String SEGMENTS = "segments";
  static final String INSPECT = "inspect";

  /** Their names. */
  static final List<String> NAMES = List.of(MALLINFO, MALLOC_STATS, BINS, SEGMENTS, INSPECT);

  private static final int MOST_CHUNKS = 1000; // lines of inspect

  private final DlSpace space;
  private final Inspect inspect;
  private final Figures figures;

  Reports(DlSpace space, Inspect inspect, Figures figures) {
    this.space = space;
    this.inspect = inspect;
    this.figures = figures;
  }

  /** {@return the lines of a report that is one of {@link #NAMES}; none for another name} */
  List<String> lines(String name) {
    return switch (name) {
      case MALLINFO -> mallinfo();
      case MALLOC_STATS -> mallocStats();
      case BINS -> bins();
      case SEGMENTS -> segments();
      case INSPECT -> chunks();
      default -> List.of();
    };
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private List<String> mallinfo() {
    return figures.mallinfo().stream()
        .map(figure -> line("%-8s %d", figure.name(), figure.value()))
        .toList();
  }

  /* The three lines that malloc_stats writes to the standard error output. */
  private List<String> mallocStats() {
    long used =
        figures.mallinfo().stream()
            .filter(figure -> figure.name().equals("uordblks"))
            .mapToLong(Statistic::value)
            .sum();
    return List.of(
        line("max system bytes = %10d", space.growth.peak),
        line("system bytes     = %10d", space.growth.footprint),
        line("in use bytes     = %10d", used));
  }

  // ---------------------------------------------------------------------------------------- bins

  private List<String> bins() {
    long[] smallBytes = new long[SmallBins.COUNT];
    long[] treeChunks = new long[TreeBins.COUNT];
    long[] treeBytes = new long[TreeBins.COUNT];
    inspect.chunks((chunk, size, kind) -> {
      if (kind == Inspect.FREE && chunk != space.victim) {
        if (SmallBins.holds(size)) {
          smallBytes[SmallBins.index(size)] += size;
        } else {
          treeChunks[TreeBins.index(size)]++;
          treeBytes[TreeBins.index(size)] += size;
        }
      }
      return true;
    });
    List<String> lines = new ArrayList<>(List.of("bin         from bytes   chunks        bytes"));
    for (int i = 0; i < SmallBins.COUNT; i++) {
      if (smallBytes[i] != 0) {
        long size = SmallBins.size(i);
        lines.add(bin("small " + i, size, smallBytes[i] / size, smallBytes[i]));
      }
    }
    for (int i = 0; i < TreeBins.COUNT; i++) {
      if (treeChunks[i] != 0) {
        lines.add(bin("tree " + i, TreeBins.least(i), treeChunks[i], treeBytes[i]));
      }
    }
    lines.add(bin("victim", space.victimSize, space.victimSize == 0 ? 0 : 1, space.victimSize));
    lines.add(bin("top", space.topSize, space.top == 0 ? 0 : 1, space.topSize));
    return lines;
  }

  private static String bin(String name, long from, long chunks, long bytes) {
    return line("%-11s %10d %8d %12d", name, from, chunks, bytes);
  }

  // ----------------------------------------------------------------------------- segments, chunks

  private List<String> segments() {
    List<String> lines = new ArrayList<>(List.of("segment                   bytes kind"));
    inspect.held((base, size, flags) -> {
      boolean span = space.segments.holding(base) == 0;
      boolean fixed = (flags & Segments.EXTERNAL) != 0;
      String kind = span ? "direct" : fixed ? "fixed" : "growing";
      lines.add(line("0x%016x %12d %s", base, size, kind));
      return true;
    });
    return lines;
  }

  private List<String> chunks() {
    List<String> lines = new ArrayList<>(List.of("chunk                     bytes state"));
    long[] left = {0};
    inspect.chunks((chunk, size, kind) -> {
      if (lines.size() > MOST_CHUNKS) {
        left[0]++;
      } else {
        lines.add(line("0x%016x %12d %s", chunk, size, kind == Inspect.FREE ? "free" : "used"));
      }
      return true;
    });
    if (left[0] != 0) {
      lines.add("and " + left[0] + " more");
    }
    return lines;
  }
}
