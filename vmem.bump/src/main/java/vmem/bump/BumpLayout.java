package vmem.bump;

import allocator.api.LayoutState;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vmem.api.ArenaSpec;

/**
 * The layout {@code vmem.bump/1}: what an estate cannot say, the frontiers and the counts, so that
 * a bump engine that takes over from another hands no address out again.
 *
 * <p>Figures: {@code arenas}, and for each arena, after its number and a dot, {@code quantum},
 * {@code quantumCacheMax}, {@code identifier}, {@code alloc}, {@code free}, {@code bumped}, {@code
 * skipped}. Segments: three for each arena: its name in UTF-8; base, size and frontier of each span
 * in rising order; base and size of each live range. A source is no neutral type, so engines with
 * an importing arena do not offer the layout.
 */
final class BumpLayout {
  /** The layout's name and version. */
  static final TransferForm FORM = new TransferForm("vmem.bump", 1);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int PER_ARENA = 3;
  private static final int PER_SPAN = 3;
  private static final int PER_RANGE = 2;

  private final LayoutState state;

  private BumpLayout(LayoutState state) {
    this.state = state;
  }

  /** {@return whether the layout can say all there is to say of some arenas} */
  static boolean carries(List<BumpArena> arenas) {
    return arenas.stream().allMatch(each -> each.spec().source().isEmpty());
  }

  /** {@return the state of some arenas} */
  static LayoutState of(List<BumpArena> arenas) {
    Map<String, Long> figures = new LinkedHashMap<>();
    List<MemorySegment> segments = new ArrayList<>();
    figures.put("arenas", (long) arenas.size());
    for (int index = 0; index < arenas.size(); index++) {
      ArenaSpec spec = arenas.get(index).spec();
      String prefix = index + ".";
      figures.put(prefix + "quantum", spec.quantum());
      figures.put(prefix + "quantumCacheMax", spec.quantumCacheMax());
      figures.put(prefix + "identifier", spec.identifier() ? 1L : 0L);
      segments.add(MemorySegment.ofArray(spec.name().getBytes(StandardCharsets.UTF_8)));
      arenas.get(index).describe(prefix, figures, segments);
    }
    return new LayoutState(FORM, segments, figures);
  }

  /** Adds what a territory says of itself; the caller has the arena's lock. */
  static void describe(
      Territory territory, String prefix, Map<String, Long> figures, List<MemorySegment> segments) {
    figures.put(prefix + "alloc", territory.allocations());
    figures.put(prefix + "free", territory.frees());
    figures.put(prefix + "bumped", territory.bumped());
    figures.put(prefix + "skipped", territory.skipped());
    segments.add(MemorySegment.ofArray(spans(territory.spans())));
    segments.add(MemorySegment.ofArray(live(territory.live().sorted())));
  }

  private static long[] spans(Spans spans) {
    long[] words = new long[PER_SPAN * spans.count()];
    for (int span = 0; span < spans.count(); span++) {
      words[PER_SPAN * span] = spans.base(span);
      words[PER_SPAN * span + 1] = spans.size(span);
      words[PER_SPAN * span + 2] = spans.frontier(span);
    }
    return words;
  }

  private static long[] live(Ranges ranges) {
    long[] words = new long[PER_RANGE * ranges.count()];
    for (int range = 0; range < ranges.count(); range++) {
      words[PER_RANGE * range] = ranges.base(range);
      words[PER_RANGE * range + 1] = ranges.size(range);
    }
    return words;
  }

  /**
   * Reads and checks a state.
   *
   * @return what each arena takes over, in the order of the arenas
   * @throws TransferRefusedException if it is no such state, or contradicts itself
   */
  static List<Legacy> read(LayoutState state, BumpSettings settings) {
    if (!state.form().equals(FORM)) {
      throw new TransferRefusedException(
          "the layout is %s and not %s".formatted(state.form(), FORM));
    }
    BumpLayout layout = new BumpLayout(state);
    long arenas = layout.figure("arenas");
    if (state.segments().size() != PER_ARENA * arenas) {
      throw new TransferRefusedException(
          "%d arenas have %d segments".formatted(arenas, state.segments().size()));
    }
    List<Legacy> all = new ArrayList<>();
    for (int index = 0; index < arenas; index++) {
      all.add(layout.legacy(index, settings));
    }
    return all;
  }

  private Legacy legacy(int index, BumpSettings settings) {
    ArenaSpec spec = spec(index);
    MemorySegment spans = segment(index, 1, PER_SPAN);
    MemorySegment ranges = segment(index, 2, PER_RANGE);
    Heritage heritage = new Heritage(spec);
    for (long at = 0; at < words(spans); at += PER_SPAN) {
      heritage.addSpan(word(spans, at), word(spans, at + 1), 0);
    }
    for (long at = 0; at < words(ranges); at += PER_RANGE) {
      heritage.addLive(word(ranges, at), word(ranges, at + 1));
    }
    heritage.check();
    Territory territory = heritage.settle(settings);
    for (int span = 0; span < territory.spans().count(); span++) {
      raise(territory.spans(), span, word(spans, (long) PER_SPAN * span + 2), spec);
    }
    resume(territory, index + ".");
    return new Legacy(spec, territory);
  }

  private ArenaSpec spec(int index) {
    byte[] name = state.segments().get(PER_ARENA * index).toArray(ValueLayout.JAVA_BYTE);
    String prefix = index + ".";
    try {
      return new ArenaSpec(
          new String(name, StandardCharsets.UTF_8),
          figure(prefix + "quantum"),
          Optional.empty(),
          figure(prefix + "quantumCacheMax"),
          figure(prefix + "identifier") != 0);
    } catch (IllegalArgumentException e) {
      throw new TransferRefusedException("arena %d: %s".formatted(index, e.getMessage()));
    }
  }

  private static void raise(Spans spans, int span, long frontier, ArenaSpec spec) {
    long consumed = frontier - spans.base(span);
    boolean isOutside =
        Unsigned.below(spans.size(span), consumed)
            || Unsigned.below(consumed, spans.consumed(span));
    if (isOutside || Unsigned.isOff(frontier, spec.quantum())) {
      throw new TransferRefusedException(
          "arena %s: the span at 0x%x cannot have its frontier at 0x%x"
              .formatted(spec.name(), spans.base(span), frontier));
    }
    spans.raise(span, frontier);
  }

  private void resume(Territory territory, String prefix) {
    long allocations = figure(prefix + "alloc");
    long frees = figure(prefix + "free");
    if (allocations - frees != territory.live().count()) {
      throw new TransferRefusedException(
          "%d allocations and %d frees, but %d live ranges"
              .formatted(allocations, frees, territory.live().count()));
    }
    territory.resume(allocations, frees, figure(prefix + "bumped"), figure(prefix + "skipped"));
  }

  private long figure(String name) {
    Long value = state.figures().get(name);
    if (value == null) {
      throw new TransferRefusedException("the state has no figure " + name);
    }
    return value;
  }

  private MemorySegment segment(int index, int part, int words) {
    MemorySegment segment = state.segments().get(PER_ARENA * index + part);
    if (segment.byteSize() % ((long) words * Long.BYTES) != 0) {
      throw new TransferRefusedException(
          "arena %d: segment %d of %d bytes is cut short"
              .formatted(index, part, segment.byteSize()));
    }
    return segment;
  }

  private static long words(MemorySegment segment) {
    return segment.byteSize() / Long.BYTES;
  }

  private static long word(MemorySegment segment, long index) {
    return segment.get(LONG, index * Long.BYTES);
  }

  /**
   * What one arena takes over.
   *
   * @param spec its description
   * @param territory its spans and live ranges
   */
  record Legacy(ArenaSpec spec, Territory territory) {}
}
