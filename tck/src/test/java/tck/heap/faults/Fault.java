package tck.heap.faults;

import heap.api.HeapProvider;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One way to break the contract.
 *
 * @param name the simple name of the provider's class
 * @param provider makes the provider
 * @param clauses the numbers of the clauses one of which must be found broken; empty for a call
 *     that never ends, which shows as a check that hangs
 */
public record Fault(String name, Supplier<? extends HeapProvider> provider, Set<String> clauses) {
  /** Copies the clauses. */
  public Fault {
    clauses = Set.copyOf(clauses);
  }

  static Fault of(Supplier<? extends HeapProvider> provider, String... clauses) {
    return new Fault(provider.get().getClass().getSimpleName(), provider, Set.of(clauses));
  }
}
