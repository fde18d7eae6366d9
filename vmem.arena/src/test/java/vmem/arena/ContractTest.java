package vmem.arena;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every address engine is held to, with the default settings and with others. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new ArenaProvider());
  }

  @TestFactory
  Stream<DynamicNode> asInTheKernel() {
    return ContractTests.of(
        new ArenaProvider(), Map.of("allocator", "instant", "magazineRounds", "2"));
  }

  @TestFactory
  Stream<DynamicNode> withoutCaches() {
    return ContractTests.of(
        new ArenaProvider(), Map.of("allocator", "first", "quantumCaches", "false"));
  }
}
