package heap.dl;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every heap is held to, with the default settings and with others that change its ways. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new DlProvider());
  }

  @TestFactory
  Stream<DynamicNode> spaces() {
    return ContractTests.of(new DlProvider(), Map.of("spaces", "2", "footers", "true"));
  }

  @TestFactory
  Stream<DynamicNode> contiguous() {
    return ContractTests.of(
        new DlProvider(),
        Map.of("contiguous", "true", "trim.threshold", "off", "mmap.threshold", "off"));
  }
}
