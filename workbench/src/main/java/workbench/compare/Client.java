package workbench.compare;

import hardware.api.AddressSpace;
import hardware.api.Mmu;
import kernel.api.BootedSystem;

/**
 * What the program is supposed to do with its blocks: at birth it writes the first byte, the first
 * four lines and one byte of every further page; at death it reads the first byte. Real programs do
 * more, but which bytes they touch no trace says; this much is what any of them does.
 */
final class Client {
  private static final int LINES = 4;
  private static final int LINE = 1 << ReuseMeter.LINE_SHIFT;

  private final Mmu mmu;
  private final AddressSpace space;
  private final LineCache cache = new LineCache();
  private final int page;

  Client(BootedSystem system) {
    this.mmu = system.machine().mmu();
    this.space = system.kernelSpace();
    this.page = system.machine().memory().pageBytes();
  }

  /** Writes to a block just born. */
  void birth(int cpu, long address, long bytes) {
    long end = address + Math.max(1, bytes);
    long near = Math.min(end, address + (long) LINES * LINE);
    for (long at = address; at < near; at += LINE) {
      cache.touch(at);
    }
    mmu.access(space, cpu, address, Mmu.WRITE);
    for (long at = (address | (page - 1L)) + 1; at < end; at += page) {
      mmu.access(space, cpu, at, Mmu.WRITE);
      cache.touch(at);
    }
  }

  /** Reads from a block that is about to die. */
  void death(int cpu, long address) {
    mmu.access(space, cpu, address, Mmu.READ);
    cache.touch(address);
  }

  LineCache cache() {
    return cache;
  }
}
