package tck;

import allocator.api.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The contract of every tier as numbered clauses.
 *
 * <p>The text is that of the {@code @implSpec} tags of the API bundles, taken from their sources
 * when this bundle was built: a clause has three fields in {@code contract.txt}, apart by tabs.
 */
public final class Contract {
  private static final String RESOURCE = "contract.txt";
  private static final String SHARED = "allocator";
  private static final Map<String, Clause> CLAUSES = read();

  private Contract() {}

  /** {@return all clauses, the shared ones first, by number} */
  public static List<Clause> all() {
    return List.copyOf(CLAUSES.values());
  }

  /**
   * {@return the clauses that a provider of the tier is held to: the shared ones and its own}
   *
   * @param tier the tier
   */
  public static List<Clause> of(Tier tier) {
    return CLAUSES.values().stream()
        .filter(clause -> clause.chapter().equals(SHARED) || clause.chapter().equals(tier.label()))
        .toList();
  }

  /**
   * Finds a clause.
   *
   * @param id its number, such as {@code heap.3}
   * @return the clause
   * @throws IllegalArgumentException if there is none of that number
   */
  public static Clause clause(String id) {
    Clause clause = CLAUSES.get(id);
    if (clause == null) {
      throw new IllegalArgumentException("the contract has no clause " + id);
    }
    return clause;
  }

  private static Map<String, Clause> read() {
    Map<String, Clause> clauses = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(Contract.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      for (Clause clause : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
        clauses.put(clause.id(), clause);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return clauses;
  }

  private static List<Clause> parse(String text) {
    List<Clause> clauses = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split("\t", 3);
      clauses.add(new Clause(fields[0], fields[1], fields[2]));
    }
    return clauses;
  }
}
