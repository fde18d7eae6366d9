package verify;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import verify.Fault.Maker;
import verify.Fault.Twist;
import vmem.api.AddressArena;
import vmem.api.AddressEstate;
import vmem.api.AddressProvider;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;
import vmem.arena.ArenaProvider;

/**
 * Faults of address engines at odd sizes, in trees of arenas, between CPUs and in what is shown.
 */
final class AddressFaults {
  private static final Object NOTHING = new Object();
  private static final long PAGE = 4096;

  private AddressFaults() {}

  static List<Fault<?>> all() {
    List<Fault<?>> faults = new ArrayList<>(sizes());
    faults.addAll(shown());
    faults.addAll(below());
    return faults;
  }

  private static Fault<?> fault(String name, Maker maker, String... clauses) {
    Maker both =
        () -> {
          Twist twist = maker.make();
          return (real, method, arguments) -> twistArenas(twist, real, method, arguments);
        };
    return new Fault<>(name, new ArenaProvider(), AddressProvider.class, both, Set.of(clauses));
  }

  private static Fault<?> fault(String name, Twist twist, String... clauses) {
    return fault(name, () -> twist, clauses);
  }

  private static Object twistArenas(Twist twist, Fault.Real real, String method, Object[] arguments)
      throws Throwable {
    Object result = twist.call(real, method, arguments);
    if (method.equals("createArena")) {
      return Fault.proxy(AddressArena.class, result, twist);
    }
    if (!method.equals("arenas")) {
      return result;
    }
    List<Object> arenas = new ArrayList<>();
    for (Object each : (List<?>) result) {
      arenas.add(Fault.proxy(AddressArena.class, each, twist));
    }
    return arenas;
  }

  // ------------------------------------------------------------------------------------------
  // sizes

  private static List<Fault<?>> sizes() {
    return List.of(
        fault(
            "a huge size that rounds to nothing",
            (real, method, arguments) ->
                method.equals("allocate") && (long) arguments[1] < 0 && (long) arguments[1] > -PAGE
                    ? real.call(arguments[0], PAGE, arguments[2])
                    : real.call(arguments),
            "vmem.8"),
        fault(
            "a request of half the addresses as negative",
            (real, method, arguments) -> {
              if (method.equals("allocate") && (long) arguments[1] == Long.MIN_VALUE) {
                throw new IllegalArgumentException("a negative size");
              }
              return real.call(arguments);
            },
            "allocator.19"),
        fault("a free that takes the whole quanta", AddressFaults::wholeQuanta, "vmem.16"),
        fault(
            "live bytes in whole quanta",
            (real, method, arguments) ->
                method.equals("allocatedBytes")
                    ? (long) real.call(arguments) + 63 & -64
                    : real.call(arguments),
            "vmem.19"),
        fault(
            "the last quantum's rest counted as free",
            () -> {
              AtomicLong rest = new AtomicLong();
              return (real, method, arguments) -> {
                Object result = real.call(arguments);
                boolean born = result instanceof Long && arguments.length > 2 && !none(result);
                if (born && (long) arguments[1] > PAGE) {
                  rest.addAndGet(-(long) arguments[1] & (PAGE - 1));
                }
                return method.equals("freeBytes") ? (long) result + rest.get() : result;
              };
            },
            "vmem.20"),
        fault(
            "free bytes that miss a tenth",
            (real, method, arguments) ->
                method.equals("freeBytes")
                    ? (long) real.call(arguments) / 10 * 9
                    : real.call(arguments),
            "vmem.20"),
        fault(
            "spans that touch taken for one",
            (real, method, arguments) ->
                method.equals("contains")
                    ? (boolean) real.call(arguments[0], 1L)
                        && (boolean) real.call((long) arguments[0] + (long) arguments[1] - 1, 1L)
                    : real.call(arguments),
            "vmem.18"),
        fault(
            "a span that may reach into the next",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                if (method.equals("addSpan") && (long) arguments[1] > 1) {
                  return NOTHING;
                }
                throw e;
              }
            },
            "vmem.6"));
  }

  private static Twist wholeQuanta() {
    Map<Long, Long> sizes = new HashMap<>();
    return (real, method, arguments) -> {
      if (method.equals("free")) {
        long size = sizes.getOrDefault((long) arguments[1], (long) arguments[2]);
        if (size != (long) arguments[2] && (size + PAGE - 1 & -PAGE) == (long) arguments[2]) {
          return real.call(arguments[0], arguments[1], size);
        }
      }
      Object result = real.call(arguments);
      if (method.equals("allocate") && !none(result)) {
        sizes.put((long) result, (long) arguments[1]);
      }
      return result;
    };
  }

  private static boolean none(Object base) {
    return base instanceof Long address && address == AddressArena.NONE;
  }

  // ------------------------------------------------------------------------------------------
  // shown

  private static List<Fault<?>> shown() {
    return List.of(
        fault(
            "a span shown twice",
            (real, method, arguments) ->
                method.equals("managed") ? real.call(twice(arguments)) : real.call(arguments),
            "allocator.8"),
        fault(
            "a span that is not shown",
            (real, method, arguments) ->
                method.equals("managed") ? real.call(butFirst(arguments)) : real.call(arguments),
            "allocator.7",
            "allocator.9"),
        fault(
            "an imported span without its mark",
            (real, method, arguments) ->
                method.equals("managed") ? real.call(unmarked(arguments)) : real.call(arguments),
            "vmem.5"),
        fault(
            "relieved, it forgets what other threads ask for",
            () -> {
              Thread[] opener = {Thread.currentThread()};
              return (real, method, arguments) ->
                  method.equals("walk") && Thread.currentThread() != opener[0]
                      ? real.call(butFirst(arguments))
                      : real.call(arguments);
            },
            "allocator.21"),
        fault(
            "arenas in the wrong order",
            (real, method, arguments) ->
                method.equals("arenas")
                    ? ((List<?>) real.call(arguments)).reversed()
                    : real.call(arguments),
            "vmem.3",
            "vmem.4"),
        fault(
            "identifiers that are taken for addresses",
            (real, method, arguments) -> {
              Object result = real.call(arguments);
              return result instanceof ArenaSpec spec && spec.identifier()
                  ? new ArenaSpec(
                      spec.name(), spec.quantum(), spec.source(), spec.quantumCacheMax(), false)
                  : result;
            },
            "vmem.2"),
        fault(
            "a free on another CPU that is lost",
            () -> {
              Map<Long, Thread> owners = new ConcurrentHashMap<>();
              return (real, method, arguments) -> {
                if (method.equals("free") && isAnothers(owners.remove((long) arguments[1]))) {
                  return NOTHING;
                }
                Object result = real.call(arguments);
                if (method.equals("allocate") && !none(result)) {
                  owners.put((long) result, Thread.currentThread());
                }
                return result;
              };
            },
            "allocator.18"));
  }

  private static boolean isAnothers(@Nullable Thread owner) {
    return owner != null && owner != Thread.currentThread();
  }

  private static Object[] twice(Object[] arguments) {
    RangeVisitor visitor = (RangeVisitor) arguments[0];
    return new Object[] {
      (RangeVisitor)
          (base, size, attributes) -> {
            visitor.visit(base, size, attributes);
            return visitor.visit(base, size, attributes);
          }
    };
  }

  private static Object[] butFirst(Object[] arguments) {
    RangeVisitor visitor = (RangeVisitor) arguments[0];
    AtomicInteger seen = new AtomicInteger();
    return new Object[] {
      (RangeVisitor)
          (base, size, attributes) ->
              seen.getAndIncrement() == 0 || visitor.visit(base, size, attributes)
    };
  }

  private static Object[] unmarked(Object[] arguments) {
    RangeVisitor visitor = (RangeVisitor) arguments[0];
    return new Object[] {
      (RangeVisitor)
          (base, size, attributes) -> visitor.visit(base, size, attributes & AddressEstate.ARENA)
    };
  }

  // ------------------------------------------------------------------------------------------
  // below

  private static List<Fault<?>> below() {
    return List.of(
        over("a span that is never given back", Keeping::new, "vmem.25", "vmem.26"),
        over("a span imported for nothing", Greedy::new, "vmem.26", "vmem.25"),
        over("an import that is not in the source's quanta", Odd::new, "vmem.26"),
        over("a source that is given up once it failed", Offended::new, "vmem.27"),
        over("a span given back twice", Twice::new, "vmem.26"));
  }

  private interface Wrapper {
    AddressSource wrap(AddressSource source);
  }

  // The arena sees another source than it was made with, and says that it is the same.
  private static Fault<?> over(String name, Wrapper wrapper, String... clauses) {
    return fault(
        name,
        () -> {
          Map<String, ArenaSpec> specs = new HashMap<>();
          return (real, method, arguments) -> {
            if (method.equals("createArena")) {
              ArenaSpec spec = (ArenaSpec) arguments[0];
              Object made = real.call(wrapped(spec, wrapper));
              specs.put(spec.name(), spec);
              return made;
            }
            Object result = real.call(arguments);
            return result instanceof ArenaSpec spec
                ? specs.getOrDefault(spec.name(), spec)
                : result;
          };
        },
        clauses);
  }

  private static ArenaSpec wrapped(ArenaSpec spec, Wrapper wrapper) {
    Optional<AddressSource> source = spec.source().map(wrapper::wrap);
    return new ArenaSpec(
        spec.name(), spec.quantum(), source, spec.quantumCacheMax(), spec.identifier());
  }

  /** A source that does as another. */
  private static class Plain implements AddressSource {
    final AddressSource to;

    Plain(AddressSource to) {
      this.to = to;
    }

    @Override
    public long quantum() {
      return to.quantum();
    }

    @Override
    public long importSpan(long size, FitPolicy policy) {
      return to.importSpan(size, policy);
    }

    @Override
    public void releaseSpan(long base, long size) {
      to.releaseSpan(base, size);
    }
  }

  private static final class Keeping extends Plain {
    Keeping(AddressSource to) {
      super(to);
    }

    @Override
    public void releaseSpan(long base, long size) {}
  }

  private static final class Greedy extends Plain {
    Greedy(AddressSource to) {
      super(to);
    }

    @Override
    public long importSpan(long size, FitPolicy policy) {
      super.importSpan(size, policy);
      return super.importSpan(size, policy);
    }
  }

  private static final class Odd extends Plain {
    Odd(AddressSource to) {
      super(to);
    }

    @Override
    public long quantum() {
      return 1;
    }
  }

  private static final class Offended extends Plain {
    private boolean offended;

    Offended(AddressSource to) {
      super(to);
    }

    @Override
    public long importSpan(long size, FitPolicy policy) {
      if (offended) {
        return NONE;
      }
      offended = true;
      long base = super.importSpan(size, policy);
      offended = base == NONE;
      return base;
    }
  }

  private static final class Twice extends Plain {
    Twice(AddressSource to) {
      super(to);
    }

    @Override
    public void releaseSpan(long base, long size) {
      super.releaseSpan(base, size);
      if (size == PAGE) {
        super.releaseSpan(base, size);
      }
    }
  }
}
