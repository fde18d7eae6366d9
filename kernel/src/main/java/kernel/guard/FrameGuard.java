package kernel.guard;

import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import kernel.slot.Witness;
import org.jspecify.annotations.Nullable;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** A frame engine whose every answer is checked: alignment, place, overlap, double hand-out. */
public final class FrameGuard implements FrameEngine, Witness {
  private final FrameEngine raw;
  private final Shadow shadow;
  private final TreeMap<Long, Long> managed = new TreeMap<>(); // start to end

  /**
   * Guards an engine, with nobody inside.
   *
   * @param raw the engine; what it has live is taken from it
   * @throws kernel.slot.ContractViolation if what it shows cannot be
   */
  public FrameGuard(FrameEngine raw) {
    this.raw = raw;
    this.shadow = new Shadow(raw.model());
    raw.managed((base, size, attributes) -> {
      managed.merge(base, base + size, Math::max);
      return true;
    });
    raw.walk((base, size, attributes) -> {
      admit("walk", base, size, attributes);
      return true;
    });
  }

  private void admit(String call, long base, long size, long attributes) {
    if (!isManaged(base, size)) {
      throw shadow.violation(
          call, "frames [0x%x, 0x%x) are not its own".formatted(base, base + size));
    }
    shadow.add(call, base, new Shadow.Range(size, attributes, size));
  }

  // Neighbouring spans may be listed apart.
  private boolean isManaged(long base, long size) {
    long at = base;
    while (at < base + size) {
      var span = managed.floorEntry(at);
      if (span == null || span.getValue() <= at) {
        return false;
      }
      at = span.getValue();
    }
    return base >= 0 && size > 0;
  }

  private long block(String call, long frame, int order, int flags) {
    if (frame == NONE) {
      return frame;
    }
    if ((frame & ((1L << order) - 1)) != 0) {
      throw shadow.violation(call, "frame 0x%x is not aligned to order %d".formatted(frame, order));
    }
    admit(call, frame, 1L << order, FrameFlags.attributes(order, flags & FrameFlags.MOBILITY_MASK));
    return frame;
  }

  @Override
  public long allocate(int cpu, int order, int flags) {
    return block("allocate(order " + order + ")", raw.allocate(cpu, order, flags), order, flags);
  }

  @Override
  public int allocateBulk(int cpu, int order, int flags, long[] into, int from, int count) {
    int got = raw.allocateBulk(cpu, order, flags, into, from, count);
    if (got < 0 || got > count) {
      throw shadow.violation("allocateBulk", got + " blocks for " + count + " wanted");
    }
    for (int i = from; i < from + got; i++) {
      block("allocateBulk(order " + order + ")", into[i], order, flags);
    }
    return got;
  }

  @Override
  public void free(int cpu, long frame, int order) {
    String call = "free(0x%x, order %d)".formatted(frame, order);
    requireLive(call, frame, order);
    Shadow.Range range = shadow.take(call, frame);
    try {
      raw.free(cpu, frame, order);
    } catch (MisuseException e) {
      shadow.putBack(frame, range);
      throw shadow.violation(call, "the block is live, and it says: " + e.getMessage());
    }
  }

  private void requireLive(String call, long frame, int order) {
    Shadow.@Nullable Range known = shadow.at(frame);
    boolean sane = order >= 0 && order < Long.SIZE - 1;
    if (known == null || !sane || known.size() != 1L << order) {
      throw new MisuseException(call + ": no such block is live");
    }
  }

  @Override
  public void freeBulk(int cpu, int order, long[] frames, int from, int count) {
    Set<Long> named = new HashSet<>();
    for (int i = from; i < from + count; i++) {
      String call = "freeBulk(… 0x%x …, order %d)".formatted(frames[i], order);
      requireLive(call, frames[i], order);
      if (!named.add(frames[i])) {
        throw new MisuseException(call + ": the block is named twice");
      }
    }
    for (int i = from; i < from + count; i++) {
      free(cpu, frames[i], order);
    }
  }

  @Override
  public boolean allocateAt(int cpu, long frame, long count, int flags) {
    boolean done = raw.allocateAt(cpu, frame, count, flags);
    if (done) {
      admit("allocateAt", frame, count, FrameFlags.attributes(FrameFlags.RUN, 0));
    }
    return done;
  }

  @Override
  public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
    long frame = raw.allocateContiguous(cpu, count, where, flags);
    if (frame != NONE) {
      if (frame < where.low() || frame + count > where.high() || frame % where.align() != 0) {
        throw shadow.violation(
            "allocateContiguous",
            "[0x%x, 0x%x) is not within %s".formatted(frame, frame + count, where));
      }
      admit("allocateContiguous", frame, count, FrameFlags.attributes(FrameFlags.RUN, 0));
    }
    return frame;
  }

  @Override
  public void freeRange(int cpu, long frame, long count) {
    String call = "freeRange(0x%x, %d)".formatted(frame, count);
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new MisuseException(call + ": there are no such frames");
    }
    shadow.cut(call, frame, frame + count);
    try {
      raw.freeRange(cpu, frame, count);
    } catch (MisuseException e) {
      admit(call, frame, count, FrameFlags.attributes(FrameFlags.RUN, 0));
      throw shadow.violation(call, "the frames are live, and it says: " + e.getMessage());
    }
  }

  @Override
  public long freeFrames() {
    return raw.freeFrames();
  }

  @Override
  public long metadataBytes() {
    return raw.metadataBytes();
  }

  @Override
  public List<ZoneReport> zones() {
    return raw.zones();
  }

  @Override
  public int maxOrder() {
    return raw.maxOrder();
  }

  @Override
  public long compact(int order, FrameMover mover) {
    return 0; // the guard does not follow frames that move
  }

  @Override
  public boolean online(FrameSpan span) {
    boolean done = raw.online(span);
    if (done) {
      managed.put(span.start(), span.end());
    }
    return done;
  }

  @Override
  public boolean offline(FrameSpan span, FrameMover mover) {
    return false; // as above
  }

  @Override
  public boolean poison(long frame, FrameMover mover) {
    return false; // as above
  }

  @Override
  public String model() {
    return raw.model();
  }

  @Override
  public List<Statistic> statistics() {
    return raw.statistics();
  }

  @Override
  public void live(RangeVisitor visitor) {
    shadow.live(visitor);
  }

  @Override
  public void born(long base, long size) {
    admit("allocate", base, size, 0);
  }

  @Override
  public void dying(long base) {
    shadow.take("free", base);
  }

  @Override
  public CensusSummary census() {
    return Audit.agreed(raw, this, shadow);
  }

  @Override
  public void walk(RangeVisitor visitor) {
    raw.walk(visitor);
  }

  @Override
  public void managed(RangeVisitor visitor) {
    raw.managed(visitor);
  }

  @Override
  public long checkInvariants() {
    return raw.checkInvariants();
  }

  @Override
  public void drain() {
    raw.drain();
  }

  @Override
  public List<TransferForm> exportForms() {
    return raw.exportForms();
  }

  @Override
  public LayoutState exportState(TransferForm form) {
    return raw.exportState(form);
  }

  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    raw.rebuild(estate, dryRun);
  }

  @Override
  public void close() {
    raw.close();
  }
}
