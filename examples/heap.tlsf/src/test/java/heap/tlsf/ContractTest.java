package heap.tlsf;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** The contract of the heap tier. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> shouldKeepTheContract() {
    return ContractTests.of(new TlsfProvider());
  }
}
