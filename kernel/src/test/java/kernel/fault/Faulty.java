package kernel.fault;

import allocator.api.Allocator;
import allocator.api.AllocatorProvider;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.RangeVisitor;
import heap.api.HeapEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import physmem.api.FrameEngine;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;

/** A sound engine behind a face that does one thing wrong, from the n-th allocation on. */
public final class Faulty {
  private static final int SOUND = 50; // allocations that go well first

  private final Fault fault;
  private final AtomicLong allocations = new AtomicLong();
  private volatile long last = -1;

  private Faulty(Fault fault) {
    this.fault = fault;
  }

  /**
   * {@return a provider of faulty engines}
   *
   * @param type the provider's interface
   * @param sound opens sound engines
   */
  public static <P extends AllocatorProvider> P provider(Class<P> type, P sound, Fault fault) {
    return type.cast(
        Proxy.newProxyInstance(
            Faulty.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object answer = call(sound, method, arguments);
              return method.getName().equals("open") && answer != null
                  ? engine((Allocator) answer, fault)
                  : answer;
            }));
  }

  private static Object engine(Allocator sound, Fault fault) {
    Class<?> type =
        sound instanceof HeapEngine
            ? HeapEngine.class
            : sound instanceof FrameEngine ? FrameEngine.class : AddressEngine.class;
    return new Faulty(fault).before(type, sound);
  }

  private Object before(Class<?> type, Object sound) {
    return Proxy.newProxyInstance(
        Faulty.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) ->
            self(self, method, arguments) != null
                ? self(self, method, arguments)
                : handle(sound, method, arguments));
  }

  @SuppressWarnings("ReferenceEquality") // a proxy equals itself
  private static @Nullable Object self(Object self, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(self);
      case "equals" -> arguments != null && self == arguments[0];
      case "toString" -> "faulty engine";
      default -> null;
    };
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private @Nullable Object handle(Object sound, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "allocate" -> allocate(sound, method, arguments);
      case "walk" -> {
        hang();
        yield fault == Fault.LIES
            ? walk((Allocator) sound, arguments)
            : call(sound, method, arguments);
      }
      case "census" ->
          fault == Fault.LIES ? census((Allocator) sound) : call(sound, method, arguments);
      case "rebuild", "adopt", "exportState", "drain" -> {
        hang();
        yield call(sound, method, arguments);
      }
      case "exportForms", "importForms" -> List.of(); // so that walks and rebuilds are what happens
      case "arenas" ->
          ((AddressEngine) sound)
              .arenas().stream()
                  .map(arena -> (AddressArena) before(AddressArena.class, arena))
                  .toList();
      case "createArena" ->
          before(AddressArena.class, Objects.requireNonNull(call(sound, method, arguments)));
      case "close" -> {
        if (fault == Fault.STAYS_OPEN && sound instanceof Allocator) {
          throw new IllegalStateException("will not close");
        }
        yield call(sound, method, arguments);
      }
      default -> call(sound, method, arguments);
    };
  }

  private void hang() throws InterruptedException {
    if (fault == Fault.HANGS) {
      new CountDownLatch(1).await(); // the one who calls it off interrupts it
    }
  }

  private @Nullable Object allocate(Object sound, Method method, Object @Nullable [] arguments)
      throws Throwable {
    boolean wrong = allocations.incrementAndGet() > SOUND;
    if (wrong && fault == Fault.THROWS) {
      throw new ArrayIndexOutOfBoundsException("broken on purpose");
    }
    if (wrong && fault == Fault.TWICE && last != -1) {
      return last;
    }
    long good = (long) Objects.requireNonNull(call(sound, method, arguments));
    long unit = sound instanceof FrameEngine ? 1 : sound instanceof HeapEngine ? 8 : 4096;
    long answer = good;
    if (wrong && good != 0 && good != -1) {
      answer =
          switch (fault) {
            case OVERLAP ->
                sound instanceof FrameEngine
                    ? last
                    : last + Math.min(unit, 4096) * (unit == 8 ? 2 : 1);
            case MISALIGNED -> sound instanceof FrameEngine ? good + 1 : good + unit / 8 * 3 + 1;
            case OUTSIDE -> sound instanceof FrameEngine ? 1L << 40 : good ^ (1L << 62);
            default -> good;
          };
    }
    last = good;
    return answer;
  }

  // All but the first.
  private static @Nullable Object walk(Allocator sound, Object @Nullable [] arguments) {
    RangeVisitor visitor = (RangeVisitor) Objects.requireNonNull(arguments)[0];
    boolean[] passed = {false};
    sound.walk((base, size, attributes) -> {
      boolean show = passed[0];
      passed[0] = true;
      return !show || visitor.visit(base, size, attributes);
    });
    return null;
  }

  private static CensusSummary census(Allocator sound) {
    CensusCount count = new CensusCount();
    walk(sound, new Object[] {count});
    return count.summary(sound.census().managedUnits());
  }
}
