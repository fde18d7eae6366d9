package heap.zone;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every heap is held to, with the default settings and with others that change its ways. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new ZoneProvider());
  }

  @TestFactory
  Stream<DynamicNode> typed() {
    return ContractTests.of(
        new ZoneProvider(),
        Map.of("kalloc.classes", "type", "caching", "always", "kalloc.max", "16K"));
  }

  @TestFactory
  Stream<DynamicNode> plain() {
    return ContractTests.of(
        new ZoneProvider(),
        Map.of("sequester", "false", "guards", "false", "shuffle", "false", "caching", "never"));
  }
}
