package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import allocator.api.Tier;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import kernel.api.BootedSystem;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import org.junit.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import workbench.load.Load;

/** A provider of somebody else's that breaks while it serves. */
public class FaultyHeapIT extends UnderLoad {
  private static final long GOOD_CALLS = 5000;

  @Test
  public void shouldReplaceAHeapThatBeginsToThrow() throws Exception {
    ServiceReference<HeapProvider> reference =
        context()
            .getServiceReferences(HeapProvider.class, "(quarry.provider=dl)")
            .iterator()
            .next();
    HeapProvider real = context().getService(reference);
    ServiceRegistration<HeapProvider> registration =
        context()
            .registerService(
                HeapProvider.class,
                new Faulty(real, defaults()),
                FrameworkUtil.asDictionary(Map.of(AllocatorProvider.NAME, "faulty")));
    try (BootedSystem system = boot();
        Load load = load(system)) {
      done(system.swap(SwapRequest.of(Tier.HEAP, "faulty")));
      await("the record of the failure", () -> !failures(system).isEmpty());
      assertNotEquals("faulty", serving(system, Tier.HEAP));
      List<SwapRecord> failures = failures(system);
      assertEquals(system.swaps().toString(), 1, failures.size());
      done(failures.getFirst());
      assertTrue(failures.getFirst().who(), failures.getFirst().who().contains("worn out"));
      assertTrue(kernel().quarantined(provider(Tier.HEAP, "faulty")).isPresent());
      finish(system, load);
    } finally {
      registration.unregister();
      context().ungetService(reference);
    }
  }

  private static List<SwapRecord> failures(BootedSystem system) {
    return system.swaps().stream().filter(record -> record.cause() == SwapCause.FAILURE).toList();
  }

  // The settings of a provider go by its bundle, and this one's bundle is the test's.
  private Settings defaults() {
    Map<String, String> values = new HashMap<>();
    kernel().settings().stream()
        .filter(setting -> setting.name().equals("heap.dl"))
        .forEach(setting -> values.put(setting.key(), setting.value()));
    return new Settings("heap.dl", values);
  }

  /** Opens heaps that throw after a number of allocations. */
  private record Faulty(HeapProvider real, Settings defaults) implements HeapProvider {
    @Override
    public String model() {
      return "a heap that wears out";
    }

    @Override
    public HeapEngine open(HeapContext context, Settings settings) {
      HeapEngine engine = real.open(context, defaults);
      AtomicLong calls = new AtomicLong();
      return (HeapEngine)
          Proxy.newProxyInstance(
              HeapEngine.class.getClassLoader(),
              new Class<?>[] {HeapEngine.class},
              (self, method, arguments) -> {
                if (method.getName().equals("allocate") && calls.incrementAndGet() > GOOD_CALLS) {
                  throw new IllegalStateException("worn out");
                }
                return call(engine, method, arguments);
              });
    }

    private static Object call(HeapEngine engine, Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(engine, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
