package verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorProvider;
import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import heap.api.HeapProvider;
import heap.dl.DlProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tck.Broken;
import tck.Check;
import tck.Kit;
import tck.Options;
import tck.Outcome;
import tck.Outcome.Verdict;
import tck.Runner;
import tck.Trial;
import tck.tiers.Kits;
import verify.Fault.Maker;
import verify.Fault.Twist;
import vmem.api.AddressArena;
import vmem.api.AddressProvider;
import vmem.tree.TreeProvider;

/** The kits find every fault that is put into a provider that they pass. */
class MutationTest {
  private static final Options OPTIONS =
      new Options(1, 0.1, Duration.ofSeconds(60), Options.USUAL.settings());
  private static final int TRIES = 4; // a race is seen by luck
  private static final int LEAST_FAULTS = 25;

  // ----------------------------------------------------------------------------------------- heaps

  private static Fault<?> heap(String name, Maker maker, String... clauses) {
    return new Fault<>(name, new DlProvider(), HeapProvider.class, maker, Set.of(clauses));
  }

  private static Fault<?> heap(String name, Twist twist, String... clauses) {
    return heap(name, () -> twist, clauses);
  }

  private static boolean births(String method) {
    return method.equals("allocate");
  }

  private static List<Fault<?>> heaps() {
    return List.of(
        heap(
            "a block handed out twice",
            () -> {
              AtomicLong last = new AtomicLong();
              AtomicLong calls = new AtomicLong();
              return (real, method, arguments) ->
                  births(method) && calls.incrementAndGet() % 7 == 0 && last.get() != 0
                      ? last.getAndSet(0)
                      : births(method) ? kept(last, real.call(arguments)) : real.call(arguments);
            },
            "heap.3",
            "heap.7",
            "heap.6",
            "heap.17",
            "heap.16",
            "allocator.19"),
        heap(
            "a block not aligned",
            (real, method, arguments) ->
                births(method) && (long) arguments[1] == 4096
                    ? shifted(real.call(arguments), 8)
                    : real.call(arguments),
            "heap.5",
            "allocator.19"),
        heap(
            "a block too small",
            (real, method, arguments) ->
                births(method) && (long) arguments[1] > 100
                    ? real.call(arguments[0], (long) arguments[1] - 40)
                    : real.call(arguments),
            "heap.6"),
        heap(
            "usable size too large",
            (real, method, arguments) ->
                method.equals("usableSize")
                    ? (long) real.call(arguments) + 16
                    : real.call(arguments),
            "heap.6",
            "heap.3",
            "allocator.5",
            "allocator.10",
            "heap.17",
            "heap.16",
            "allocator.19"),
        heap(
            "nothing for 0 bytes",
            (real, method, arguments) ->
                method.equals("resize") && (long) arguments[2] == 0
                    ? freed(real, arguments)
                    : real.call(arguments),
            "heap.14",
            "heap.13",
            "allocator.19"),
        heap(
            "zeroed blocks are not",
            () -> {
              HeapMemory memory = new HeapMemory();
              return (real, method, arguments) ->
                  method.equals("allocateZeroed")
                      ? memory.dirty(real.call(arguments), arguments)
                      : real.call(arguments);
            },
            "heap.10"),
        heap(
            "a second free accepted",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                if (method.equals("free")) {
                  return Fault.NOTHING;
                }
                throw e;
              }
            },
            "heap.17"),
        heap(
            "misuse is a null pointer",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                throw new NullPointerException("oops");
              }
            },
            "heap.17",
            "heap.8",
            "heap.11"),
        heap(
            "negative sizes accepted",
            (real, method, arguments) ->
                births(method) && (long) arguments[1] < 0
                    ? real.call(arguments[0], 16L)
                    : real.call(arguments),
            "heap.8"),
        heap(
            "resize loses the tail",
            () -> {
              HeapMemory memory = new HeapMemory();
              return (real, method, arguments) ->
                  method.equals("resize")
                      ? memory.cut(real.call(arguments), arguments)
                      : real.call(arguments);
            },
            "heap.13"),
        heap(
            "resize in place claims what it has not done",
            (real, method, arguments) ->
                method.equals("resizeInPlace") ? inPlace(real, arguments) : real.call(arguments),
            "heap.15",
            "heap.6",
            "heap.3"),
        heap(
            "a census that counts one too many",
            (real, method, arguments) ->
                method.equals("census")
                    ? more((CensusSummary) real.call(arguments))
                    : real.call(arguments),
            "allocator.9",
            "heap.1",
            "allocator.14",
            "allocator.20"),
        heap(
            "a walk that shows a block twice",
            (real, method, arguments) -> {
              if (method.equals("walk")) {
                real.call(arguments);
              }
              return real.call(arguments);
            },
            "allocator.5",
            "allocator.6"),
        heap(
            "a walk that does not end",
            (real, method, arguments) ->
                method.equals("walk") ? real.call(endless(arguments)) : real.call(arguments),
            "allocator.6"),
        heap(
            "frees that do nothing",
            (real, method, arguments) ->
                method.equals("free") || method.equals("freeSized")
                    ? Fault.NOTHING
                    : real.call(arguments),
            "heap.16",
            "heap.17",
            "allocator.5",
            "heap.28"),
        heap(
            "trim that lies",
            (real, method, arguments) ->
                method.equals("trim") ? (long) real.call(arguments) + 4096 : real.call(arguments),
            "heap.21"),
        heap(
            "a peak that is forgotten",
            (real, method, arguments) -> method.equals("peakFootprint") ? 0L : real.call(arguments),
            "heap.23"),
        heap(
            "a limit that is ignored",
            (real, method, arguments) ->
                method.equals("footprintLimit") && arguments.length == 1
                    ? Fault.NOTHING
                    : real.call(arguments),
            "heap.24"),
        heap(
            "a bulk free that forgets to clear",
            (real, method, arguments) ->
                method.equals("freeBulk") ? uncleared(real, arguments) : real.call(arguments),
            "heap.19"),
        heap(
            "exhaustion is an exception",
            (real, method, arguments) -> {
              Object result = real.call(arguments);
              if (births(method) && (long) result == 0) {
                throw new IllegalStateException("out of memory");
              }
              return result;
            },
            "heap.9",
            "allocator.19"),
        heap(
            "a call that never ends",
            (real, method, arguments) -> {
              if (births(method) && (long) arguments[1] == 64) {
                Thread.sleep(Long.MAX_VALUE);
              }
              return real.call(arguments);
            },
            "hung"),
        heap(
            "closing throws the second time",
            () -> {
              AtomicLong closed = new AtomicLong();
              return (real, method, arguments) -> {
                if (method.equals("close") && closed.incrementAndGet() > 1) {
                  throw new IllegalStateException("closed already");
                }
                return real.call(arguments);
              };
            },
            "allocator.17",
            ""),
        heap(
            "a report that throws",
            (real, method, arguments) -> {
              if (method.equals("report")) {
                throw new IllegalStateException("no report now");
              }
              return real.call(arguments);
            },
            "allocator.4",
            ""),
        heap(
            "an invariant check that fails",
            (real, method, arguments) -> {
              Object facts = real.call(arguments);
              if (method.equals("checkInvariants") && (long) facts > 40) {
                throw new allocator.api.CorruptionException("something is wrong");
              }
              return facts;
            },
            "allocator.10"));
  }

  private static Object kept(AtomicLong last, Object address) {
    last.set((long) address);
    return address;
  }

  private static Object shifted(Object address, long by) {
    return (long) address == 0 ? address : (long) address + by;
  }

  private static Object freed(Fault.Real real, Object[] arguments) throws Throwable {
    real.call(arguments[0], arguments[1], 16L);
    return 0L;
  }

  private static Object inPlace(Fault.Real real, Object[] arguments) throws Throwable {
    real.call(arguments);
    return true;
  }

  private static CensusSummary more(CensusSummary census) {
    return new CensusSummary(
        census.liveCount() + 1, census.liveUnits(), census.managedUnits(), census.checksum());
  }

  private static Object[] endless(Object[] arguments) {
    RangeVisitor visitor = (RangeVisitor) arguments[0];
    return new Object[] {
      (RangeVisitor)
          (base, size, attributes) -> {
            visitor.visit(base, size, attributes);
            return true;
          }
    };
  }

  private static Object uncleared(Fault.Real real, Object[] arguments) throws Throwable {
    long[] blocks = (long[]) arguments[1];
    long[] before = blocks.clone();
    real.call(arguments);
    System.arraycopy(before, 0, blocks, 0, before.length);
    return Fault.NOTHING;
  }

  // ------------------------------------------------------------------------------------- addresses

  private static Fault<?> addresses(String name, Maker maker, String... clauses) {
    Maker both =
        () -> {
          Twist twist = maker.make();
          return (real, method, arguments) -> twistArenas(twist, real, method, arguments);
        };
    return new Fault<>(name, new TreeProvider(), AddressProvider.class, both, Set.of(clauses));
  }

  private static Object twistArenas(Twist twist, Fault.Real real, String method, Object[] arguments)
      throws Throwable {
    Object result = twist.call(real, method, arguments);
    if (result instanceof AddressArena arena) {
      return Fault.proxy(AddressArena.class, arena, twist);
    }
    if (method.equals("arenas")) {
      List<Object> arenas = new ArrayList<>();
      for (Object each : (List<?>) result) {
        arenas.add(Fault.proxy(AddressArena.class, each, twist));
      }
      return arenas;
    }
    return result;
  }

  private static Fault<?> addresses(String name, Twist twist, String... clauses) {
    return addresses(name, () -> twist, clauses);
  }

  private static List<Fault<?>> addresses() {
    return List.of(
        addresses(
            "a range beside its quantum",
            (real, method, arguments) ->
                method.equals("allocate") && (long) arguments[1] == 4 * 4096
                    ? shifted(real.call(arguments), 1)
                    : real.call(arguments),
            "vmem.9",
            "vmem.8",
            "vmem.7"),
        addresses(
            "constraints that are ignored",
            (real, method, arguments) ->
                method.equals("allocateConstrained")
                    ? real.call(
                        arguments[0],
                        arguments[1],
                        vmem.api.AddressConstraints.aligned(0),
                        arguments[3])
                    : real.call(arguments),
            "vmem.12",
            "vmem.14"),
        addresses(
            "a free of another size accepted",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                if (method.equals("free")) {
                  return Fault.NOTHING;
                }
                throw e;
              }
            },
            "vmem.16"),
        addresses(
            "live bytes counted in ranges",
            (real, method, arguments) ->
                method.equals("allocatedBytes")
                    ? (long) real.call(arguments) / 2
                    : real.call(arguments),
            "vmem.19"),
        addresses(
            "the largest free segment forgotten",
            (real, method, arguments) -> method.equals("largestFree") ? 0L : real.call(arguments),
            "vmem.21"),
        addresses(
            "an arena closed with live ranges",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                if (method.equals("close")) {
                  return Fault.NOTHING;
                }
                throw e;
              }
            },
            "vmem.25"),
        addresses(
            "a second arena of one name",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (MisuseException e) {
                if (method.equals("createArena")) {
                  return Fault.NOTHING;
                }
                throw e;
              }
            },
            "vmem.2"),
        addresses(
            "contains says yes to all",
            (real, method, arguments) -> method.equals("contains") ? true : real.call(arguments),
            "vmem.18"));
  }

  // ------------------------------------------------------------------------------------- the check

  /** Writes to the memory of the blocks, which it learns from the kit's engines. */
  private static final class HeapMemory {
    private static final ThreadLocal<heap.api.HeapContext> LAST = new ThreadLocal<>();
    private final heap.api.HeapContext context = LAST.get();

    Object dirty(Object address, Object[] arguments) {
      if ((long) address != 0 && (long) arguments[1] > 0) {
        context.window().putByte((long) address + (long) arguments[1] - 1, (byte) 1);
      }
      return address;
    }

    Object cut(Object address, Object[] arguments) {
      if ((long) address != 0 && (long) arguments[2] > 8) {
        long last = (long) address + Math.min((long) arguments[2], 9) - 1;
        context.window().putByte(last, (byte) (context.window().getByte(last) + 1));
      }
      return address;
    }
  }

  static Stream<Fault<?>> faults() {
    return Stream.of(heaps(), FrameFaults.all(), addresses(), AddressFaults.all())
        .flatMap(List::stream);
  }

  @Test
  void shouldHaveFaultsEnough() {
    Set<String> names = new HashSet<>();
    faults().forEach(each -> assertTrue(names.add(each.name()), each.name()));
    assertTrue(names.size() >= LEAST_FAULTS, names.size() + " faults");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldFindTheFault(Fault<?> fault) {
    AllocatorProvider faulty = remembering(fault);
    Kit kit = Kits.of(fault.provider());
    Outcome found = null;
    for (int i = 0; i < TRIES && found == null; i++) {
      found = firstBad(kit.checks(faulty), OPTIONS.withSeed(OPTIONS.seed() + i));
    }
    assertFalse(found == null, fault + " was not found");
    String clause = found.verdict() == Verdict.HUNG ? "hung" : found.clause().orElse("");
    assertTrue(
        fault.clauses().contains(clause), fault + " was found as " + clause + ": " + found.seen());
    Outcome seen = found;
    found
        .script()
        .ifPresent(script -> {
          assertEquals(script, tck.Script.parse("x", script.text().lines().toList()));
          Broken again =
              assertThrows(
                  Broken.class, () -> kit.play(faulty, script, new Trial(OPTIONS)), seen.text());
          assertEquals(clause, again.clause());
        });
  }

  private static @Nullable Outcome firstBad(List<Check> checks, Options options) {
    for (Check check : checks) {
      Outcome outcome = Runner.run(check, options);
      if (!outcome.good()) {
        return outcome;
      }
    }
    return null;
  }

  // The twists of heaps need the memory of the blocks.
  private static AllocatorProvider remembering(Fault<?> fault) {
    if (!(fault.faulty() instanceof HeapProvider heaps)) {
      return fault.faulty();
    }
    return (HeapProvider)
        Fault.proxy(
            HeapProvider.class,
            heaps,
            (real, method, arguments) -> {
              if (method.equals("open")) {
                HeapMemory.LAST.set((heap.api.HeapContext) arguments[0]);
              }
              return real.call(arguments);
            });
  }
}
