package trace.frames;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import physmem.api.FrameFlags;
import trace.Clock;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;
import trace.table.LongIntMap;
import trace.table.SlotTable;
import trace.tool.BadLineException;
import trace.tool.FtraceLine;

/**
 * Reads the page events of Linux's {@code kmem} trace events: {@code mm_page_alloc} and {@code
 * mm_page_free}. Blocks are known by their first frame there and get dense ids here.
 *
 * <p>1. {@code mm_page_free_batched} repeats what {@code mm_page_free} has told, in kernels from
 * 4.15 on; it counts if the block is live all the same. 2. {@code mm_page_pcpu_drain}, {@code
 * mm_page_alloc_zone_locked} and {@code mm_page_alloc_extfrag} tell how the kernel's allocator
 * works inside, not what it is asked for, and are counted only. 3. A block may be freed in parts
 * ({@code split_page}): it dies with the last of them. 4. Frees of frames that were allocated
 * before the trace began are counted and left out.
 */
final class FtraceFrameReader extends FrameReader {
  private static final Set<String> INNER =
      Set.of("mm_page_pcpu_drain", "mm_page_alloc_zone_locked", "mm_page_alloc_extfrag");

  private final Clock clock = new Clock();
  private final SlotTable blocks = new SlotTable();
  private final LongIntMap cpus = new LongIntMap();
  private final Deque<FrameEvent> due = new ArrayDeque<>();
  private byte[] orderOfSlot = new byte[1024];
  private int[] leftOfSlot = new int[1024];
  private int cpu;
  private long nextId;

  FtraceFrameReader(LineSource lines) {
    super(TraceFormat.FTRACE, lines);
  }

  @Override
  public String program() {
    return "linux";
  }

  @Override
  public Optional<Duration> span() {
    return clock.span();
  }

  @Override
  public @Nullable FrameEvent read() throws TraceException {
    while (due.isEmpty() && lines.next()) {
      try {
        line(FtraceLine.parse(lines.text()));
      } catch (BadLineException e) {
        throw lines.fail(e.reason(), LineSource.FORMAT_REMEDY);
      }
    }
    return due.poll();
  }

  private void line(FtraceLine line) throws BadLineException {
    switch (line.kind()) {
      case EVENT -> event(line);
      case LOST -> odd("places where the tool lost events");
      case OTHER -> {}
    }
  }

  private void event(FtraceLine line) throws BadLineException {
    switch (line.event()) {
      case "mm_page_alloc" -> allocate(line);
      case "mm_page_free" -> free(line, false);
      case "mm_page_free_batched" -> free(line, true);
      default -> {
        boolean slab = line.event().startsWith("km") || line.event().equals("kfree");
        boolean inner = INNER.contains(line.event());
        String other = slab ? "slab events" : "events of other kinds";
        odd(inner ? line.event() + ": the kernel's own doing" : other);
      }
    }
  }

  private void allocate(FtraceLine line) throws BadLineException {
    long frame = line.number("pfn");
    int order = order(line.number("order"));
    int flags = flags(line.number("migratetype"), line.field("gfp_flags").orElse(""));
    clock.at(line.nanos());
    if (frame == 0) {
      odd("allocations that failed, left out");
      return;
    }
    onCpu(line.cpu());
    int stale = blocks.find(frame);
    if (stale >= 0) {
      odd("frees that the log lacks, put in");
      end(frame, stale);
    }
    begin(frame, order, flags);
  }

  private void begin(long frame, int order, int flags) {
    int slot = blocks.birth(frame, nextId);
    if (slot >= orderOfSlot.length) {
      orderOfSlot = Arrays.copyOf(orderOfSlot, slot * 2);
      leftOfSlot = Arrays.copyOf(leftOfSlot, slot * 2);
    }
    orderOfSlot[slot] = (byte) order;
    leftOfSlot[slot] = 1 << order;
    due.add(new FrameEvent(FrameEvent.Operation.ALLOCATE, nextId, order, flags, cpu));
    nextId++;
  }

  private void end(long frame, int slot) {
    due.add(new FrameEvent(FrameEvent.Operation.FREE, blocks.id(slot), 0, 0, cpu));
    blocks.death(frame);
  }

  private void free(FtraceLine line, boolean batched) throws BadLineException {
    long frame = line.number("pfn");
    int order = line.field("order").isPresent() ? order(line.number("order")) : 0;
    clock.at(line.nanos());
    long first = blockAround(frame);
    if (first < 0) {
      odd(
          batched
              ? "mm_page_free_batched: told by mm_page_free, too"
              : "frees of blocks born before the log, left out");
      return;
    }
    onCpu(line.cpu());
    int slot = blocks.find(first);
    leftOfSlot[slot] -= 1 << order;
    if (order < orderOfSlot[slot]) {
      odd("blocks freed in parts: parts");
    }
    if (leftOfSlot[slot] <= 0) {
      end(first, slot);
    }
  }

  /** Returns the first frame of the live block that a frame belongs to, or -1. */
  private long blockAround(long frame) {
    for (int order = 0; order <= FrameEvent.LARGEST_ORDER; order++) {
      long first = frame & (-1L << order);
      int slot = blocks.find(first);
      if (slot >= 0 && orderOfSlot[slot] >= order) {
        return first;
      }
    }
    return -1;
  }

  private void onCpu(int number) {
    int known = cpus.get(number);
    int index = known < 0 ? cpus.size() : known;
    if (known < 0) {
      cpus.add(number, index);
    }
    if (index != cpu) {
      cpu = index;
      due.add(new FrameEvent(FrameEvent.Operation.CPU, -1, 0, 0, cpu));
    }
  }

  private static int order(long order) throws BadLineException {
    if (order > FrameEvent.LARGEST_ORDER) {
      throw new BadLineException("order " + order + " is above " + FrameEvent.LARGEST_ORDER);
    }
    return (int) order;
  }

  /** Linux numbers migrate types 0 unmovable, 1 movable, 2 reclaimable, 3 high atomic, 4 CMA. */
  private static int flags(long migrateType, String gfp) {
    int flags = 0;
    for (String name : gfp.split("\\|", -1)) {
      flags |= flag(name);
    }
    if (migrateType == 1 || migrateType == 4) {
      return flags | FrameFlags.MOVABLE;
    }
    return migrateType == 2 ? flags | FrameFlags.RECLAIMABLE : flags;
  }

  private static int flag(String gfp) {
    return switch (gfp) {
      case "GFP_DMA", "__GFP_DMA" -> FrameFlags.DMA;
      case "GFP_DMA32", "__GFP_DMA32" -> FrameFlags.DMA32;
      case "GFP_ATOMIC" -> FrameFlags.ATOMIC;
      case "__GFP_NORETRY" -> FrameFlags.NO_RETRY;
      case "__GFP_ZERO" -> FrameEvent.ZEROED;
      default -> 0;
    };
  }
}
