package kernel.lodge;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.RangeVisitor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import kernel.backing.PageOwners;
import org.jspecify.annotations.Nullable;

/**
 * All lodgings of a system, and the numbers under which engines hold pages. Safe for use by several
 * threads.
 */
public final class Lodgers {
  private final PageOwners owners;
  private final BitSet numbers = new BitSet();

  // By the number of the owner; copied on each change, so that the hot side only reads.
  private volatile @Nullable Lodging[] lodgings = new Lodging[0];
  private volatile int count;

  /**
   * Begins with none.
   *
   * @param owners who holds which page
   */
  public Lodgers(PageOwners owners) {
    this.owners = owners;
    numbers.set(PageOwners.NOBODY);
  }

  /** {@return who holds which page} */
  public PageOwners owners() {
    return owners;
  }

  /**
   * {@return a number for a new engine}
   *
   * @throws IllegalStateException if all are taken
   */
  public synchronized int takeNumber() {
    int number = numbers.nextClearBit(0);
    if (number > PageOwners.MOST) {
      throw new IllegalStateException(
          "blocks of %d former heaps are live; no further heap can be opened"
              .formatted(number - 1));
    }
    numbers.set(number);
    return number;
  }

  /**
   * Takes the number of an engine back that holds no page any more.
   *
   * @param number what {@link #takeNumber} returned
   */
  public synchronized void giveNumber(int number) {
    numbers.clear(number);
  }

  /** {@return whether there are lodgers at all} */
  public boolean any() {
    return count != 0;
  }

  /**
   * {@return the lodging that answers for an address, or null}
   *
   * @param address any address
   */
  public @Nullable Lodging at(long address) {
    @Nullable Lodging[] now = lodgings;
    int owner = owners.of(address);
    return owner < now.length ? now[owner] : null;
  }

  /** Adds a lodging. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the monitor, read without
  public synchronized void add(Lodging lodging) {
    @Nullable Lodging[] next =
        Arrays.copyOf(lodgings, Math.max(lodgings.length, lodging.owner() + 1));
    next[lodging.owner()] = lodging;
    lodgings = next;
    count++;
  }

  /** Forgets the lodgings that are empty, and has their numbers used again. */
  public synchronized void dropEmpty() {
    for (Lodging lodging : all()) {
      if (lodging.isEmpty()) {
        drop(lodging);
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // as above
  private void drop(Lodging lodging) {
    @Nullable Lodging[] next = lodgings.clone();
    next[lodging.owner()] = null;
    lodgings = next;
    count--;
    numbers.clear(lodging.owner());
  }

  /**
   * Gives back all pages of one lodging, whatever lives there.
   *
   * @param owner its number; that of no lodging is passed over
   */
  public synchronized void evict(int owner) {
    for (Lodging lodging : all()) {
      if (lodging.owner() == owner) {
        lodging.evict();
        drop(lodging);
      }
    }
  }

  /** Gives back all pages of all lodgings; for the end of a system. */
  public synchronized void evictAll() {
    for (Lodging lodging : all()) {
      lodging.evict();
      drop(lodging);
    }
  }

  /** {@return the lodgings, in the order of their numbers} */
  public List<Lodging> all() {
    return Arrays.stream(lodgings).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  /** Shows all lodgers, each once. */
  public void walk(RangeVisitor visitor) {
    all().forEach(lodging -> lodging.walk(visitor));
  }

  /** {@return the bytes of pages that stay for lodgers} */
  public long heldBytes() {
    return any() ? all().stream().mapToLong(Lodging::heldBytes).sum() : 0;
  }

  /** {@return the census of all lodgers} */
  public CensusSummary census() {
    CensusCount found = new CensusCount();
    walk(found);
    return found.summary(heldBytes());
  }

  /**
   * Checks all lodgings.
   *
   * @return the number of facts compared
   */
  public long checkInvariants() {
    return all().stream().mapToLong(Lodging::checkInvariants).sum();
  }
}
