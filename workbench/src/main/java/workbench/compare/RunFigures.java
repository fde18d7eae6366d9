package workbench.compare;

import java.util.List;
import java.util.Map;

/**
 * The figures of one counted run. All of them are simulated quantities: the same on every run with
 * the same seed.
 *
 * @param seed what the machine was perturbed with beforehand; 0 for not at all
 * @param counts what was counted, by {@link Count#key}
 * @param memory peaks and ends
 * @param means means over the events
 * @param reuse births by reuse distance: see {@link ReuseMeter#bins}
 */
public record RunFigures(
    long seed, Map<String, Long> counts, Memory memory, Means means, List<Long> reuse) {
  /** {@return peak of live bytes over peak of footprint: the utilisation of the malloc lab} */
  public double utilisation() {
    return memory.peakFootprintBytes() == 0
        ? 0
        : (double) memory.peakLiveBytes() / memory.peakFootprintBytes();
  }
}
