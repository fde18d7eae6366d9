package watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SettingInfo;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

class BeansTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  /** Knows a provider, quarantined or not, and runs nothing. */
  private record Idle(Optional<String> quarantine) implements Kernel {
    @Override
    public BootedSystem boot(BootSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BootedSystem start(BootSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<BootedSystem> running() {
      return Optional.empty();
    }

    @Override
    public List<ProviderInfo> providers(Tier tier) {
      return List.of(new ProviderInfo(tier, "mine", "a model", "my.bundle", "1.0.0", 0));
    }

    @Override
    public Optional<String> quarantined(ProviderInfo provider) {
      return quarantine;
    }

    @Override
    public List<SettingInfo> settings() {
      return List.of();
    }
  }

  @Test
  void shouldBeThereForJmxUntilStopped() throws Exception {
    ObjectName heap = new ObjectName("quarry:type=Tier,name=heap");
    ObjectName machine = new ObjectName("quarry:type=Machine");
    Beans beans = new Beans(new Idle(Optional.empty()));
    assertEquals("", SERVER.getAttribute(heap, "Provider"));
    assertEquals(0L, SERVER.getAttribute(heap, "LiveRanges"));
    assertArrayEquals(new String[] {"mine"}, (String[]) SERVER.getAttribute(heap, "Candidates"));
    assertEquals(0L, SERVER.getAttribute(machine, "PresentFrames"));
    assertThrows(
        RuntimeMBeanException.class,
        () ->
            SERVER.invoke(
                heap, "swap", new Object[] {"mine"}, new String[] {String.class.getName()}));
    beans.stop();
    assertFalse(SERVER.isRegistered(heap));
    assertFalse(SERVER.isRegistered(machine));
  }

  @Test
  void shouldWarnOfAQuarantinedProvider() {
    Result well = new TierHealth(new Idle(Optional.empty()), Tier.HEAP).execute();
    assertEquals(Result.Status.OK, well.getStatus());
    Result ill = new TierHealth(new Idle(Optional.of("it threw")), Tier.HEAP).execute();
    assertEquals(Result.Status.WARN, ill.getStatus());
    assertTrue(ill.toString().contains("it threw"), ill.toString());
  }
}
