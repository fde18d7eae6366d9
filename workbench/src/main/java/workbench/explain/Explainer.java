package workbench.explain;

import allocator.api.Explanation;
import heap.api.HeapEngine;
import heap.api.HeapRequest;
import java.nio.file.Path;
import java.util.Optional;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import trace.TraceException;
import trace.TraceReader;

/**
 * Replays a trace up to an event and has the heap explain it, then makes the call and compares.
 *
 * <p>Safe for use by several threads.
 */
public final class Explainer {
  /** Which event of a trace is meant. */
  public sealed interface Which {
    /**
     * By its number.
     *
     * @param number from 1, changes of the thread counted
     */
    record Event(long number) implements Which {
      /** Refuses a number below 1. */
      public Event {
        requireFromOne("event", number);
      }

      @Override
      public String toString() {
        return "event " + number;
      }
    }

    /**
     * By its line.
     *
     * @param number of the line, from 1
     */
    record Line(long number) implements Which {
      /** Refuses a number below 1. */
      public Line {
        requireFromOne("line", number);
      }

      @Override
      public String toString() {
        return "line " + number;
      }
    }

    /**
     * The birth of a block.
     *
     * @param id in the trace
     */
    record Birth(long id) implements Which {
      @Override
      public String toString() {
        return "birth of block " + id;
      }
    }

    private static void requireFromOne(String what, long number) {
      if (number < 1) {
        throw new IllegalArgumentException(
            "%s %d: they are numbered from 1".formatted(what, number));
      }
    }
  }

  private final Kernel kernel;

  /**
   * Makes an explainer on a kernel.
   *
   * @param kernel boots the machines
   */
  public Explainer(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Explains an event.
   *
   * @param trace the trace
   * @param stack what to boot for it
   * @param which the event
   * @throws TraceException if the trace cannot be read, or has no such event
   */
  public Explained explain(Path trace, BootSpec stack, Which which) throws TraceException {
    try (TraceReader reader = TraceReader.open(trace);
        BootedSystem system = kernel.boot(stack)) {
      Stepper stepper = new Stepper(system, reader);
      while (stepper.next()) {
        if (stepper.isCall() && isMeant(stepper, which)) {
          return explained(system, stepper);
        }
        stepper.execute();
      }
      throw new IllegalArgumentException(
          "%s has no %s; it has %d events, %d lines"
              .formatted(trace, which, stepper.event(), stepper.line()));
    }
  }

  private static boolean isMeant(Stepper stepper, Which which) {
    return switch (which) {
      case Which.Event event -> stepper.event() >= event.number();
      case Which.Line line -> stepper.line() >= line.number();
      case Which.Birth birth ->
          stepper.id() == birth.id() && stepper.request().kind() != HeapRequest.Kind.FREE;
    };
  }

  private static Explained explained(BootedSystem system, Stepper stepper) {
    HeapRequest request = stepper.request();
    Optional<Explanation> explanation =
        request.kind() == HeapRequest.Kind.FREE && request.address() == HeapEngine.NULL
            ? Optional.empty()
            : system.explain(request);
    long before = system.heap().footprint();
    long address = stepper.execute();
    boolean born = address != HeapEngine.NULL;
    return new Explained(
        stepper.event(),
        stepper.line(),
        stepper.id(),
        system.heap().provider(),
        request,
        explanation,
        address,
        born ? address - system.heap().lowestAddress() : 0,
        system.heap().footprint() - before,
        born ? stepper.neighbour(address, true) : Optional.empty(),
        born ? stepper.neighbour(address, false) : Optional.empty(),
        born ? system.kernelSpace().translate(address) : -1);
  }
}
