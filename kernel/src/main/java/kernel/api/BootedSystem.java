package kernel.api;

import allocator.api.Statistic;
import hardware.api.AddressSpace;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import heap.api.Heap;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import physmem.api.FrameAllocator;
import vmem.api.AddressAllocator;

/**
 * A machine with its three tiers, booted. The services it returns are its slots and stay the same
 * as long as it lives.
 */
@ProviderType
public interface BootedSystem extends AutoCloseable {
  /** {@return the machine} */
  Machine machine();

  /** {@return the firmware map as it was read} */
  FirmwareMap firmwareMap();

  /** {@return the physmem slot} */
  FrameAllocator frames();

  /** {@return the vmem slot} */
  AddressAllocator addresses();

  /** {@return the heap slot} */
  Heap heap();

  /** {@return the kernel's address space} */
  AddressSpace kernelSpace();

  /** {@return the state of the slots, from physmem upward} */
  List<TierStatus> tiers();

  /** {@return what happened during boot, a line each with the step's name first} */
  List<String> bootLog();

  /** {@return the kernel's own figures: backing, lazy unmapping, flushes} */
  List<Statistic> statistics();

  /** {@return where the frames are at this moment; finish lazy work first with {@link #purge}} */
  FrameUsage frameUsage();

  /**
   * {@return frames in use: page tables, what stands behind ranges, and what clients hold directly;
   * not the kernel's image and page 0}
   */
  long usedFrames();

  /** {@return frames of page tables, those made during boot included} */
  long tableFrames();

  /** {@return the most {@link #usedFrames} since the last reset, direct holders not counted} */
  long peakFrames();

  /** {@return the most {@link #tableFrames} since the last reset} */
  long peakTableFrames();

  /** {@return the most bytes that the heap held from below since the last reset} */
  long peakFootprint();

  /** Sets the peaks to what is in use now. */
  void resetPeaks();

  /**
   * Finishes lazy work: flushes the TLB, unmaps what was released and sends its frames home.
   *
   * @return the number of frames that went home
   */
  long purge();

  /**
   * Recomputes every invariant of every tier, of the page tables, and between the tiers.
   *
   * <p>Looks at all tiers as they are at one moment, and sends lazy work and per-CPU stocks home
   * first. So call it while no other thread calls the system: beside a replay that goes on it finds
   * differences that are none.
   *
   * @return a line per subject; never empty
   */
  List<CheckLine> check();

  /**
   * Makes a task with an address space of its own.
   *
   * @param name what reports call it
   * @return the task
   */
  Task createTask(String name);

  /** {@return the live tasks in the order in which they were made} */
  List<Task> tasks();

  /** Ends the tasks and the tiers and switches the machine off. Idempotent. */
  @Override
  void close();

  /**
   * Ends the heap tier and releases whatever it still holds, and says where the frames are then:
   * all but the kernel's own must be free.
   *
   * @return the usage after everything of the heap and the tasks went home
   */
  FrameUsage closeTiers();
}
