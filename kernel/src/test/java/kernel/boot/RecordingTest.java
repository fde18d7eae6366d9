package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import heap.api.HeapPort;
import heap.slab.SlabProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.SwapRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder sees. */
final class RecordingTest {
  private static final int CALLS = 2000;
  private static final int LARGE = 1 << 20;

  @Test
  void shouldRecordExchangesImportsAndSomeAllocations(@TempDir Path directory) throws IOException {
    PlainKernel plain = new PlainKernel();
    plain.heaps("slab", 0, new SlabProvider());
    Path file = directory.resolve("quarry.jfr");
    long large;
    try (Recording recording = new Recording()) {
      recording.enable("quarry.Exchange");
      recording.enable("quarry.Span").withoutThreshold();
      recording.enable("quarry.AllocationSample");
      try (BootedSystem system = plain.kernel.boot(BootSpec.of(PlainKernel.map(0, 64L << 20)));
          HeapPort port = system.heap().open(0)) {
        recording.start();
        large = port.allocate(LARGE);
        for (int i = 1; i < CALLS; i++) {
          port.allocate(64);
        }
        assertTrue(system.swap(SwapRequest.of(Tier.HEAP, "slab")).done());
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> exchanges = events(file, "quarry.Exchange");
    assertEquals(1, exchanges.size());
    assertEquals("heap", exchanges.getFirst().getString("tier"));
    assertEquals(CALLS, exchanges.getFirst().getLong("live"));
    assertFalse(exchanges.getFirst().getDuration("pause").isZero());
    String here = Thread.currentThread().getName(); // an exchange makes a few calls of its own
    List<RecordedEvent> samples =
        events(file, "quarry.AllocationSample").stream()
            .filter(event -> event.getThread().getJavaName().equals(here))
            .toList();
    assertEquals(4, samples.size(), samples.toString()); // 0, 512, 1024, 1536
    assertEquals(large, samples.getFirst().getLong("address"));
    assertEquals(LARGE, samples.getFirst().getLong("requested"));
    assertTrue(
        events(file, "quarry.Span").stream()
            .anyMatch(each -> each.getBoolean("done") && each.getLong("size") >= LARGE));
  }

  private static List<RecordedEvent> events(Path file, String name) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .toList();
  }
}
