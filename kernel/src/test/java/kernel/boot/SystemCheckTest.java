package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.WalkStep;
import hardware.api.Window;
import heap.api.HeapPort;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameProvider;
import physmem.buddy.BuddyProvider;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;
import vmem.arena.ArenaProvider;

/** Every line of the check is made to fail once, by the damage that it is there to find. */
final class SystemCheckTest {
  private static final int PAGE = 4096;

  // What an engine's method answers instead of the truth.
  private final Map<String, UnaryOperator<Object>> frameLies = new HashMap<>();
  private final Map<String, UnaryOperator<Object>> addressLies = new HashMap<>();
  private final PlainKernel plain = new PlainKernel();
  private BootedSystem system;

  @BeforeEach
  void boot() {
    plain.frames("liar", 0, new FrameLiar(frameLies));
    plain.addresses("liar", 0, new AddressLiar(addressLies));
    Map<Tier, String> liars = Map.of(Tier.PHYSMEM, "liar", Tier.VMEM, "liar");
    system = plain.kernel.boot(new BootSpec(PlainKernel.map(0, 8 << 20), true, liars, List.of()));
    block(100);
    for (CheckLine line : system.check()) {
      assertTrue(line.good() && line.facts() > 0, line.toString());
    }
  }

  @AfterEach
  void close() {
    frameLies.clear();
    addressLies.clear();
    system.close();
  }

  private record FrameLiar(Map<String, UnaryOperator<Object>> lies) implements FrameProvider {
    @Override
    public String model() {
      return "liar";
    }

    @Override
    public FrameEngine open(FrameContext context, Settings settings) {
      return liar(FrameEngine.class, new BuddyProvider().open(context, settings), lies);
    }
  }

  private record AddressLiar(Map<String, UnaryOperator<Object>> lies) implements AddressProvider {
    @Override
    public String model() {
      return "liar";
    }

    @Override
    public AddressEngine open(AddressContext context, Settings settings) {
      return liar(AddressEngine.class, new ArenaProvider().open(context, settings), lies);
    }
  }

  private static <E> E liar(Class<E> type, E real, Map<String, UnaryOperator<Object>> lies) {
    return PlainKernel.proxy(
        type,
        (self, method, arguments) -> {
          try {
            Object truth = method.invoke(real, arguments);
            return lies.getOrDefault(method.getName(), UnaryOperator.identity()).apply(truth);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static Object broken(Object truth) {
    throw new CorruptionException("seeded");
  }

  private CheckLine line(String subject) {
    return system.check().stream()
        .filter(line -> line.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + subject));
  }

  private void assertBad(String subject, String finding) {
    CheckLine line = line(subject);
    assertFalse(line.good(), line.toString());
    assertTrue(line.finding().contains(finding), line.toString());
  }

  private KernelMemory memory() {
    try {
      Field field = StackedSystem.class.getDeclaredField("memory");
      field.setAccessible(true);
      return (KernelMemory) field.get(system);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("StackedSystem", e);
    }
  }

  private long block(long bytes) {
    try (HeapPort port = system.heap().open(0)) {
      return port.allocate(bytes);
    }
  }

  @Test
  void shouldFindABrokenInvariantOfATier() {
    frameLies.put("checkInvariants", SystemCheckTest::broken);
    assertBad("physmem liar", "seeded");
    addressLies.put("checkInvariants", SystemCheckTest::broken);
    assertBad("vmem liar", "seeded");
  }

  @Test
  void shouldReportACheckThatFailsItself() {
    frameLies.put("checkInvariants", truth -> Map.of().entrySet().iterator().next());
    assertBad("physmem liar", "the check itself failed: java.util.NoSuchElementException");
  }

  @Test
  void shouldFindACensusThatIsNotWhatAWalkFinds() {
    addressLies.put("census", truth -> CensusSummary.EMPTY);
    assertBad("vmem liar", "a walk finds");
    frameLies.put("census", truth -> CensusSummary.EMPTY);
    assertBad("physmem liar", "a walk finds");
  }

  @Test
  void shouldFindADamagedHeap() {
    long block = block(100);
    long next = block(100);
    system.heap().window().putLong(next - 8, 0x1234);
    CheckLine line = line("heap dl");
    assertFalse(line.good(), "block 0x%x: %s".formatted(block, line));
  }

  @Test
  void shouldFindADamagedPageTable() {
    long block = block(100);
    damageTable(system.kernelSpace().walk(block));
    assertFalse(line("kernel page tables").good());
  }

  @Test
  void shouldFindADamagedPageTableOfATask() {
    Task task = system.createTask("t");
    long at = task.map(PAGE);
    damageTable(task.space().walk(at));
    assertFalse(line("task t").good());
  }

  // Makes an entry present beside the one that a walk ended at.
  private void damageTable(List<WalkStep> walk) {
    WalkStep leaf = walk.getLast();
    Window ram = system.machine().memory().window();
    ram.putLong(leaf.entryAddress() + 8 * 300, leaf.entry() + 300L * PAGE);
  }

  @Test
  void shouldFindAPageThatIsNotMappedAsTheKernelThinks() {
    long block = block(100);
    system.kernelSpace().unmap(block & -PAGE, 1, (va, frame, pages, entry) -> {});
    assertBad("backing", "translates to");
  }

  @Test
  void shouldFindAFrameTakenForNothing() {
    memory().meter().takeBacking(0, FrameFlags.UNMOVABLE);
    assertBad("frame counts", "17 frames were taken for ranges, 16 stand behind them");
  }

  @Test
  void shouldFindATableFrameTakenForNothing() {
    memory().meter().takeTable();
    assertBad("table frames", "were taken for them");
  }

  @Test
  void shouldFindAHeapThatHoldsWhatItGaveBack() {
    memory().spans().release(block(100) & -PAGE, PAGE);
    assertBad("heap spans", "the kernel gave it 0");
  }

  @Test
  void shouldFindZonesThatAreNotTheMap() {
    frameLies.put("zones", truth -> List.of());
    assertBad("zones", "zones: 0 present");
  }

  @Test
  void shouldFindMoreFreeFramesThanThereCanBe() {
    frameLies.put("freeFrames", truth -> (Long) truth + 1);
    assertBad("zones", "frames live and");
    assertBad("frames", "-1 held");
  }

  @Test
  void shouldGoOnAfterALineThatFails() {
    int lines = system.check().size();
    frameLies.put("checkInvariants", SystemCheckTest::broken);
    assertTrue(system.check().size() == lines && line("zones").good());
  }
}
