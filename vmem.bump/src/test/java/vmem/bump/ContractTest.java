package vmem.bump;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every address engine is held to, with the default settings and with others. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new BumpProvider());
  }

  @TestFactory
  Stream<DynamicNode> latestWithGaps() {
    return ContractTests.of(new BumpProvider(), Map.of("order", "latest", "gap", "3"));
  }
}
