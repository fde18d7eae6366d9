package kernel.boot;

import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;

/** A heap in which a request of one size waits. */
final class Sleepy {
  /** The size of which a request waits. */
  static final long SIZE = 12_345;

  private Sleepy() {}

  static HeapProvider provider(HeapProvider sound, CountDownLatch inside, CountDownLatch wake) {
    return PlainKernel.proxy(
        HeapProvider.class,
        (self, method, arguments) -> {
          Object answer = method.invoke(sound, arguments);
          return answer instanceof HeapEngine engine ? engine(engine, inside, wake) : answer;
        });
  }

  private static HeapEngine engine(HeapEngine sound, CountDownLatch inside, CountDownLatch wake) {
    return PlainKernel.proxy(
        HeapEngine.class,
        (self, method, arguments) -> {
          if (method.getName().equals("allocate") && arguments[1].equals(SIZE)) {
            inside.countDown();
            wake.await();
          }
          try {
            return method.invoke(sound, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
