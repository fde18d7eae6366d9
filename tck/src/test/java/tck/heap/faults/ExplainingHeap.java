package tck.heap.faults;

import allocator.api.Explanation;
import heap.api.ExplainingEngine;
import heap.api.HeapContext;
import heap.api.HeapRequest;
import java.util.List;
import java.util.OptionalLong;

/** A naive heap that says where a new block will lie, if no memory need be imported for it. */
public class ExplainingHeap extends NaiveHeap implements ExplainingEngine {
  /** Opens a heap that holds nothing. */
  public ExplainingHeap(HeapContext context) {
    super(context);
  }

  @Override
  public synchronized Explanation explain(HeapRequest request) {
    return switch (request.kind()) {
      case ALLOCATE, ZEROED, ALIGNED -> {
        long at = fits(usable(request.bytes()), Math.max(ALIGNMENT, request.align()));
        yield new Explanation(
            List.of("the lowest gap that is long enough"),
            at == NULL ? OptionalLong.empty() : OptionalLong.of(at));
      }
      case RESIZE -> nothing(requireLive(request.address()) + " bytes are grown or moved");
      case FREE -> nothing(requireLive(request.address()) + " bytes become a gap");
    };
  }

  private static Explanation nothing(String step) {
    return new Explanation(List.of(step), OptionalLong.empty());
  }
}
