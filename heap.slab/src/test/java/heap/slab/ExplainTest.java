package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Explanation;
import allocator.api.MisuseException;
import heap.api.HeapRequest;
import heap.api.HeapRequest.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a call, and what the call does then. The contract tests try more of it. */
class ExplainTest {
  private static final int BLOCKS = 3000;

  private static HeapRequest birth(long bytes) {
    return new HeapRequest(Kind.ALLOCATE, 0, 0, 0, bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "cached"})
  void shouldNearlyAlwaysKnowThePlace(String how) {
    Ground ground = new Ground(64 << 20);
    SlabHeap heap = how.equals("plain") ? ground.heap() : ground.heap("magazine.rounds", "1");
    Random random = new Random(7);
    List<Long> live = new ArrayList<>();
    int said = 0;
    for (int i = 0; i < BLOCKS; i++) {
      long bytes = random.nextInt(1000);
      Explanation explanation = heap.explain(birth(bytes));
      long block = heap.allocate(0, bytes);
      if (explanation.place().isPresent()) {
        said++;
        assertEquals(explanation.place().getAsLong(), block, explanation.toString());
      }
      live.add(block);
      if (random.nextBoolean()) {
        heap.free(0, live.remove(random.nextInt(live.size())));
      }
    }
    assertTrue(said > BLOCKS * 0.8, said + " of " + BLOCKS);
    ground.close();
  }

  @Test
  void shouldNameTheLayersAndRefuseStrangers() {
    Ground ground = new Ground(64 << 20);
    SlabHeap heap = ground.heap();
    long first = heap.allocate(0, 100);
    heap.allocate(0, 100);
    heap.free(0, first);
    String text = String.join("\n", heap.explain(birth(100)).steps());
    assertTrue(text.contains("kmalloc-128") && text.contains("the loaded magazine of CPU 0"), text);
    assertThrows(
        MisuseException.class,
        () -> heap.explain(new HeapRequest(Kind.FREE, 0, first, 0, 0)),
        "it is free already");
    ground.close();
  }
}
