package watch;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import kernel.api.BootedSystem;
import kernel.api.FrameUsage;
import kernel.api.Kernel;
import kernel.api.SwapRecord;

/** The machine's attributes, each asked anew of whatever system runs. */
final class MachineBean implements MachineMXBean {
  private final Kernel kernel;

  MachineBean(Kernel kernel) {
    this.kernel = kernel;
  }

  /** {@return an exchange in a line} */
  static String line(SwapRecord swap) {
    String what =
        "%d %s: %s -> %s, %s, %s, callers waited %d ns"
            .formatted(
                swap.number(),
                swap.tier().label(),
                swap.from(),
                swap.to(),
                swap.form().label(),
                swap.outcome(),
                swap.pauseNanos());
    return swap.message().isEmpty() ? what : what + ": " + swap.message();
  }

  private long frames(ToLongFunction<FrameUsage> part) {
    return kernel.running().map(system -> part.applyAsLong(system.frameUsage())).orElse(0L);
  }

  private List<SwapRecord> swaps() {
    return kernel.running().map(BootedSystem::swaps).orElse(List.of());
  }

  @Override
  public String getMap() {
    return kernel.running().map(system -> system.firmwareMap().name()).orElse("");
  }

  @Override
  public long getPresentFrames() {
    return frames(FrameUsage::present);
  }

  @Override
  public long getFreeFrames() {
    return frames(FrameUsage::free);
  }

  @Override
  public long getTableFrames() {
    return frames(FrameUsage::tables);
  }

  @Override
  public long getBackingFrames() {
    return frames(FrameUsage::backing);
  }

  @Override
  public long getHeapFootprint() {
    return kernel.running().map(system -> system.heap().footprint()).orElse(0L);
  }

  @Override
  public int getSwaps() {
    return swaps().size();
  }

  @Override
  public String getLastSwap() {
    List<SwapRecord> all = swaps();
    return all.isEmpty() ? "" : line(all.getLast());
  }

  @Override
  public Map<String, Long> getFigures() {
    return TierBean.byName(kernel.running().map(BootedSystem::statistics).orElse(List.of()));
  }
}
