package allocator.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The part of an allocator that does not depend on its tier: who it is, what it has handed out, and
 * how it is taken over and ended.
 *
 * <p>An allocator is opened by its provider, serves calls on any number of CPUs, and is closed.
 * Calls of this interface are the cold ones; the hot calls are in the engine interface of each
 * tier.
 *
 * <h2>Life cycle and threads</h2>
 *
 * Hot calls may come from several threads at once, each with its own CPU index. The methods {@link
 * #drain}, {@link #walk}, {@link #managed}, {@link #census}, {@link #checkInvariants}, {@link
 * #exportState}, {@link #adopt}, {@link #rebuild} and {@link #close} are called by the kernel only
 * while no hot call is under way (the gate in front of the slot sees to that). {@link #statistics}
 * may be called at any time and may be slightly out of date.
 *
 * <p>An allocator is <em>relieved</em> when a successor has taken its slot and its live ranges stay
 * where they are as lodgers. From then on no hot call comes any more; the kernel calls {@link
 * #walk}, {@link #managed}, {@link #census} and, for a heap, {@code usableSize}, the latter also
 * from several threads while a walk is under way, and at last {@link #close}. None of these may
 * change what the allocator says of its live ranges.
 *
 * <h2>Memory and re-entrancy</h2>
 *
 * A hot call may call the tier below; it must not call its own tier. An allocator keeps no
 * reference to anything that a client gave it, and hands out nothing whose class is its own.
 *
 * @implSpec [allocator.18] Hot calls from several threads at once, each with its own CPU index,
 *     have the same effect as if they had been made one after the other in some order.
 *     [allocator.19] A call that throws has changed nothing. [allocator.20] Allocators that one
 *     provider opened do not influence each other. [allocator.21] A relieved allocator shows the
 *     same live ranges until it is closed, to several threads at once. [allocator.22] Nothing is
 *     kept that holds on to the bundle's class loader after {@link #close}: no thread, no
 *     thread-local, no static registry elsewhere. [allocator.23] Every call ends: none waits for
 *     another call.
 */
@ConsumerType
public interface Allocator extends AutoCloseable {
  /**
   * {@return what this allocator is modelled on, with the version, such as {@code dlmalloc 2.8.6}}
   *
   * @implSpec [allocator.2] Never null or empty, and the same as long as the allocator lives.
   */
  String model();

  /**
   * {@return the figures of this allocator at this moment, in the order in which to show them}
   *
   * @implSpec [allocator.3] May be called at any time, also while hot calls are under way; never
   *     null.
   */
  List<Statistic> statistics();

  /**
   * {@return the names of the reports that {@link #report} prints, such as {@code slabinfo} or
   * {@code zprint}; a report that looks like one of another system has that one's name}
   */
  default List<String> reports() {
    return List.of();
  }

  /**
   * Prints a report on this allocator's state, in the form that users of its original know.
   *
   * @implSpec [allocator.4] Every name in {@link #reports} prints, at any time, also while hot
   *     calls are under way and on an allocator that holds nothing; what it prints may be slightly
   *     out of date. Any other name is an IllegalArgumentException.
   * @param name one of {@link #reports}
   * @return its lines, without line ends
   * @throws IllegalArgumentException if there is no such report; the message says which there are
   */
  default List<String> report(String name) {
    throw new IllegalArgumentException(
        model() + " has no report " + name + "; it has " + String.join(", ", reports()));
  }

  /**
   * Shows every live range, each exactly once.
   *
   * @implSpec [allocator.5] After {@link #drain}, every live range is shown exactly once and
   *     nothing else is: a range in a per-CPU cache is not live. [allocator.6] The walk ends when
   *     the visitor returns false. [allocator.7] Ranges shown are disjoint and lie inside what
   *     {@link #managed} shows; in the vmem tier, those of one arena.
   * @param visitor receives base and size as the client knows them; for heap blocks the size is the
   *     usable size
   */
  void walk(RangeVisitor visitor);

  /**
   * Shows every range that this allocator holds from below.
   *
   * @implSpec [allocator.8] The ranges shown are disjoint; in the vmem tier, those of one arena:
   *     two arenas may have the same integers, and one that imports has those of its source.
   * @param visitor receives base and size in the tier's unit
   */
  void managed(RangeVisitor visitor);

  /**
   * Counts what is live.
   *
   * @implSpec [allocator.9] Equal to what {@link CensusCount} says of {@link #walk} and {@link
   *     #managed}, and may be faster.
   * @return the census at this moment
   */
  default CensusSummary census() {
    CensusCount count = new CensusCount();
    walk(count);
    long[] managed = {0};
    managed((base, size, attributes) -> {
      managed[0] += size;
      return true;
    });
    return count.summary(managed[0]);
  }

  /**
   * Recomputes slowly everything that is kept fast and compares.
   *
   * @implSpec [allocator.10] Passes on every allocator that kept its contract, after any calls, and
   *     changes nothing; at least one fact is checked when a range is live.
   * @return the number of single facts that were checked, so that a check that sees nothing shows
   * @throws CorruptionException if a fact does not hold; the message names the structure, the
   *     place, what was expected and what was found
   */
  long checkInvariants();

  /**
   * Flushes per-CPU caches and lazy work home, so that the census and the free space are exact.
   *
   * @implSpec [allocator.11] Changes nothing that is live. Callers of the slot wait meanwhile, so
   *     the time it takes depends on the number of CPUs and the size of their caches, not on the
   *     number of live or free ranges.
   */
  default void drain() {}

  /**
   * {@return the layouts whose state this allocator can hand over as it is, best first; empty if
   * none}
   */
  default List<TransferForm> exportForms() {
    return List.of();
  }

  /** {@return the layouts that this allocator can take over as they are, best first} */
  default List<TransferForm> importForms() {
    return List.of();
  }

  /**
   * Describes the state in the named layout without changing it.
   *
   * @implSpec [allocator.12] Works for every form in {@link #exportForms}, and changes nothing: the
   *     allocator can go on as if it had not been asked.
   * @param form one of {@link #exportForms}
   * @return the state; its segments stay owned by this allocator until {@link #handedOver}
   * @throws TransferRefusedException if the form is not one of those offered
   */
  default LayoutState exportState(TransferForm form) {
    throw new TransferRefusedException(model() + " exports no layout " + form);
  }

  /**
   * Told once, when a successor has adopted what {@link #exportState} described and the swap is
   * committed: the segments are the successor's now. What is left is {@link #close}, which must not
   * touch them.
   */
  default void handedOver() {}

  /**
   * Takes over a predecessor's structures in place. Called once, on an allocator that was opened
   * empty.
   *
   * @implSpec [allocator.13] Either succeeds entirely, with a census equal to the predecessor's, or
   *     refuses with a TransferRefusedException and nothing changed on either side. An allocator
   *     adopts what another of its own kind, which holds the same from below, exports in a form
   *     that both declare.
   * @param state what the predecessor exported in one of {@link #importForms}
   * @throws TransferRefusedException if this allocator cannot take it, with the reason
   */
  default void adopt(LayoutState state) {
    throw new TransferRefusedException(model() + " adopts no layout " + state.form());
  }

  /**
   * Takes over every live range by representing each anew. Called once, on an allocator that was
   * opened empty.
   *
   * @implSpec [allocator.14] Afterwards live count, live units and checksum of the census equal the
   *     predecessor's, every live range can be freed as if it had been allocated here, and nothing
   *     that is allocated afterwards overlaps one. [allocator.15] The predecessor is only read.
   *     With {@code dryRun} nothing is changed, and where the rehearsal passes, the rebuild does.
   *     [allocator.16] What cannot be represented is refused with a TransferRefusedException whose
   *     message is not empty, with nothing changed.
   * @param estate what the predecessor manages and what of it is live
   * @param dryRun true to find out only whether it could be done
   * @throws TransferRefusedException if a range cannot be represented; the message names it
   */
  default void rebuild(Estate estate, boolean dryRun) {
    throw new TransferRefusedException(model() + " cannot represent another allocator's ranges");
  }

  /**
   * Ends this allocator and frees its own metadata. Does not free what clients hold.
   *
   * @implSpec [allocator.17] Idempotent and prompt, also with live ranges, and throws nothing.
   */
  @Override
  void close();
}
