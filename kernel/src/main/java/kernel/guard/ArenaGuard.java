package kernel.guard;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** One guarded arena. */
final class ArenaGuard implements AddressArena {
  private final AddressArena raw;
  private final Shadow shadow;
  private final Consumer<ArenaGuard> closed;

  ArenaGuard(String model, AddressArena raw, Consumer<ArenaGuard> closed) {
    this.raw = raw;
    this.closed = closed;
    this.shadow = new Shadow(model + ", arena " + raw.spec().name());
    raw.walkAllocated((base, size, attributes) -> {
      shadow.add("walk", base, new Shadow.Range(size, 0, size));
      return true;
    });
  }

  Shadow shadow() {
    return shadow;
  }

  private long admitted(String call, long base, long size) {
    if (base == NONE) {
      return base;
    }
    if ((base & (spec().quantum() - 1)) != 0) {
      throw shadow.violation(
          call, "0x%x is no multiple of the quantum 0x%x".formatted(base, spec().quantum()));
    }
    if (!raw.contains(base, size)) {
      throw shadow.violation(call, "0x%x + 0x%x is in none of its spans".formatted(base, size));
    }
    shadow.add(call, base, new Shadow.Range(size, 0, size));
    return base;
  }

  @Override
  public long allocate(int cpu, long size, FitPolicy policy) {
    return admitted("allocate(0x%x)".formatted(size), raw.allocate(cpu, size, policy), size);
  }

  @Override
  public long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy) {
    String call = "allocateConstrained(0x%x, %s)".formatted(size, where);
    long base = raw.allocateConstrained(cpu, size, where, policy);
    if (base != NONE && !isWithin(base, size, where)) {
      throw shadow.violation(call, "0x%x breaks the constraints".formatted(base));
    }
    return admitted(call, base, size);
  }

  private static boolean isWithin(long base, long size, AddressConstraints where) {
    long align = Math.max(1, where.align());
    boolean aligned = ((base - where.phase()) & (align - 1)) == 0;
    boolean above = Long.compareUnsigned(base, where.min()) >= 0;
    boolean below = where.max() == 0 || Long.compareUnsigned(base + size - 1, where.max() - 1) <= 0;
    boolean inOne =
        where.nocross() == 0
            || Long.divideUnsigned(base, where.nocross())
                == Long.divideUnsigned(base + size - 1, where.nocross());
    return aligned && above && below && inOne;
  }

  @Override
  public void free(int cpu, long base, long size) {
    freeing("free", base, size, () -> raw.free(cpu, base, size));
  }

  @Override
  public void freeConstrained(int cpu, long base, long size) {
    freeing("freeConstrained", base, size, () -> raw.freeConstrained(cpu, base, size));
  }

  private void freeing(String name, long base, long size, Runnable free) {
    String call = "%s(0x%x, 0x%x)".formatted(name, base, size);
    Shadow.Range range = shadow.take(call, base);
    boolean rightSize = range.size() == size;
    try {
      if (!rightSize) {
        throw new MisuseException("%s: its size is 0x%x".formatted(call, range.size()));
      }
      free.run();
    } catch (MisuseException e) {
      shadow.putBack(base, range);
      if (rightSize) {
        throw shadow.violation(call, "the range is live, and it says: " + e.getMessage());
      }
      throw e;
    }
  }

  @Override
  public ArenaSpec spec() {
    return raw.spec();
  }

  @Override
  public void addSpan(long base, long size) {
    raw.addSpan(base, size);
  }

  @Override
  public boolean contains(long base, long size) {
    return raw.contains(base, size);
  }

  @Override
  public long allocatedBytes() {
    return raw.allocatedBytes();
  }

  @Override
  public long freeBytes() {
    return raw.freeBytes();
  }

  @Override
  public long largestFree() {
    return raw.largestFree();
  }

  @Override
  public void walkAllocated(RangeVisitor visitor) {
    raw.walkAllocated(visitor);
  }

  @Override
  public void walkFree(RangeVisitor visitor) {
    raw.walkFree(visitor);
  }

  @Override
  public void walkSpans(RangeVisitor visitor) {
    raw.walkSpans(visitor);
  }

  @Override
  public List<Statistic> statistics() {
    return raw.statistics();
  }

  @Override
  public void close() {
    raw.close();
    closed.accept(this);
  }
}
