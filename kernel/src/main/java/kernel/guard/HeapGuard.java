package kernel.guard;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.List;
import java.util.Optional;
import kernel.backing.OwnedSpans;
import kernel.slot.Witness;

/**
 * A heap whose every answer is checked: alignment, place, overlap, double hand-out, zeroing, what a
 * resize keeps; and behind each block a canary that a client's overrun damages.
 */
public final class HeapGuard implements HeapEngine, Witness {
  private static final long CANARY = Long.BYTES; // room asked for behind each block
  private static final long NO_CANARY = -1; // asked size of blocks older than the guard
  private static final long MIX = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio: each place its own

  private final HeapEngine raw;
  private final OwnedSpans spans;
  private final Window window;
  private final Shadow shadow;

  /**
   * Guards an engine, with nobody inside.
   *
   * @param raw the engine; what it has live is taken from it
   * @param spans the pages that it holds
   * @param window the memory of its blocks
   * @throws kernel.slot.ContractViolation if what it shows cannot be
   */
  public HeapGuard(HeapEngine raw, OwnedSpans spans, Window window) {
    this.raw = raw;
    this.spans = spans;
    this.window = window;
    this.shadow = new Shadow(raw.model());
    raw.walk((base, size, attributes) -> {
      requirePlace("walk", base, size);
      shadow.add("walk", base, new Shadow.Range(size, attributes, NO_CANARY));
      return true;
    });
  }

  private void requirePlace(String call, long address, long size) {
    if (!spans.holds(address) || !spans.holds(address + Math.max(1, size) - 1)) {
      throw shadow.violation(
          call, "0x%x + 0x%x is not in memory that it holds".formatted(address, size));
    }
  }

  // ------------------------------------------------------------------------------------- births

  @Override
  public long allocate(int cpu, long bytes) {
    return born(
        "allocate(%d)".formatted(bytes), raw.allocate(cpu, padded(bytes)), bytes, alignment());
  }

  private static long padded(long bytes) {
    boolean refused = bytes < 0 || bytes > Long.MAX_VALUE - CANARY; // as it is, by the engine
    return refused ? bytes : bytes + CANARY;
  }

  private long born(String call, long address, long bytes, long align) {
    if (address == NULL) {
      return address;
    }
    if (bytes < 0) {
      throw shadow.violation(call, "it handed out 0x%x".formatted(address));
    }
    if ((address & (align - 1)) != 0) {
      throw shadow.violation(call, "0x%x is not aligned to %d".formatted(address, align));
    }
    requirePlace(call, address, padded(bytes));
    long usable = usableOf(call, address);
    if (usable < padded(bytes)) {
      throw shadow.violation(
          call, "0x%x has %d usable bytes for %d".formatted(address, usable, padded(bytes)));
    }
    shadow.add(call, address, new Shadow.Range(usable, 0, bytes));
    window.putLong(address + bytes, address * MIX);
    return address;
  }

  private long usableOf(String call, long address) {
    try {
      return raw.usableSize(address);
    } catch (MisuseException | CorruptionException e) {
      throw shadow.violation(
          call, "it handed out 0x%x and says: %s".formatted(address, e.getMessage()));
    }
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    String call = "allocateZeroed(%d)".formatted(bytes);
    long address = born(call, raw.allocateZeroed(cpu, padded(bytes)), bytes, alignment());
    for (long at = 0; address != NULL && at < bytes; at++) {
      if (window.getByte(address + at) != 0) {
        shadow.take(call, address);
        throw shadow.violation(call, "byte %d of 0x%x is not zero".formatted(at, address));
      }
    }
    return address;
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    String call = "allocateAligned(%d, %d)".formatted(align, bytes);
    return born(call, raw.allocateAligned(cpu, align, padded(bytes)), bytes, align);
  }

  // ------------------------------------------------------------------------------------- deaths

  @Override
  public void free(int cpu, long address) {
    dying("free(0x%x)".formatted(address), address, () -> raw.free(cpu, address));
  }

  private void dying(String call, long address, Runnable free) {
    Shadow.Range range = shadow.take(call, address);
    try {
      requireCanary(call, address, range);
      free.run();
    } catch (MisuseException e) {
      shadow.putBack(address, range);
      throw shadow.violation(call, "the block is live, and it says: " + e.getMessage());
    } catch (CorruptionException e) {
      shadow.putBack(address, range);
      throw e;
    }
  }

  private void requireCanary(String call, long address, Shadow.Range range) {
    if (range.asked() != NO_CANARY && window.getLong(address + range.asked()) != address * MIX) {
      throw new CorruptionException(
          "%s: the %d bytes behind the block of %d bytes at 0x%x were written to"
              .formatted(call, CANARY, range.asked(), address));
    }
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    String call = "freeSized(0x%x, %d)".formatted(address, bytes);
    Shadow.Range range = shadow.at(address);
    if (range != null && range.asked() != NO_CANARY && range.asked() != bytes) {
      throw new MisuseException("%s: its size is %d".formatted(call, range.asked()));
    }
    dying(call, address, () -> raw.free(cpu, address));
  }

  @Override
  public void freeBulk(int cpu, long[] addresses, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (addresses[i] != NULL) {
        free(cpu, addresses[i]);
        addresses[i] = NULL;
      }
    }
  }

  // ------------------------------------------------------------------------------------ resizes

  @Override
  public long resize(int cpu, long address, long bytes) {
    String call = "resize(0x%x, %d)".formatted(address, bytes);
    Shadow.Range old = shadow.take(call, address);
    long kept = Math.min(bytes, old.asked() == NO_CANARY ? old.size() : old.asked());
    Contents contents = new Contents(window, address, Math.max(0, kept));
    boolean moved = false;
    try {
      requireCanary(call, address, old);
      long fresh = raw.resize(cpu, address, padded(bytes));
      born(call, fresh, bytes, alignment());
      if (fresh != NULL && !contents.areAt(fresh)) {
        shadow.take(call, fresh);
        contents.restore();
        throw shadow.violation(call, "the first %d bytes are not what they were".formatted(kept));
      }
      moved = fresh != NULL;
      return fresh;
    } finally {
      // Also after a violation: the engine is called no more, so the block can stay where it was.
      if (!moved) {
        shadow.putBack(address, old);
      }
    }
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    String call = "resizeInPlace(0x%x, %d)".formatted(address, bytes);
    Shadow.Range old = shadow.take(call, address);
    boolean done = false;
    try {
      requireCanary(call, address, old);
      done = raw.resizeInPlace(cpu, address, padded(bytes));
    } finally {
      if (!done) {
        shadow.putBack(address, old);
      }
    }
    if (done) {
      born(call, address, bytes, alignment());
    }
    return done;
  }

  @Override
  public long usableSize(long address) {
    Shadow.Range range = shadow.at(address);
    if (range == null) {
      throw new MisuseException("usableSize(0x%x): no live block begins there".formatted(address));
    }
    return range.asked() == NO_CANARY ? raw.usableSize(address) : range.asked();
  }

  // ------------------------------------------------------------------------------------ witness

  @Override
  public void live(RangeVisitor visitor) {
    shadow.live(visitor);
  }

  @Override
  public void born(long base, long size) {
    requirePlace("allocate of a cache", base, size);
    shadow.add("allocate of a cache", base, new Shadow.Range(raw.usableSize(base), 0, NO_CANARY));
  }

  @Override
  public void dying(long base) {
    shadow.take("free of a cache", base);
  }

  @Override
  public CensusSummary census() {
    return Audit.agreed(raw, this, shadow);
  }

  // -------------------------------------------------------------------------------- passed on

  @Override
  public String model() {
    return raw.model();
  }

  @Override
  public int alignment() {
    return raw.alignment();
  }

  @Override
  public long trim(long keep) {
    return raw.trim(keep);
  }

  @Override
  public long footprint() {
    return raw.footprint();
  }

  @Override
  public long peakFootprint() {
    return raw.peakFootprint();
  }

  @Override
  public long footprintLimit() {
    return raw.footprintLimit();
  }

  @Override
  public void footprintLimit(long bytes) {
    raw.footprintLimit(bytes);
  }

  @Override
  public Optional<ObjectCache> createCache(CacheSpec spec) {
    return raw.createCache(spec);
  }

  @Override
  public List<Statistic> statistics() {
    return raw.statistics();
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
