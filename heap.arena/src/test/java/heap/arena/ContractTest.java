package heap.arena;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every heap is held to, with the default settings and with others that change its ways. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new ArenaHeapProvider());
  }

  @TestFactory
  Stream<DynamicNode> lodging() {
    return ContractTests.of(
        new ArenaHeapProvider(), Map.of("takeover", "lodge", "cache.most", "0"));
  }

  @TestFactory
  Stream<DynamicNode> bestFit() {
    return ContractTests.of(
        new ArenaHeapProvider(), Map.of("policy", "best", "magazine.rounds", "2"));
  }
}
