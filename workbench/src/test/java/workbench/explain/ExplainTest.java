package workbench.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Explanation;
import heap.api.HeapEngine;
import heap.api.HeapRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trace.Replayer;
import trace.TraceReader;
import workbench.PlainKernel;
import workbench.explain.Explainer.Which;
import workbench.explain.Pins.Regions;

final class ExplainTest {
  private static final long MIB = 1 << 20;
  private static final int EVENTS = 30_000;
  private static final String SMALL =
      """
      a 0 1000
      a 1 16
      f 0
      a 2 500
      """;

  private final Kernel kernel = PlainKernel.create();
  private final BootSpec stack = BootSpec.of(PlainKernel.ram(64 * MIB));

  @TempDir private Path directory;

  private static Path sample(String trace) {
    return PlainKernel.SAMPLES.resolve("traces").resolve(trace);
  }

  private Path small() throws IOException {
    return Files.writeString(directory.resolve("small.rep"), rep());
  }

  // malloc-lab's form: heap size, ids, operations, weight
  private static String rep() {
    return "0\n3\n4\n1\n" + SMALL;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sqlite3-words.trace.gz", "perl-words.trace.gz", "python3-threads.trace.gz"})
  void shouldPutBlocksWhereItSaid(String trace) throws IOException {
    int said = 0;
    int births = 0;
    try (TraceReader reader = TraceReader.open(sample(trace));
        BootedSystem system = kernel.boot(stack)) {
      Stepper stepper = new Stepper(system, reader);
      while (stepper.event() < EVENTS && stepper.next()) {
        Optional<Explanation> explanation = explanation(system, stepper);
        long address = stepper.execute();
        if (address != HeapEngine.NULL) {
          births++;
          OptionalLong place = explanation.orElseThrow().place();
          if (place.isPresent()) {
            said++;
            assertEquals(place.getAsLong(), address, explanation.toString());
          }
        }
      }
    }
    assertTrue(births > 1000, births + " births");
    assertTrue(said > births - 200, said + " of " + births); // the others were imported for
  }

  private static Optional<Explanation> explanation(BootedSystem system, Stepper stepper) {
    boolean nothing =
        !stepper.isCall()
            || (stepper.request().kind() == HeapRequest.Kind.FREE
                && stepper.request().address() == HeapEngine.NULL);
    return nothing ? Optional.empty() : system.explain(stepper.request());
  }

  @Test
  void shouldMakeTheCallsThatAReplayMakes() throws IOException {
    Path trace = sample("perl-words.trace.gz");
    List<Long> replayed = new ArrayList<>();
    try (TraceReader reader = TraceReader.open(trace);
        BootedSystem system = kernel.boot(stack)) {
      new Replayer(system.heap(), system.machine().cpus())
          .placements((id, address) -> replayed.add(address))
          .replay(reader);
    }
    List<Long> stepped = new ArrayList<>();
    try (TraceReader reader = TraceReader.open(trace);
        BootedSystem system = kernel.boot(stack)) {
      Stepper stepper = new Stepper(system, reader);
      while (stepper.next()) {
        Optional.of(stepper.execute()).filter(each -> each != 0).ifPresent(stepped::add);
      }
      stepper.freeAll();
      assertEquals(0, system.heap().census().liveCount());
    }
    assertEquals(replayed, stepped);
  }

  @Test
  void shouldExplainTheEventThatWasNamed() throws IOException {
    Explained third = new Explainer(kernel).explain(small(), stack, new Which.Event(4));
    assertEquals(2, third.id());
    assertEquals(500, third.request().bytes());
    assertFalse(third.contradicted());
    assertEquals(
        third, new Explainer(kernel).explain(small(), stack, new Which.Birth(2)), "by its id");
    assertEquals(
        third.address(),
        new Explainer(kernel).explain(small(), stack, new Which.Line(8)).address(),
        "by its line");
    assertTrue(
        third.explanation().orElseThrow().steps().stream()
            .anyMatch(step -> step.contains("fits") || step.contains("best fit")),
        third.toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Explainer(kernel).explain(small(), stack, new Which.Event(99)));
  }

  @Test
  void shouldFindTheBlockThatAloneHoldsPages() throws IOException {
    StringBuilder trace = new StringBuilder("0\n3\n4\n1\n");
    trace.append("a 0 ").append(2 * MIB).append('\n'); // freed: empty pages
    trace.append("a 1 16\n"); // alone on its page
    trace.append("a 2 ").append(2 * MIB).append("\nf 0\n");
    Path file = Files.writeString(directory.resolve("pin.rep"), trace);
    Pins.Result result = new Pins(kernel).find(file, stack, OptionalLong.empty(), 5);
    assertEquals(2, result.liveBlocks());
    assertEquals(2 * MIB + 16, result.liveBytes());
    Regions pages = result.regions().getFirst();
    assertEquals(result.footprint() / 4096, pages.count());
    assertEquals(pages.count(), pages.empty() + pages.pinned() + pages.shared());
    assertTrue(pages.empty() >= 2 * MIB / 4096 - 2, pages.toString());
    assertTrue(pages.pinned() + pages.shared() >= 2 * MIB / 4096, pages.toString());
    Pins.Result before = new Pins(kernel).find(file, stack, OptionalLong.of(3), 5);
    assertEquals(3, before.liveBlocks());
    assertEquals(3, before.event());
  }
}
