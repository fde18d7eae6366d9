package kernel.backing;

import hardware.api.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The metadata that one engine has reserved, so that all of it can be given back when the engine is
 * gone, whatever the engine itself forgot. Safe for use by several threads.
 */
public final class EngineMemory {
  private final PhysicalMemory memory;
  private final List<MemorySegment> reserved = new ArrayList<>();

  /**
   * Begins with nothing reserved.
   *
   * @param memory where metadata comes from
   */
  public EngineMemory(PhysicalMemory memory) {
    this.memory = memory;
  }

  /**
   * Reserves metadata.
   *
   * @param bytes how many bytes, at least 1
   * @return the memory
   */
  public synchronized MemorySegment reserve(long bytes) {
    MemorySegment made = memory.reserveMetadata(bytes);
    reserved.add(made);
    return made;
  }

  /**
   * Gives metadata back; what is not this engine's is passed over.
   *
   * @param segment what {@link #reserve} returned
   */
  public synchronized void release(MemorySegment segment) {
    if (reserved.removeIf(each -> each.address() == segment.address())) {
      memory.releaseMetadata(segment);
    }
  }

  /**
   * Takes over what a predecessor has reserved, with the structures in it.
   *
   * @param predecessor its memory; has nothing reserved afterwards
   */
  public void takeOver(EngineMemory predecessor) {
    List<MemorySegment> all;
    synchronized (predecessor) {
      all = List.copyOf(predecessor.reserved);
      predecessor.reserved.clear();
    }
    synchronized (this) {
      reserved.addAll(all);
    }
  }

  /** Gives everything back; for an engine that is closed. */
  public synchronized void releaseAll() {
    reserved.forEach(memory::releaseMetadata);
    reserved.clear();
  }
}
