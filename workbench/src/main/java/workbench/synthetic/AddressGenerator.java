package workbench.synthetic;

import allocator.api.Tier;

/** A benchmark that calls the vmem tier. */
public non-sealed interface AddressGenerator extends Generator<AddressClient> {
  @Override
  default Tier tier() {
    return Tier.VMEM;
  }
}
