package hardware.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Receives mapped stretches one at a time. */
@FunctionalInterface
@ConsumerType
public interface MappingVisitor {
  /**
   * Takes one leaf, or several of one size that map successive frames with equal flags.
   *
   * @param address the virtual address of its first byte
   * @param frame the frame that this address translates to
   * @param pages its length in pages
   * @param entry the raw leaf entry, of the first leaf
   */
  void visit(long address, long frame, long pages, long entry);
}
