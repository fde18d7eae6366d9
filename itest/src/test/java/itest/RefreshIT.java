package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import javax.inject.Inject;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/**
 * What lies below the providers is taken away: the machine ends, the framework lives on, and boots
 * anew.
 *
 * <p>Names no class of an API bundle: its own bundle would be wired to it and refreshed as well.
 */
public class RefreshIT extends InFelix {
  private static final long SECONDS = 120;
  private static final String LOAD = "load start --seconds 60";
  private static final String ALL_IS_WELL = "load start --seconds 1; load wait; load stop; check";

  @Inject private BundleContext context;

  private Bundle bundle(String name) {
    return Arrays.stream(context.getBundles())
        .filter(each -> name.equals(each.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the service takes the command line
  private int run(String commands) throws Exception {
    ServiceTracker<ToIntFunction, ToIntFunction> main =
        new ServiceTracker<>(
            context,
            context.createFilter(
                "(&(objectClass=" + ToIntFunction.class.getName() + ")(quarry.main=true))"),
            null);
    main.open();
    try {
      ToIntFunction service = main.waitForService(TimeUnit.SECONDS.toMillis(SECONDS));
      assertNotNull("nobody takes commands", service);
      return service.applyAsInt(new String[] {"exec", commands});
    } finally {
      main.close();
    }
  }

  private void refresh(String name) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(bundle(name)), event -> refreshed.countDown());
    assertTrue(refreshed.await(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  public void shouldBootAgainAfterAnApiBundleIsRefreshedUnderLoad() throws Exception {
    for (String api : List.of("heap.api", "vmem.api", "physmem.api", "allocator.api")) {
      assertEquals(0, run(LOAD));
      refresh(api);
      assertEquals(api, 0, run(ALL_IS_WELL));
    }
  }

  @Test
  public void shouldBootAgainAfterTheKernelIsUpdatedUnderLoad() throws Exception {
    assertEquals(0, run(LOAD));
    bundle("kernel").update();
    assertEquals(0, run(ALL_IS_WELL));
  }

  @Test
  public void shouldBootAgainAfterTheMachinesBundleIsStoppedUnderLoad() throws Exception {
    assertEquals(0, run(LOAD));
    bundle("hardware.sim").stop();
    assertEquals(
        "no machine, no commands",
        List.of(),
        List.copyOf(context.getServiceReferences(ToIntFunction.class, "(quarry.main=true)")));
    bundle("hardware.sim").start();
    assertEquals(0, run(ALL_IS_WELL));
  }
}
