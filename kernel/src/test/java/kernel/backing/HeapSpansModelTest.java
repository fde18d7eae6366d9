package kernel.backing;

import static kernel.backing.Ground.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.AddressSpace;
import hardware.api.HostMemoryException;
import hardware.api.Mmu;
import hardware.api.PageFault;
import heap.api.BackedSpans;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import physmem.api.FrameEngine;

/** Random imports and releases against a map from page to whether it has a frame. */
final class HeapSpansModelTest {
  private static final int STEPS = 400;

  private final TreeMap<Long, Boolean> pages = new TreeMap<>(); // claimed page: populated
  private final Deque<Long> hogs = new ArrayDeque<>();

  @RepeatedTest(8)
  void shouldAgreeWithAModelAlsoWhenFramesRunOut(RepetitionInfo repetition) {
    long seed = 1_000_003L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    try (Ground ground = new Ground(2L << 20, random.nextInt(7), random.nextInt(200))) {
      for (int step = 0; step < STEPS; step++) {
        String message = "seed %d, step %d".formatted(seed, step);
        step(ground, random, message);
        compare(ground, random, message);
      }
      hogs.forEach(frame -> ground.engine.free(0, frame, 0));
      ground.spans.releaseAll();
      ground.spans.checkInvariants();
      assertEquals(0, ground.framesOut(), "frames that did not go home, seed " + seed);
      assertEquals(0, ground.arena.allocatedBytes(), "addresses not home, seed " + seed);
    }
  }

  @RepeatedTest(8)
  void shouldAgreeWithAModelOnAHostThatRefuses(RepetitionInfo repetition) {
    long seed = 7_919L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    try (Ground ground = new Ground(2L << 20, random.nextInt(7), random.nextInt(50))) {
      for (int step = 0; step < STEPS; step++) {
        String message = "seed %d, step %d".formatted(seed, step);
        ground.window.attachesLeft = random.nextInt(6);
        ground.window.detachesLeft = random.nextInt(6);
        ground.tables.left = random.nextInt(4);
        step(ground, random, message);
        compare(ground, random, message);
      }
      ground.window.attachesLeft = Long.MAX_VALUE;
      ground.window.detachesLeft = Long.MAX_VALUE;
      hogs.forEach(frame -> ground.engine.free(0, frame, 0));
      ground.spans.releaseAll();
      assertEquals(0, ground.framesOut(), "frames that did not go home, seed " + seed);
    }
  }

  private void step(Ground ground, Random random, String message) {
    try {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> allocate(ground, random, true);
        case 3 -> allocate(ground, random, false);
        case 4, 5, 6, 7 -> extend(ground, random);
        case 8, 9, 10 -> release(ground, random);
        case 11 -> depopulate(ground, random);
        case 12, 13 -> populate(ground, random);
        case 14 -> hog(ground, random);
        default -> purge(ground, message);
      }
    } catch (HostMemoryException e) {
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("no "), message); // ours; nothing has changed
    }
  }

  private void allocate(Ground ground, Random random, boolean backed) {
    long count = 1 + random.nextInt(random.nextInt(8) == 0 ? 300 : 24);
    long align = (long) PAGE << (random.nextInt(3) == 0 ? random.nextInt(6) : 0);
    long base =
        backed
            ? ground.spans.allocate(count * PAGE, align)
            : ground.spans.reserve(count * PAGE, align);
    if (base != BackedSpans.NONE) {
      assertEquals(0, base & (align - 1));
      claim(ground, base, count, backed);
    }
  }

  private void claim(Ground ground, long base, long count, boolean populated) {
    for (long at = base; at < base + count * PAGE; at += PAGE) {
      assertEquals(null, pages.put(at, populated), "handed out twice");
      if (populated) {
        tag(ground, at);
      }
    }
  }

  private void extend(Ground ground, Random random) {
    if (!pages.isEmpty()) {
      long end = somePage(random);
      while (pages.containsKey(end)) {
        end += PAGE;
      }
      long count = 1 + random.nextInt(20);
      if (ground.spans.extend(end, count * PAGE)) {
        claim(ground, end, count, true);
      }
    }
  }

  private void release(Ground ground, Random random) {
    List<Long> run = run(random, null);
    if (!run.isEmpty()) {
      ground.spans.release(run.getFirst(), (long) run.size() * PAGE);
      run.forEach(pages::remove);
    }
  }

  private void depopulate(Ground ground, Random random) {
    List<Long> run = run(random, null);
    if (!run.isEmpty()) {
      ground.spans.depopulate(run.getFirst(), (long) run.size() * PAGE);
      run.forEach(page -> pages.put(page, false));
    }
  }

  private void populate(Ground ground, Random random) {
    List<Long> run = run(random, false);
    if (!run.isEmpty() && ground.spans.populate(run.getFirst(), (long) run.size() * PAGE)) {
      for (long page : run) {
        pages.put(page, true);
        tag(ground, page);
      }
    }
  }

  // Takes single frames away, or gives one back, so that blocks become rare.
  private void hog(Ground ground, Random random) {
    for (int i = random.nextInt(40); i > 0; i--) {
      if (random.nextInt(3) == 0 && !hogs.isEmpty()) {
        ground.engine.free(0, random.nextBoolean() ? hogs.pop() : hogs.removeLast(), 0);
      } else {
        long frame = ground.engine.allocate(0, 0, 0);
        if (frame != FrameEngine.NONE) {
          hogs.push(frame);
        }
      }
    }
  }

  private void purge(Ground ground, String message) {
    for (Map.Entry<Long, Boolean> page : pages.entrySet()) {
      if (page.getValue()) {
        ground.machine.mmu().access(ground.space, 1, page.getKey(), Mmu.READ);
      }
    }
    ground.spans.purge();
    assertEquals(0, waiting(ground), message);
    pages.forEach((page, populated) -> {
      if (!populated) { // the TLB must not know what has gone
        assertThrows(
            PageFault.class,
            () -> ground.machine.mmu().access(ground.space, 1, page, Mmu.READ),
            message);
      }
    });
  }

  private static long waiting(Ground ground) {
    return ground.spans.statistics().stream()
        .filter(each -> each.name().equals("waiting"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  // A run of claimed pages, all in the state wanted, or in any.
  private List<Long> run(Random random, @Nullable Boolean wanted) {
    List<Long> run = new ArrayList<>();
    if (!pages.isEmpty()) {
      long page = somePage(random);
      for (int i = random.nextInt(40); i >= 0 && fits(page, wanted); i--, page += PAGE) {
        run.add(page);
      }
    }
    return run;
  }

  private boolean fits(long page, @Nullable Boolean wanted) {
    Boolean state = pages.get(page);
    return state != null && (wanted == null || wanted.equals(state));
  }

  private long somePage(Random random) {
    long low = pages.firstKey();
    long page = low + (long) random.nextInt((int) ((pages.lastKey() - low) / PAGE) + 1) * PAGE;
    return pages.floorKey(page);
  }

  private static void tag(Ground ground, long page) {
    ground.window.window().putLong(page + 8, page);
  }

  private void compare(Ground ground, Random random, String message) {
    ground.spans.checkInvariants();
    assertEquals((long) pages.size() * PAGE, ground.spans.claimedBytes(), message);
    Set<Long> frames = new HashSet<>();
    for (Map.Entry<Long, Boolean> page : pages.entrySet()) {
      long physical = ground.space.translate(page.getKey());
      assertEquals(page.getValue(), physical != AddressSpace.UNMAPPED, message);
      if (page.getValue()) {
        assertTrue(frames.add(physical), message + ": one frame behind two pages");
        assertEquals(
            page.getKey(), ground.machine.memory().window().getLong(physical + 8), message);
      }
    }
    assertEquals(ground.spans.heldFrames(), ground.meter.backing(), message);
    long out = ground.meter.backing() + ground.meter.tables() - 1 + hogs.size();
    assertEquals(out, ground.framesOut(), message);
    if (random.nextInt(20) == 0) {
      ground.space.checkInvariants();
      ground.engine.drain();
      ground.engine.checkInvariants();
    }
  }
}
