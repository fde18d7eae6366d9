package trace;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A format in which traces are found; {@code docs/formats.md} describes each. */
public enum TraceFormat {
  /** Quarry's own text: {@code a ID SIZE}, {@code r OLD NEW SIZE}, {@code f ID} and so on. */
  QUARRY("quarry", "Quarry trace text", Tier.HEAP),

  /** The {@code .rep} files of the CMU malloc lab: four header lines, then events. */
  MALLOC_LAB("rep", "CMU malloc-lab .rep", Tier.HEAP),

  /** The log that the GNU C library's {@code mtrace(3)} writes. */
  MTRACE("mtrace", "glibc mtrace log", Tier.HEAP),

  /** What KDE's heaptrack records, as its library writes it or interpreted. */
  HEAPTRACK("heaptrack", "heaptrack log", Tier.HEAP),

  /** What {@code ltrace} prints of a program's calls to its allocator. */
  LTRACE("ltrace", "ltrace log", Tier.HEAP),

  /** The raw file that Quarry's own recorder writes. */
  RECORDING("recording", "Quarry recording", Tier.HEAP),

  /** Quarry's own text for page frames: {@code tier physmem}. */
  FRAMES("frames", "Quarry frame trace text", Tier.PHYSMEM),

  /** Quarry's own text for address ranges: {@code tier vmem}. */
  RANGES("ranges", "Quarry range trace text", Tier.VMEM),

  /** What {@code strace} prints of a program's system calls. */
  STRACE("strace", "strace log", Tier.VMEM),

  /** Text of Linux's {@code kmem} trace events: tracefs, {@code trace-cmd}, {@code perf script}. */
  FTRACE("ftrace", "Linux kmem trace events", Tier.HEAP, Tier.PHYSMEM);

  /** The tier that a trace's events are requests to. */
  public enum Tier {
    /** Page frames. */
    PHYSMEM,
    /** Ranges of addresses. */
    VMEM,
    /** Blocks of any size. */
    HEAP
  }

  private final String key;
  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // it is unmodifiable
  private final Set<Tier> tiers;

  TraceFormat(String key, String title, Tier first, Tier... more) {
    this.key = key;
    this.title = title;
    this.tiers = Collections.unmodifiableSet(EnumSet.of(first, more));
  }

  /** Returns the word that names this format on a command line. */
  public String key() {
    return key;
  }

  /** Returns the name for people to read. */
  public String title() {
    return title;
  }

  /** Returns the tiers whose events such a file may hold. */
  public Set<Tier> tiers() {
    return tiers;
  }

  /** Returns the tier that a replay of such a file calls: the heap, if it may hold its events. */
  public Tier replayed() {
    return tiers.contains(Tier.HEAP) ? Tier.HEAP : tiers.iterator().next();
  }

  /** Returns the keys of all formats, for people: {@code quarry, rep, mtrace, ...}. */
  public static String keys() {
    return Stream.of(values()).map(TraceFormat::key).collect(Collectors.joining(", "));
  }

  /** Returns the format that {@code key} names, in any case, if there is one. */
  public static Optional<TraceFormat> named(String key) {
    String wanted = key.toLowerCase(Locale.ROOT);
    for (TraceFormat format : values()) {
      if (format.key.equals(wanted)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
