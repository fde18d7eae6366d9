package physmem.api;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What the kernel gives a frame engine when it opens it: the RAM, and room for metadata. */
@ProviderType
public interface FrameContext {
  /** {@return the size of a frame in bytes, a power of two} */
  int pageBytes();

  /** {@return the number of CPUs; the index that calls carry is below it} */
  int cpus();

  /** {@return RAM that is present, in rising order, disjoint, usable frames only} */
  List<FrameSpan> present();

  /**
   * {@return what of it is free to hand out, in rising order: present less what the early allocator
   * gave away during boot. The rest belongs to the kernel for good}
   */
  List<FrameSpan> free();

  /**
   * {@return every zone of every node, by node and then lowest first, with those that are empty;
   * empty if the engine is to follow its own rule}
   */
  default List<FrameZone> zones() {
    return List.of();
  }

  /**
   * Reserves host memory for metadata; reads as zero, costs the host only what is touched, and is
   * released with the machine.
   *
   * @param bytes how many bytes, at least 1
   * @return the memory
   */
  MemorySegment reserveMetadata(long bytes);

  /**
   * Takes metadata back before the machine ends, from an engine that is being closed.
   *
   * @param memory what {@link #reserveMetadata} gave; must not be used any more
   */
  default void releaseMetadata(MemorySegment memory) {}

  /**
   * {@return the NUMA node that a CPU belongs to}
   *
   * @param cpu index of the CPU
   */
  default int nodeOf(int cpu) {
    return 0;
  }

  /**
   * {@return the distance between two NUMA nodes in the units of the firmware's SLIT: 10 is local}
   *
   * @param from a node
   * @param to a node
   */
  default int distance(int from, int to) {
    return from == to ? 10 : 20;
  }
}
