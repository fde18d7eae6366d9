package kernel.api;

/**
 * Where the frames of a system are. The parts add up: {@code present = kernel + free + tables +
 * backing + other}.
 *
 * @param present frames of RAM
 * @param kernel frames given away before the physmem tier took over: the kernel's image, the first
 *     page tables, and page 0
 * @param free frames that physmem has free
 * @param tables frames of page tables taken from physmem
 * @param backing frames behind heap spans and task mappings
 * @param other frames that clients hold directly from physmem
 */
public record FrameUsage(
    long present, long kernel, long free, long tables, long backing, long other) {
  /** {@return whether every frame but the kernel's own is free} */
  public boolean home() {
    return tables == 0 && backing == 0 && other == 0;
  }
}
