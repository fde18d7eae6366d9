package workbench.explain;

import allocator.api.Explanation;
import heap.api.HeapRequest;
import java.util.Optional;
import workbench.explain.Stepper.Block;

/**
 * Why a block landed where it did.
 *
 * @param event the number of the event, from 1
 * @param line the line of the trace
 * @param id the block's id in the trace
 * @param heap the provider
 * @param request the call
 * @param explanation what the heap looked at; empty if it does not explain itself
 * @param address where the block is; 0 if none was born
 * @param offset its distance from the lowest address of the heap
 * @param imported how much the footprint grew by the call, in bytes; negative if it shrank
 * @param below the live block next below it
 * @param above the live block next above it
 * @param physical the physical address behind it; -1 if none was born
 */
public record Explained(
    long event,
    long line,
    long id,
    String heap,
    HeapRequest request,
    Optional<Explanation> explanation,
    long address,
    long offset,
    long imported,
    Optional<Block> below,
    Optional<Block> above,
    long physical) {
  /** {@return whether the explanation said where the block would be, and was wrong} */
  public boolean contradicted() {
    return explanation.isPresent()
        && explanation.get().place().isPresent()
        && explanation.get().place().getAsLong() != address;
  }
}
