package heap.dl;

import allocator.api.LayoutState;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout {@code heap.dl/1}: all of a space that does not lie in simulated memory, as named
 * numbers, so that another space over the same memory goes on where this one ends. What does lie
 * there stays as it is: {@link Chunk}, {@link SmallBins}, {@link TreeBins} and {@link Segments} say
 * how it looks, and a change to any of them is a new version of the layout.
 *
 * <pre>
 *  page                          bytes of a page
 *  footers, footer               1 if chunks carry footers, and the footer
 *  fixed                         1 if there is one region and no growth
 *  small.map, small.0 .. 31      which lists hold something, and the first chunk of those
 *  tree.map, tree.0 .. 31        which trees hold something, and the root of those
 *  victim, victim.size           the designated victim, 0 if none
 *  top, top.size                 top, 0 before the first growth
 *  newest.base, .size, .next, .flags   the newest segment; next is the record of the one before
 *  least, extent                 the bounds of all memory held
 *  footprint, peak               bytes held from below
 *  limit, limit.configured       the footprint's limit, and what it was when the heap was opened
 *  trim.check, trim.threshold    size of top that the next free trims above, and as configured
 *  release.checks                large frees until unused segments are looked for
 *  contiguous                    1 until growth in place was refused
 *  imports, releases, failures, postponed    counters
 *  direct                        chunks with spans of their own; if not 0, there is one segment of
 *                                memory with three longs for each: chunk, base and size of the span
 * </pre>
 *
 * <p>A setting applies as the successor has it, unless memory already bears the mark of the other
 * value (page, footers, fixed) or somebody has changed it since (the limit). For one thread while
 * no call is under way.
 */
final class Layout {
  /** The layout's name and version. */
  static final TransferForm FORM = new TransferForm("heap.dl", 1);

  private static final long DIRECT_BYTES = 3 * Long.BYTES;

  private final DlSpace space;
  private final Growth growth;
  private final Segments segments;

  Layout(DlSpace space) {
    this.space = space;
    this.growth = space.growth;
    this.segments = space.segments;
  }

  // -------------------------------------------------------------------------------------- export

  LayoutState export() {
    Map<String, Long> figures = new HashMap<>();
    exportBins(figures);
    exportMemory(figures);
    exportCourse(figures);
    return new LayoutState(FORM, exportDirect(), figures);
  }

  private void exportBins(Map<String, Long> figures) {
    figures.put("small.map", Integer.toUnsignedLong(space.small.map));
    figures.put("tree.map", Integer.toUnsignedLong(space.trees.map));
    for (int i = 0; i < SmallBins.COUNT; i++) {
      if ((space.small.map >>> i & 1) != 0) {
        figures.put("small." + i, space.small.first(i));
      }
      if ((space.trees.map >>> i & 1) != 0) {
        figures.put("tree." + i, space.trees.root(i));
      }
    }
    figures.put("victim", space.victim);
    figures.put("victim.size", space.victimSize);
    figures.put("top", space.top);
    figures.put("top.size", space.topSize);
  }

  private void exportMemory(Map<String, Long> figures) {
    boolean any = segments.first() != 0;
    figures.put("page", (long) space.spans.pageBytes());
    figures.put("footers", space.settings.footers() ? 1L : 0);
    figures.put("footer", space.footer);
    figures.put("fixed", space.settings.fixed() ? 1L : 0);
    figures.put("newest.base", any ? segments.base(Segments.NEWEST) : 0);
    figures.put("newest.size", any ? segments.size(Segments.NEWEST) : 0);
    figures.put("newest.next", any ? segments.next(Segments.NEWEST) : 0);
    figures.put("newest.flags", any ? (long) segments.flags(Segments.NEWEST) : 0);
    figures.put("least", segments.least);
    figures.put("extent", segments.extent);
    figures.put("footprint", growth.footprint);
    figures.put("direct", (long) space.direct.count());
  }

  private void exportCourse(Map<String, Long> figures) {
    figures.put("peak", growth.peak);
    figures.put("limit", growth.limit);
    figures.put("limit.configured", space.settings.footprintLimit());
    figures.put("trim.check", space.trimCheck);
    figures.put("trim.threshold", space.settings.trimThreshold());
    figures.put("release.checks", space.releaseChecks);
    figures.put("contiguous", growth.contiguous ? 1L : 0);
    figures.put("imports", growth.imports);
    figures.put("releases", space.trim.releases);
    figures.put("failures", growth.failures);
    figures.put("postponed", space.trim.putOff);
  }

  private List<MemorySegment> exportDirect() {
    if (space.direct.count() == 0) {
      return List.of();
    }
    long bytes = DIRECT_BYTES * space.direct.count();
    MemorySegment table = Arena.ofAuto().allocate(bytes, Long.BYTES);
    long[] at = {0};
    space.direct.chunks((chunk, size, attributes) -> {
      table.set(ValueLayout.JAVA_LONG, at[0], chunk);
      table.set(ValueLayout.JAVA_LONG, at[0] + Long.BYTES, space.direct.base(chunk));
      table.set(ValueLayout.JAVA_LONG, at[0] + 2 * Long.BYTES, size);
      at[0] += DIRECT_BYTES;
      return true;
    });
    return List.of(table);
  }

  /** Lets go of everything, once it is another's. */
  void forget() {
    space.small.map = 0;
    space.trees.map = 0;
    for (int i = 0; i < SmallBins.COUNT; i++) {
      space.small.first(i, 0);
      space.trees.root(i, 0);
    }
    space.noVictim();
    space.top = 0;
    space.topSize = 0;
    space.direct.clear();
    segments.newest(0, 0, 0, 0);
    segments.least = 0;
    segments.extent = 0;
    growth.footprint = 0;
  }

  // ------------------------------------------------------------------------------------ adoption

  /**
   * Takes over what another space exported.
   *
   * @throws TransferRefusedException if this space holds something, or what is described cannot be
   *     gone on with; nothing has changed then
   */
  void adopt(LayoutState state) {
    if (!state.form().equals(FORM)) {
      throw refused("the layout offered is " + state.form());
    }
    if (space.top != 0 || space.direct.count() != 0) {
      throw refused("this heap holds %d bytes of its own".formatted(growth.footprint));
    }
    Legacy legacy = new Legacy(state.figures());
    MemorySegment direct = directTable(legacy, state.segments());
    checkSettings(legacy);
    new LegacyCheck(legacy, space.window, direct).run();
    take(legacy, direct);
  }

  private static MemorySegment directTable(Legacy legacy, List<MemorySegment> memory) {
    long count = legacy.figure("direct");
    MemorySegment table = memory.isEmpty() ? MemorySegment.NULL : memory.getFirst();
    if (count < 0 || count > Integer.MAX_VALUE || table.byteSize() != count * DIRECT_BYTES) {
      throw refused(
          "%d chunks have spans of their own, but their table has %d bytes"
              .formatted(count, table.byteSize()));
    }
    return table;
  }

  private void checkSettings(Legacy legacy) {
    same("page", legacy.figure("page"), space.spans.pageBytes());
    same(DlSettings.FOOTERS, legacy.figure("footers"), space.settings.footers() ? 1 : 0);
    same(DlSettings.MODE + " fixed", legacy.figure("fixed"), space.settings.fixed() ? 1 : 0);
    if (space.settings.fixed() && legacy.figure("top") != 0) {
      same(DlSettings.CAPACITY, legacy.figure("newest.size"), space.settings.capacity());
    }
  }

  private static void same(String what, long theirs, long ours) {
    if (theirs != ours) {
      throw refused(
          "%s is %d there and %d here; open the successor with the same"
              .formatted(what, theirs, ours));
    }
  }

  /** {@return a refusal that names the layout} */
  static TransferRefusedException refused(String why) {
    return new TransferRefusedException(FORM + ": " + why);
  }

  // From here on nothing can fail.

  private void take(Legacy legacy, MemorySegment direct) {
    takeBins(legacy);
    segments.newest(
        legacy.figure("newest.base"),
        legacy.figure("newest.size"),
        legacy.figure("newest.next"),
        (int) legacy.figure("newest.flags"));
    segments.least = legacy.figure("least");
    segments.extent = legacy.figure("extent");
    for (long at = 0; at < direct.byteSize(); at += DIRECT_BYTES) {
      space.direct.add(
          direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at),
          direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Long.BYTES),
          direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 2 * Long.BYTES));
    }
    takeCourse(legacy);
  }

  private void takeBins(Legacy legacy) {
    space.small.map = (int) legacy.figure("small.map");
    space.trees.map = (int) legacy.figure("tree.map");
    for (int i = 0; i < SmallBins.COUNT; i++) {
      space.small.first(i, legacy.member("small", i));
      space.trees.root(i, legacy.member("tree", i));
    }
    space.victim = legacy.figure("victim");
    space.victimSize = legacy.figure("victim.size");
    space.top = legacy.figure("top");
    space.topSize = legacy.figure("top.size");
    space.footer = legacy.figure("footer");
  }

  private void takeCourse(Legacy legacy) {
    growth.footprint = legacy.figure("footprint");
    growth.peak = legacy.figure("peak");
    if (legacy.figure("limit") != legacy.figure("limit.configured")) {
      growth.limit = legacy.figure("limit");
    }
    if (legacy.figure("trim.check") != legacy.figure("trim.threshold")) {
      space.trimCheck = legacy.figure("trim.check");
    }
    space.releaseChecks = Math.max(1, legacy.figure("release.checks"));
    growth.contiguous &= legacy.figure("contiguous") != 0;
    growth.imports = legacy.figure("imports");
    growth.failures = legacy.figure("failures");
    space.trim.releases = legacy.figure("releases");
    space.trim.putOff = legacy.figure("postponed");
  }
}
