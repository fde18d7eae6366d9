package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The distribution's bundles come up in Felix. */
public class BootIT extends InFelix {
  private static final List<String> OURS =
      List.of(
          "allocator.api",
          "allocator.arena",
          "physmem.arena",
          "hardware.api",
          "hardware.sim",
          "heap.api",
          "heap.arena",
          "heap.dl",
          "heap.slab",
          "heap.zone",
          "kernel",
          "physmem.api",
          "physmem.buddy",
          "physmem.llfree",
          "physmem.bitmap",
          "shell",
          "trace",
          "vmem.api",
          "vmem.arena",
          "vmem.bump",
          "vmem.tree",
          "tck",
          "verify",
          "watch",
          "workbench");

  @Inject private BundleContext context;

  @Test
  public void shouldRunOnJava25() {
    assertTrue("Java " + Runtime.version(), Runtime.version().feature() >= 25);
  }

  @Test
  public void shouldStartEveryBundle() {
    String inactive =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(Bundle::getSymbolicName)
            .collect(Collectors.joining(", "));
    assertEquals("bundles that are not active", "", inactive);
  }

  @Test
  public void shouldHoldOurBundlesOnceEach() {
    var found =
        Arrays.stream(context.getBundles())
            .map(Bundle::getSymbolicName)
            .filter(OURS::contains)
            .toList();
    assertEquals(List.copyOf(new TreeSet<>(OURS)), found.stream().sorted().toList());
  }
}
