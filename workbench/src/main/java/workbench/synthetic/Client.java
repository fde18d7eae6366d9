package workbench.synthetic;

import java.util.Map;
import java.util.TreeMap;

/** What one thread asked, counted. Used by one thread until the run has ended. */
public abstract sealed class Client implements AutoCloseable
    permits HeapClient, FrameClient, AddressClient {
  private static final long PRIME = 0x100000001B3L; // of the FNV hash

  private long allocations;
  private long frees;
  private long failures;
  private long digest = 0xCBF29CE484222325L;
  private final Map<String, Long> others = new TreeMap<>();

  Client() {}

  /** Counts a request, served or not. */
  final void asked(long what, boolean served) {
    allocations++;
    failures += served ? 0 : 1;
    digest = (digest ^ what) * PRIME;
  }

  final void freed() {
    frees++;
  }

  /** Counts something of the generator's own. */
  final void count(String name, long much) {
    others.merge(name, much, Long::sum);
  }

  final long allocations() {
    return allocations;
  }

  final long frees() {
    return frees;
  }

  final long failures() {
    return failures;
  }

  /** {@return a digest of the requests in their order: equal requests, equal digest} */
  final long digest() {
    return digest;
  }

  final Map<String, Long> others() {
    return others;
  }

  /** Closes the thread's port. */
  @Override
  public abstract void close();
}
