package shell.text;

import allocator.api.Explanation;
import heap.api.HeapRequest;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import workbench.explain.Explained;
import workbench.explain.Stepper.Block;

/** Why a block landed where it did. */
public final class ExplainText {
  private ExplainText() {}

  /**
   * Prints it.
   *
   * @param explained what came of the event
   * @param out where to
   */
  public static void print(Explained explained, PrintStream out) {
    out.printf(
        "event %d, line %d: %s%n",
        explained.event(), explained.line(), call(explained.request(), explained.id()));
    out.printf("heap %s%n", explained.heap());
    steps(explained, out);
    if (explained.address() == 0) {
      out.println(explained.request().kind() == HeapRequest.Kind.FREE ? "freed" : "no memory");
    } else {
      placed(explained, out);
    }
    if (explained.imported() != 0) {
      out.printf(Locale.ROOT, "footprint %+,d bytes%n", explained.imported());
    }
  }

  private static String call(HeapRequest request, long id) {
    String cpu = " on CPU " + request.cpu();
    return switch (request.kind()) {
      case ALLOCATE -> "allocate %,d bytes for block %d".formatted(request.bytes(), id) + cpu;
      case ZEROED -> "allocate %,d zeroed bytes for block %d".formatted(request.bytes(), id) + cpu;
      case ALIGNED ->
          "allocate %,d bytes aligned to %d for block %d"
                  .formatted(request.bytes(), request.align(), id)
              + cpu;
      case RESIZE ->
          "resize 0x%x to %,d bytes, block %d from now"
                  .formatted(request.address(), request.bytes(), id)
              + cpu;
      case FREE -> "free block %d at 0x%x".formatted(id, request.address()) + cpu;
    };
  }

  private static void steps(Explained explained, PrintStream out) {
    if (explained.explanation().isEmpty()) {
      out.println("  this heap does not explain itself");
      return;
    }
    Explanation explanation = explained.explanation().get();
    int number = 0;
    for (String step : explanation.steps()) {
      boolean detail = step.startsWith(" ");
      String first = detail ? "      " : "  %d. ".formatted(++number);
      Wrap.print(first, detail ? "        " : "     ", step, out);
    }
    if (explained.contradicted()) {
      out.printf("THE EXPLANATION IS WRONG: it said 0x%x%n", explanation.place().orElseThrow());
    }
  }

  private static void placed(Explained explained, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "lies at 0x%x, %,d bytes above the lowest, frame 0x%x%n",
        explained.address(),
        explained.offset(),
        explained.physical() >>> 12);
    neighbour("below", explained.below(), explained.address(), out);
    neighbour("above", explained.above(), explained.address(), out);
  }

  private static void neighbour(
      String where, Optional<Block> found, long address, PrintStream out) {
    if (found.isEmpty()) {
      out.printf("  %s: no live block%n", where);
      return;
    }
    Block block = found.get();
    out.printf(
        Locale.ROOT,
        "  %s: block %d of %,d bytes, %,d bytes away, born in line %d%n",
        where,
        block.id(),
        block.bytes(),
        Math.abs(block.address() - address),
        block.line());
  }
}
