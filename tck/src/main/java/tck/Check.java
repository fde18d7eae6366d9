package tck;

import java.util.List;

/**
 * One thing that is tried on a provider.
 *
 * @param name what it is called in results, such as {@code heap.exhaustion}
 * @param clauses the numbers of the clauses that it can find broken
 * @param body tries it
 */
public record Check(String name, List<String> clauses, Body body) {
  /** What a check does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Tries it.
     *
     * @param trial counts facts, and gives seed and effort
     * @throws Broken if a clause does not hold
     * @throws Exception anything else that the provider threw: the check failed as well
     */
    void run(Trial trial) throws Exception;
  }

  /** Makes sure that the clauses exist. */
  public Check {
    clauses = List.copyOf(clauses);
    clauses.forEach(Contract::clause);
  }
}
