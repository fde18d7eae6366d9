package itest.faulty;

import allocator.api.MisuseException;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A heap with a fault. */
public final class FaultyHeap implements HeapProvider {
  private static final int SEVENTH = 7;
  private static final List<HeapEngine> HOARD = new ArrayList<>();

  private final HeapProvider sound = Twist.sound(HeapProvider.class);

  @Override
  public String model() {
    return sound.model();
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    HeapEngine engine = sound.open(context, settings);
    return Twist.face(HeapEngine.class, engine, twist(Twist.property(Twist.FAULT), engine));
  }

  private static Twist twist(String fault, HeapEngine engine) {
    return switch (fault) {
      case "twice" -> twice();
      case "small" ->
          (real, method, arguments) ->
              method.equals("allocate") && (long) arguments[1] > 100
                  ? real.call(arguments[0], (long) arguments[1] - 40)
                  : real.call(arguments);
      case "tolerant" -> tolerant();
      case "silent" -> // a walk that says nothing of large blocks
          (real, method, arguments) ->
              method.equals("walk") ? real.call(small(arguments[0])) : real.call(arguments);
      case "thread" -> {
        leaveThread(engine);
        yield (real, method, arguments) -> real.call(arguments);
      }
      default -> throw new IllegalArgumentException(fault);
    };
  }

  private static Twist twice() {
    AtomicLong last = new AtomicLong();
    AtomicLong calls = new AtomicLong();
    return (real, method, arguments) -> {
      if (method.equals("allocate")) {
        long before = last.get();
        if (calls.incrementAndGet() % SEVENTH == 0 && before != 0) {
          last.set(0);
          return before;
        }
        long block = Twist.number(real.call(arguments));
        last.set(block);
        return block;
      }
      return real.call(arguments);
    };
  }

  private static Twist tolerant() {
    return (real, method, arguments) -> {
      try {
        return real.call(arguments);
      } catch (MisuseException e) {
        if (method.equals("free")) {
          return null;
        }
        throw e;
      }
    };
  }

  private static Object small(Object visitor) {
    allocator.api.RangeVisitor to = (allocator.api.RangeVisitor) visitor;
    return (allocator.api.RangeVisitor)
        (base, size, attributes) -> size > 4000 || to.visit(base, size, attributes);
  }

  // Sound in every call, but what it was opened for can never be collected.
  private static void leaveThread(HeapEngine engine) {
    HOARD.add(engine);
    Thread thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(Long.MAX_VALUE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "left behind");
    thread.setDaemon(true);
    thread.start();
  }
}
