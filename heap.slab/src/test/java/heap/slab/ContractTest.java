package heap.slab;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every heap is held to, with the default settings and with others that change its ways. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new SlabProvider());
  }

  @TestFactory
  Stream<DynamicNode> bonwick() {
    return ContractTests.of(
        new SlabProvider(), Map.of("geometry", "bonwick", "magazine.rounds", "1"));
  }

  @TestFactory
  Stream<DynamicNode> debug() {
    return ContractTests.of(
        new SlabProvider(),
        Map.of("poison", "true", "redzone", "true", "audit", "true", "random.order", "true"));
  }
}
