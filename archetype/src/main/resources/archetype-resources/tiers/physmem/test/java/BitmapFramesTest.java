package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

class BitmapFramesTest {
  private static final long NONE = FrameEngine.NONE;
  private static final long ALL = 7096;

  private final BitmapFrames frames = new BitmapFrames(Ram.small());

  @AfterEach
  void checkInvariants() {
    assertTrue(frames.checkInvariants() > 0);
  }

  @Test
  void shouldAlignBlocksToTheirSize() {
    for (int order = 0; order <= frames.maxOrder(); order++) {
      long frame = frames.allocate(0, order, 0);
      assertEquals(0, frame % (1L << order), "order " + order);
    }
    assertThrows(IllegalArgumentException.class, () -> frames.allocate(0, 11, 0));
    assertThrows(IllegalArgumentException.class, () -> frames.allocate(0, -1, 0));
  }

  @Test
  void shouldBeginAtTheTopUnlessToldOtherwise() {
    assertEquals(7999, frames.allocate(0, 0, 0));
    assertEquals(4095, frames.allocate(0, 0, FrameFlags.DMA));
  }

  @Test
  void shouldHandOutEachFrameOnceAndTakeAllBack() {
    BitSet seen = new BitSet();
    for (long frame = frames.allocate(0, 0, 0); frame != NONE; frame = frames.allocate(0, 0, 0)) {
      assertFalse(seen.get((int) frame));
      seen.set((int) frame);
    }
    assertEquals(ALL, seen.cardinality());
    assertEquals(0, frames.freeFrames());
    seen.stream().forEach(frame -> frames.free(0, frame, 0));
    assertEquals(ALL, frames.freeFrames());
    assertEquals(new BitmapFrames(Ram.small()).zones(), frames.zones());
  }

  @Test
  void shouldKeepToConstraints() {
    FrameConstraints where = new FrameConstraints(100, 200, 4, 32);
    long frame = frames.allocateContiguous(0, 30, where, 0);
    assertEquals(160, frame);
    assertEquals(128, frames.allocateContiguous(0, 30, where, 0));
    assertEquals(192, frames.allocateContiguous(0, 8, where, 0));
    assertEquals(NONE, frames.allocateContiguous(0, 33, where, 0));
    assertEquals(NONE, frames.allocateContiguous(0, 1, new FrameConstraints(4112, 5000, 1, 0), 0));
    assertEquals(NONE, frames.allocateContiguous(0, Long.MAX_VALUE, FrameConstraints.ANYWHERE, 0));
  }

  @Test
  void shouldAllocateTheFramesNamedOrNone() {
    assertTrue(frames.allocateAt(0, 20, 5, 0));
    assertFalse(frames.allocateAt(0, 24, 2, 0));
    assertFalse(frames.allocateAt(0, 4111, 2, 0), "the second is in the hole");
    assertFalse(frames.allocateAt(0, 0, 1, 0));
    assertFalse(frames.allocateAt(0, Long.MAX_VALUE, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> frames.allocateAt(0, 30, 0, 0));
  }

  @Test
  void shouldFreePartsOfARun() {
    frames.allocateAt(0, 100, 30, 0);
    frames.freeRange(0, 110, 10);
    List<Long> seen = new ArrayList<>();
    frames.walk((base, size, attributes) -> seen.add(base) && seen.add(size));
    assertEquals(List.of(100L, 10L, 120L, 10L), seen);
    frames.freeRange(0, 100, 10);
    frames.freeRange(0, 120, 10);
    assertEquals(ALL, frames.freeFrames());
  }

  @Test
  void shouldRefuseMisuseAndChangeNothing() {
    long block = frames.allocate(0, 3, 0);
    assertThrows(MisuseException.class, () -> frames.free(0, block, 2));
    assertThrows(MisuseException.class, () -> frames.free(0, block + 1, 0));
    assertThrows(MisuseException.class, () -> frames.free(0, block, 99));
    assertThrows(MisuseException.class, () -> frames.freeRange(0, block - 1, 2));
    for (long wrong : new long[] {-1, 0, 4500, 1L << 40, Long.MAX_VALUE}) {
      assertThrows(MisuseException.class, () -> frames.free(0, wrong, 0));
      assertThrows(MisuseException.class, () -> frames.freeRange(0, wrong, 5));
    }
    frames.free(0, block, 3);
    assertThrows(MisuseException.class, () -> frames.free(0, block, 3));
    assertEquals(ALL, frames.freeFrames());
  }

  @Test
  void shouldReportZonesThatAddUp() {
    frames.allocate(0, 4, 0);
    assertEquals(List.of("DMA", "DMA32"), frames.zones().stream().map(z -> z.name()).toList());
    assertEquals(ALL - 16, frames.zones().stream().mapToLong(z -> z.free()).sum());
    assertEquals(ALL, frames.zones().stream().mapToLong(z -> z.managed()).sum());
  }

  @Test
  void shouldTakeOverAnEstate() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      frames.allocate(0, random.nextInt(3), 0);
    }
    BitmapFrames successor = new BitmapFrames(Ram.small());
    successor.rebuild(new Left(frames), true);
    assertEquals(ALL, successor.freeFrames());
    successor.rebuild(new Left(frames), false);
    assertEquals(frames.census(), successor.census());
    successor.checkInvariants();
    frames.walk((base, size, attributes) -> {
      successor.free(0, base, FrameFlags.order(attributes));
      return true;
    });
    assertEquals(ALL, successor.freeFrames());
  }

  @Test
  void shouldRefuseAnEstateBeyondItsFrames() {
    frames.allocate(0, 0, 0);
    BitmapFrames other = new BitmapFrames(new Ram(List.of(new FrameSpan(0, 64, 0))));
    assertThrows(TransferRefusedException.class, () -> other.rebuild(new Left(frames), false));
    assertEquals(64, other.freeFrames());
    other.checkInvariants();
  }

  private record Left(FrameEngine engine) implements Estate {
    @Override
    public void managed(RangeVisitor visitor) {
      engine.managed(visitor);
    }

    @Override
    public void live(RangeVisitor visitor) {
      engine.walk(visitor);
    }

    @Override
    public CensusSummary census() {
      return engine.census();
    }
  }

  @Test
  void shouldServeSeveralThreads() throws Exception {
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int cpu = 0; cpu < 4; cpu++) {
        int seed = cpu;
        ends.add(threads.submit(() -> allocateAndFree(seed)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertEquals(ALL, frames.freeFrames());
  }

  private void allocateAndFree(int cpu) {
    Random random = new Random(cpu);
    List<long[]> mine = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      int order = random.nextInt(4);
      long frame = mine.size() < 50 ? frames.allocate(cpu, order, 0) : NONE;
      if (frame != NONE) {
        mine.add(new long[] {frame, order});
      } else if (!mine.isEmpty()) {
        long[] block = mine.remove(random.nextInt(mine.size()));
        frames.free(cpu, block[0], (int) block[1]); // throws if another thread had it too
      }
    }
    mine.forEach(block -> frames.free(cpu, block[0], (int) block[1]));
  }

  @Test
  void shouldAgreeWithTheModel() {
    for (int seed = 0; seed < 20; seed++) {
      BitmapFrames fresh = new BitmapFrames(Ram.small());
      new Model(fresh, Ram.small().present(), seed).run(500);
      assertEquals(ALL, fresh.freeFrames(), "seed " + seed);
    }
  }

  @Test
  void shouldEndTwice() {
    frames.close();
    frames.close();
  }
}
