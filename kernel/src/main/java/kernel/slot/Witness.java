package kernel.slot;

import allocator.api.RangeVisitor;

/** An engine's face that knows by itself what is live: what a guard is to those who exchange. */
public interface Witness {
  /** Shows what is live, from the calls that were seen; attributes as an engine's walk has them. */
  void live(RangeVisitor visitor);

  /** Takes note of a range that was handed out past this face. */
  void born(long base, long size);

  /** Takes note that such a range goes back. */
  void dying(long base);
}
