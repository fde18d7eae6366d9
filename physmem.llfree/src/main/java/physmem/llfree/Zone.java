package physmem.llfree;

import java.util.List;

/**
 * A zone of a node: which trees it has, and which frames.
 *
 * @param node the NUMA node
 * @param kind DMA, DMA32 or NORMAL
 * @param firstTree index of its first tree
 * @param endTree index behind its last tree
 * @param present frames of RAM, in rising order
 * @param managed frames that the engine was given, in rising order
 */
record Zone(
    int node, int kind, int firstTree, int endTree, List<Span> present, List<Span> managed) {
  /** Kind: below 16 MiB. */
  static final int DMA = 0;

  /** Kind: below 4 GiB. */
  static final int DMA32 = 1;

  /** Kind: the rest. */
  static final int NORMAL = 2;

  /** Number of kinds. */
  static final int KINDS = 3;

  private static final List<String> NAMES = List.of("DMA", "DMA32", "Normal");

  Zone {
    present = List.copyOf(present);
    managed = List.copyOf(managed);
  }

  String name() {
    return NAMES.get(kind);
  }

  long start() {
    return present.getFirst().from();
  }

  long end() {
    return present.getLast().to();
  }

  int trees() {
    return endTree - firstTree;
  }

  static long frames(List<Span> spans) {
    return spans.stream().mapToLong(span -> span.to() - span.from()).sum();
  }
}
