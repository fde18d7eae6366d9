package ${package};

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tck.junit.ContractTests;

/** What every frame allocator is held to, clause by clause: the same as {@code quarry verify} runs in Felix. */
class ContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return ContractTests.of(new BitmapProvider());
  }
}
