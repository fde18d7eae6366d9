package vmem.tree;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every address engine is held to, with the default settings and with others. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new TreeProvider());
  }

  @TestFactory
  Stream<DynamicNode> topDownWithoutGuards() {
    return ContractTests.of(
        new TreeProvider(), Map.of("placement", "top-down", "guard", "false", "lazy", "0"));
  }

  @TestFactory
  Stream<DynamicNode> displaced() {
    return ContractTests.of(new TreeProvider(), Map.of("randomBits", "8"));
  }
}
