package hardware.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The memory-management unit: translates with a modelled TLB per CPU and counts what it does.
 *
 * <p>This is the counted path, for figures. Allocators on the fast path use a {@link DirectWindow};
 * both agree on every mapped address.
 */
@ProviderType
public interface Mmu {
  /** A read. */
  int READ = 0;

  /** A write. */
  int WRITE = 1;

  /** An instruction fetch. */
  int FETCH = 2;

  /** Added to the kind of access when it is made in user mode. */
  int AS_USER = 4;

  /**
   * Makes one access: looks into the TLB, walks on a miss, sets accessed and dirty bits.
   *
   * @param space the address space
   * @param cpu the CPU, from 0
   * @param address any virtual address
   * @param access {@link #READ}, {@link #WRITE} or {@link #FETCH}, with {@link #AS_USER} if need be
   * @return the physical address
   * @throws PageFault if the tables do not allow the access
   */
  long access(AddressSpace space, int cpu, long address, int access);

  /**
   * Opens a window whose every access is translated and counted.
   *
   * @param space the address space
   * @param cpu the CPU that makes the accesses
   * @param address the lowest address
   * @param bytes the length
   * @return the window; slower than a direct one by one to two orders of magnitude
   */
  Window countedWindow(AddressSpace space, int cpu, long address, long bytes);

  /** {@return the counters, summed over all CPUs} */
  MmuCounters counters();

  /** Sets all counters to zero. */
  void resetCounters();

  /**
   * {@return the shape of the TLB, such as {@code 4 KiB: 16 sets x 4 ways; 2 MiB: 8 x 4; 1 GiB: 1 x
   * 4}}
   */
  String tlbShape();

  /**
   * {@return the valid TLB entries of one CPU}
   *
   * @param cpu the CPU, from 0
   */
  List<TlbEntry> tlb(int cpu);

  /**
   * Drops every translation of one CPU that is not global, counted as one flush.
   *
   * @param cpu the CPU, from 0
   */
  void flush(int cpu);
}
