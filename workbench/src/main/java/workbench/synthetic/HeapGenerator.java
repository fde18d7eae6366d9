package workbench.synthetic;

import allocator.api.Tier;

/** A benchmark that calls the heap. */
public non-sealed interface HeapGenerator extends Generator<HeapClient> {
  @Override
  default Tier tier() {
    return Tier.HEAP;
  }
}
