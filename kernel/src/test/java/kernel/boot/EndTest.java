package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import allocator.api.TierVacantException;
import heap.api.HeapPort;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kernel.api.BootSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a system that somebody waits for. */
final class EndTest {
  private static final long MIB = 1 << 20;

  private final PlainKernel plain = new PlainKernel();

  @Test
  @Timeout(60) // far less than the callers would wait
  void shouldNotWaitForCallersThatWaitForAProvider() throws Exception {
    BootSpec spec =
        new BootSpec(
            PlainKernel.map(0, 64 * MIB), true, Map.of(), List.of("kernel:vacant.wait=600000"));
    StackedSystem system = (StackedSystem) plain.kernel.boot(spec);
    plain.depart("dl");
    assertEquals("vacant", system.tiers().getLast().state());
    CompletableFuture<Long> call = new CompletableFuture<>();
    Thread caller = Thread.ofPlatform().daemon().start(() -> call(system, call));
    while (caller.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    system.addClient(() -> caller.join());
    system.close();
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
    assertInstanceOf(TierVacantException.class, failure.getCause());
  }

  private static void call(StackedSystem system, CompletableFuture<Long> call) {
    try (HeapPort port = system.heap().open(0)) {
      call.complete(port.allocate(10));
    } catch (TierVacantException e) {
      call.completeExceptionally(e);
    }
  }
}
