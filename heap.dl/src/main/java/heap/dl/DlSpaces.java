package heap.dl;

import allocator.api.CorruptionException;
import allocator.api.Explanation;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.ExplainingEngine;
import heap.api.HeapContext;
import heap.api.HeapRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/*
 * SEVERAL SPACES
 *
 * 1. The original can be asked for several heaps that share nothing, its mspaces. Here they stand
 *    behind one heap: a CPU allocates from the space of its number, modulo the number of spaces, so
 *    that CPUs of different spaces never meet at a lock, and what one CPU's client allocates lies
 *    together. Each space is a whole heap of this model, with its own bins, victim, top and
 *    segments, and growth and trimming of its own.
 *
 * 2. A block is freed, resized and measured by the space it came from, whoever calls. The original
 *    finds that by the footer behind the block, which it has to read before it knows that there is
 *    a block; here a byte per page tells (SpaceOwners), outside of simulated memory.
 *
 * 3. If a space is exhausted, the others are asked, as nothing says that a fixed one is no
 *    neighbour's business; a block is never moved from one space to another by a resize unless its
 *    own space has no room.
 *
 * 4. What was not done: making and destroying spaces while the heap runs (the tier's interface has
 *    one heap), a hand-over in place (blocks stay as lodgers instead), and the balance of memory
 *    between spaces: each keeps its own top.
 *
 * Reference: D. Lea, malloc.c 2.8.6, create_mspace and mspace_malloc.
 */

/**
 * Several spaces behind one heap, one per CPU or for a few CPUs. Safe for use by several threads,
 * as its spaces are.
 */
final class DlSpaces implements ExplainingEngine {
  private final DlHeap[] spaces;
  private final SpaceSpans[] spans;
  private final SpaceOwners owners;
  private final Window window;
  private boolean closed;

  /**
   * Opens a heap that holds nothing yet.
   *
   * @param context spans, memory and CPUs
   * @param settings those of a single space, each applied to every one; but {@code footprint.limit}
   *     is for all together
   * @param count the number of spaces
   */
  DlSpaces(HeapContext context, Settings settings, int count) {
    DlSettings parsed = DlSettings.parse(settings, context.spans().pageBytes());
    this.window = context.window();
    this.owners = new SpaceOwners(context, parsed.footprintLimit());
    this.spaces = new DlHeap[count];
    this.spans = new SpaceSpans[count];
    for (int i = 0; i < count; i++) {
      spans[i] = new SpaceSpans(context.spans(), owners, i);
      spaces[i] = new DlHeap(new SpaceContext(context, spans[i]), settings);
      spaces[i].footprintLimit(Long.MAX_VALUE);
    }
  }

  /** What a space sees of the heap's context. */
  private record SpaceContext(HeapContext whole, SpaceSpans spans) implements HeapContext {
    @Override
    public int cpus() {
      return whole.cpus();
    }

    @Override
    public Window window() {
      return whole.window();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return whole.reserveMetadata(bytes);
    }
  }

  @Override
  public Explanation explain(HeapRequest request) {
    DlHeap space =
        request.address() == NULL ? spaces[home(request.cpu())] : owner(request.address());
    return space.explain(request);
  }

  @Override
  public String model() {
    return DlHeap.MODEL;
  }

  @Override
  public int alignment() {
    return (int) Chunk.ALIGN;
  }

  // ---------------------------------------------------------------------------------------- hot

  private int home(int cpu) {
    return Math.floorMod(cpu, spaces.length);
  }

  private DlHeap owner(long address) {
    int space = owners.of(address - Chunk.MEM);
    if (space == SpaceOwners.NOBODY) {
      throw new MisuseException(
          "0x%x is no live block: none of the %d spaces holds that page"
              .formatted(address, spaces.length));
    }
    return spaces[space];
  }

  /** A request to one space. */
  private interface Request {
    long of(DlHeap space);
  }

  private long fromAny(int cpu, Request request) {
    int home = home(cpu);
    long block = request.of(spaces[home]);
    for (int i = 1; i < spaces.length && block == NULL; i++) {
      block = request.of(spaces[(home + i) % spaces.length]);
    }
    return block;
  }

  @Override
  public long allocate(int cpu, long bytes) {
    long block = spaces[home(cpu)].allocate(cpu, bytes);
    return block == NULL ? fromAny(cpu + 1, space -> space.allocate(cpu, bytes)) : block;
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    return fromAny(cpu, space -> space.allocateZeroed(cpu, bytes));
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    return fromAny(cpu, space -> space.allocateAligned(cpu, align, bytes));
  }

  @Override
  public long resize(int cpu, long address, long bytes) {
    DlHeap space = owner(address);
    long usable = space.usableSize(address);
    long block = space.resize(cpu, address, bytes);
    return block == NULL ? move(cpu, space, address, usable, bytes) : block;
  }

  private long move(int cpu, DlHeap from, long address, long usable, long bytes) {
    long block = allocate(cpu, bytes);
    if (block != NULL) {
      window.copy(address, block, Math.min(usable, bytes));
      from.free(cpu, address);
    }
    return block;
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    return owner(address).resizeInPlace(cpu, address, bytes);
  }

  @Override
  public void free(int cpu, long address) {
    owner(address).free(cpu, address);
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    owner(address).freeSized(cpu, address, bytes);
  }

  @Override
  public long usableSize(long address) {
    return owner(address).usableSize(address);
  }

  // --------------------------------------------------------------------------------------- cold

  @Override
  public long trim(long keep) {
    long sum = 0;
    for (DlHeap space : spaces) {
      sum += space.trim(keep / spaces.length);
    }
    return sum;
  }

  @Override
  public long footprint() {
    return owners.held();
  }

  @Override
  public long peakFootprint() {
    return owners.peak();
  }

  @Override
  public long footprintLimit() {
    return owners.limit();
  }

  @Override
  public void footprintLimit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("size " + bytes + " is negative");
    }
    owners.limit(bytes);
  }

  /** Passes ranges on until the visitor has had enough, then to no space's more. */
  private static final class Onward implements RangeVisitor {
    private final RangeVisitor visitor;
    private boolean more = true;

    Onward(RangeVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public boolean visit(long base, long size, long attributes) {
      more = more && visitor.visit(base, size, attributes);
      return more;
    }
  }

  @Override
  public void walk(RangeVisitor visitor) {
    Onward onward = new Onward(visitor);
    for (int i = 0; i < spaces.length && onward.more; i++) {
      spaces[i].walk(onward);
    }
  }

  @Override
  public void managed(RangeVisitor visitor) {
    Onward onward = new Onward(visitor);
    for (int i = 0; i < spaces.length && onward.more; i++) {
      spaces[i].managed(onward);
    }
  }

  @Override
  public long checkInvariants() {
    long[] facts = {0};
    long[] pages = {0};
    for (int i = 0; i < spaces.length; i++) {
      SpaceSpans held = spans[i];
      facts[0] += spaces[i].checkInvariants();
      spaces[i].managed((base, size, attributes) -> {
        pages[0] += held.check(base, size);
        return true;
      });
    }
    long bytes = pages[0] * spans[0].pageBytes();
    if (bytes != owners.held()) {
      throw new CorruptionException(
          "heap.dl: the spaces hold %d bytes, but %d are noted".formatted(bytes, owners.held()));
    }
    return facts[0] + pages[0] + 1;
  }

  /** The sums over all spaces, but for the peak, which is that of all together. */
  @Override
  public List<Statistic> statistics() {
    List<Statistic> sums = new ArrayList<>(spaces[0].statistics());
    for (int i = 1; i < spaces.length; i++) {
      List<Statistic> more = spaces[i].statistics();
      for (int at = 0; at < sums.size(); at++) {
        Statistic sum = sums.get(at);
        long value = sum.value() + more.get(at).value();
        sums.set(at, new Statistic(sum.name(), value, sum.unit()));
      }
    }
    sums.replaceAll(sum ->
        sum.name().equals("usmblks") ? new Statistic("usmblks", owners.peak(), "bytes") : sum);
    sums.add(new Statistic("spaces", spaces.length, "spaces"));
    return sums;
  }

  @Override
  public List<String> reports() {
    return Reports.NAMES;
  }

  /** Every space's report, one after the other. */
  @Override
  public List<String> report(String name) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < spaces.length; i++) {
      lines.add("space " + i);
      lines.addAll(spaces[i].report(name));
    }
    return lines;
  }

  /** What is held from below is the kernel's to take; the note of owners goes. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      owners.close();
    }
  }
}
