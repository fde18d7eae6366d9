package verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorProvider;
import heap.arena.ArenaHeapProvider;
import heap.dl.DlProvider;
import heap.slab.SlabProvider;
import heap.zone.ZoneProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import physmem.arena.ArenaFramesProvider;
import physmem.bitmap.BitmapProvider;
import physmem.buddy.BuddyProvider;
import physmem.llfree.LlfreeProvider;
import tck.Check;
import tck.Options;
import tck.Outcome;
import tck.Runner;
import tck.tiers.Kits;
import vmem.arena.ArenaProvider;
import vmem.bump.BumpProvider;
import vmem.tree.TreeProvider;

/** Every shipped provider passes every check. */
class ShippedTest {
  private static final Options OPTIONS = Options.USUAL.withEffort(0.2).withSeed(20261128);

  @TestFactory
  Stream<DynamicNode> shouldKeepTheContract() {
    return Stream.of(
            new BuddyProvider(),
            new LlfreeProvider(),
            new BitmapProvider(),
            new ArenaFramesProvider(),
            new ArenaProvider(),
            new TreeProvider(),
            new BumpProvider(),
            new DlProvider(),
            new SlabProvider(),
            new ZoneProvider(),
            new ArenaHeapProvider())
        .map(ShippedTest::checks);
  }

  private static DynamicNode checks(AllocatorProvider provider) {
    return DynamicContainer.dynamicContainer(
        provider.getClass().getSimpleName() + ": " + provider.model(),
        Kits.of(provider).checks(provider).stream().map(ShippedTest::test));
  }

  private static DynamicTest test(Check check) {
    return DynamicTest.dynamicTest(
        check.name(),
        () -> {
          Outcome outcome = Runner.run(check, OPTIONS);
          assertTrue(outcome.good(), outcome.text() + "\n" + outcome.trace());
        });
  }
}
