package kernel.boot;

/**
 * Where the kernel puts things in its half of the address space, as offsets from the half's base.
 * The places of the linear map and of the range for mappings are those of x86-64 Linux.
 *
 * <pre>
 *  base + 0                     heap window, up to 1 TiB
 *  base + 0x0000_0880_0000_0000 linear map of all RAM, 64 TiB
 *  base + 0x0000_4900_0000_0000 ranges mapped one by one, 32 TiB
 * </pre>
 */
final class KernelLayout {
  /** The heap's window begins the kernel's half. */
  static final long HEAP = 0;

  /** The most bytes that the heap's window may have. */
  static final long HEAP_LIMIT = 1L << 40;

  /** The linear map: physical address plus this offset. */
  static final long LINEAR = 0x0880_0000_0000L;

  /** The most RAM that the linear map covers, in bytes. */
  static final long LINEAR_LIMIT = 64L << 40;

  /** Ranges that are mapped one by one. */
  static final long RANGES = 0x4900_0000_0000L;

  /** Bytes of addresses for ranges that are mapped one by one. */
  static final long RANGES_BYTES = 32L << 40;

  private KernelLayout() {}
}
