package workbench.synthetic;

import allocator.api.Tier;

/** A benchmark that calls the physmem tier. */
public non-sealed interface FrameGenerator extends Generator<FrameClient> {
  @Override
  default Tier tier() {
    return Tier.PHYSMEM;
  }
}
