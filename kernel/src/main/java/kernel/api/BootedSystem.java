package kernel.api;

import allocator.api.Explanation;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import heap.api.Heap;
import heap.api.HeapRequest;
import java.util.List;
import java.util.Optional;
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

  /**
   * {@return the figures that a tier's provider keeps; empty if there is no provider}
   *
   * @param tier the tier
   */
  List<Statistic> figures(Tier tier);

  /**
   * {@return the names of the reports that a tier's provider prints; empty if there is no provider}
   *
   * @param tier the tier
   */
  List<String> reports(Tier tier);

  /**
   * Prints a report of a tier's provider, in the form that users of its original know.
   *
   * @param tier the tier
   * @param name one of {@link #reports}
   * @return its lines; empty if there is no provider
   * @throws IllegalArgumentException if the provider has no such report
   */
  List<String> report(Tier tier, String name);

  /**
   * Asks the heap how it would serve a request.
   *
   * @param request a call that is not made
   * @return what it would look at; empty if there is no provider, or it cannot explain itself
   * @throws allocator.api.MisuseException if the call would throw it
   */
  Optional<Explanation> explain(HeapRequest request);

  /**
   * Shows what a tier's provider holds from below; callers of the tier wait meanwhile.
   *
   * @param tier the tier
   * @param visitor receives base and size in the tier's unit; nothing if there is no provider
   */
  void managed(Tier tier, RangeVisitor visitor);

  /** {@return where the frames are at this moment; finish lazy work first with {@link #purge}} */
  FrameUsage frameUsage();

  /**
   * {@return frames in use: page tables, what stands behind ranges, and what clients hold directly;
   * not the kernel's image and page 0}
   */
  long usedFrames();

  /** {@return frames of page tables, those made during boot included} */
  long tableFrames();

  /**
   * {@return bytes of metadata that the physmem tier's provider has touched for its frames; 0 if
   * there is no provider}
   */
  long frameMetadataBytes();

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
   * first. Calls to the tiers wait meanwhile.
   *
   * @return a line per subject; never empty
   */
  List<CheckLine> check();

  /**
   * Exchanges a tier's provider while its clients go on.
   *
   * @param request what to exchange
   * @return what became of it: done, aborted with the reason, or tried
   * @throws SwapRefusedException if the provider is not known, serves already or is quarantined
   */
  SwapRecord swap(SwapRequest request);

  /** {@return the exchanges of this system, the oldest first; of very many the latest} */
  List<SwapRecord> swaps();

  /**
   * Switches the checked mode: every call is compared with what must hold, and a provider that
   * breaks its contract is quarantined and replaced.
   *
   * @param on whether to check
   */
  void guard(boolean on);

  /** {@return whether the checked mode is on} */
  boolean guarded();

  /** {@return blocks of former heaps that still live, by the heap that handed them out} */
  List<LodgingStatus> lodgings();

  /**
   * Makes a task with an address space of its own.
   *
   * @param name what reports call it
   * @return the task
   */
  Task createTask(String name);

  /** {@return the live tasks in the order in which they were made} */
  List<Task> tasks();

  /**
   * Registers somebody who calls this system from threads of its own, and has to stop before the
   * tiers end.
   *
   * @param client closed, the newest first, when this system is closed
   */
  void addClient(AutoCloseable client);

  /**
   * Forgets a client that has stopped by itself; one that is not known is passed over.
   *
   * @param client what was given to {@link #addClient}
   */
  void removeClient(AutoCloseable client);

  /** Ends the clients, the tasks and the tiers and switches the machine off. Idempotent. */
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
