package kernel.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import heap.api.HeapEngine;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kernel.lodge.Lodging;
import org.junit.jupiter.api.Test;

/** Lodgers that are asked for while the relieved engine is let go. */
final class LodgingTest {
  private static final long PAGE = Ground.PAGE;
  private static final long SIZE = 48;
  private static final long SOON = 100; // ms, in which nothing may happen
  private static final long LATE = 60; // s

  /** An engine with one block that is asked for its size slowly. */
  private static final class Slow {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch answer = new CountDownLatch(1);
    final long block;

    Slow(long block) {
      this.block = block;
    }

    HeapEngine engine() {
      return (HeapEngine)
          Proxy.newProxyInstance(
              HeapEngine.class.getClassLoader(),
              new Class<?>[] {HeapEngine.class},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "usableSize" -> usableSize();
                    case "walk" -> ((RangeVisitor) arguments[0]).visit(block, SIZE, 0);
                    default -> throw new UnsupportedOperationException(method.toString());
                  });
    }

    private long usableSize() throws InterruptedException {
      asked.countDown();
      assertTrue(answer.await(LATE, TimeUnit.SECONDS));
      return SIZE;
    }
  }

  @Test
  void shouldNotLetGoOfAnEngineThatSomebodyIsIn() throws Exception {
    try (Ground ground = new Ground(16 << 20, 4, 0);
        ExecutorService threads = Executors.newCachedThreadPool()) { // the common pool may have one
      PageOwners owners = new PageOwners(ground.space.kernelBase(), Ground.WINDOW_BYTES, 12);
      OwnedSpans spans = new OwnedSpans(ground.spans, owners, 1);
      long block = spans.allocate(32 * PAGE, PAGE);
      Slow slow = new Slow(block);
      Lodging lodging = new Lodging("slow", slow.engine(), spans);

      CompletableFuture<Void> free = CompletableFuture.runAsync(() -> lodging.free(block), threads);
      assertTrue(slow.asked.await(LATE, TimeUnit.SECONDS));
      CompletableFuture<HeapEngine> listed =
          CompletableFuture.supplyAsync(lodging::enumerate, threads);
      try {
        assertThrows(
            TimeoutException.class,
            () -> listed.get(SOON, TimeUnit.MILLISECONDS),
            "the engine was handed out to be closed while it was asked");
      } finally {
        slow.answer.countDown();
      }
      listed.get(LATE, TimeUnit.SECONDS);
      free.get(LATE, TimeUnit.SECONDS);
      assertEquals(0, lodging.blocks());
      assertEquals(0, lodging.heldBytes(), "nothing lives there any more");
      assertThrows(MisuseException.class, () -> lodging.free(block));
    }
  }
}
