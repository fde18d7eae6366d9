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
 */
@ConsumerType
public interface Allocator extends AutoCloseable {
  /**
   * {@return what this allocator is modelled on, with the version, such as {@code dlmalloc 2.8.6}}
   */
  String model();

  /** {@return the figures of this allocator at this moment, in the order in which to show them} */
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
   * @implSpec May be called at any time, like {@link #statistics}, and may be slightly out of date.
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
   * @implSpec Ranges are those that clients hold: blocks in a per-CPU cache are not live. Call
   *     after {@link #drain} when caches may hide what is live.
   * @param visitor receives base and size as the client knows them; for heap blocks the size is the
   *     usable size
   */
  void walk(RangeVisitor visitor);

  /**
   * Shows every range that this allocator holds from below.
   *
   * @param visitor receives base and size in the tier's unit
   */
  void managed(RangeVisitor visitor);

  /**
   * Counts what is live.
   *
   * @implSpec Equal to what {@link CensusCount} says of {@link #walk}, and may be faster.
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
   * @return the number of single facts that were checked, so that a check that sees nothing shows
   * @throws CorruptionException if a fact does not hold; the message names the structure, the
   *     place, what was expected and what was found
   */
  long checkInvariants();

  /**
   * Flushes per-CPU caches and lazy work home, so that the census and the free space are exact.
   *
   * @implSpec Callers of the slot wait meanwhile, so the time it takes depends on the number of
   *     CPUs and the size of their caches, not on the number of live or free ranges.
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
   * @implSpec Either succeeds entirely or refuses with nothing changed on either side.
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
   * @implSpec Afterwards the census equals the predecessor's. The predecessor is only read. With
   *     {@code dryRun} nothing is changed.
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
   * @implSpec Idempotent and prompt.
   */
  @Override
  void close();
}
