package workbench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trace.TraceException;
import workbench.PlainKernel;

/** Loads on a system as it is booted, with an allocator that keeps its word. */
@Timeout(60)
final class LoadTest {
  private static final long SOME_OPERATIONS = 20_000;
  private static final LoadSpec SPEC = LoadSpec.DEFAULT.withWork(within(LoadShape.MIXED, 1 << 20));

  private final BootedSystem system =
      PlainKernel.create().boot(BootSpec.of(PlainKernel.ram(32L << 20)));

  @TempDir private Path directory;

  @AfterEach
  void closeAndCheck() {
    assertEquals(0, system.heap().census().liveCount());
    for (CheckLine line : system.check()) {
      assertTrue(line.good(), line.toString());
    }
    system.close();
  }

  static LoadWork within(LoadShape shape, long live) {
    return new LoadWork.Synthetic(
        shape, OptionalLong.of(live), OptionalLong.empty(), OptionalLong.empty());
  }

  /** Waits until the load has made so many calls; its test has a time limit. */
  static void awaitOperations(Load load, long operations) {
    LoadStatus status = load.status();
    while (status.sinceStart().operations() < operations) {
      assertTrue(status.goesOn(), status.toString());
      assertFalse(Thread.currentThread().isInterrupted(), "time is over: " + status);
      LockSupport.parkNanos(1_000_000); // the load needs the processors
      status = load.status();
    }
  }

  private static void assertGood(LoadStatus status) {
    assertEquals(List.of(), status.firstFailures());
    assertEquals(List.of(), status.firstDamages());
    assertEquals(0, status.liveBlocks());
    assertEquals(0, status.liveBytes());
    assertTrue(status.good());
  }

  @ParameterizedTest
  @EnumSource
  void shouldFindNothingWrongAndFreeAll(LoadShape shape) throws TraceException {
    Load load = Load.start(system, SPEC.withThreads(3).withWork(within(shape, 1 << 20)));
    awaitOperations(load, SOME_OPERATIONS);
    LoadStatus status = load.stop();
    assertGood(status);
    assertEquals(LoadStatus.State.STOPPED, status.state());
    LoadInterval all = status.sinceStart();
    assertTrue(all.operations() >= SOME_OPERATIONS);
    assertTrue(all.seconds() > 0 && all.operationsPerSecond() > 0);
    assertTrue(all.p50() > 0 && all.p50() <= all.p99() && all.p99() <= all.p999());
    assertTrue(all.p999() <= all.max());
  }

  @Test
  void shouldNotExceedItsBounds() throws TraceException {
    LoadWork work =
        new LoadWork.Synthetic(
            LoadShape.BALLOON,
            OptionalLong.of(256 << 10),
            OptionalLong.of(500),
            OptionalLong.of(8 << 10));
    try (Load load = Load.start(system, SPEC.withWork(work))) {
      long most = 0;
      for (long goal = 0; goal < SOME_OPERATIONS; goal += 500) {
        awaitOperations(load, goal);
        LoadStatus status = load.status();
        most = Math.max(most, status.liveBlocks());
        assertTrue(status.liveBytes() <= 256 << 10, status.toString());
        assertTrue(status.liveBlocks() <= 500, status.toString());
      }
      assertTrue(most > 50, "never more than " + most + " blocks");
    }
  }

  @Test
  void shouldFitAnyMachineIfNothingIsSaid() throws TraceException {
    Load load = Load.start(system, LoadSpec.DEFAULT.withThreads(8).withSeed(5));
    awaitOperations(load, 10 * SOME_OPERATIONS);
    assertTrue(load.status().liveBytes() <= 4 << 20);
    assertGood(load.stop());
  }

  @Test
  void shouldBeginANewIntervalAtAMark() throws TraceException {
    try (Load load = Load.start(system, SPEC)) {
      awaitOperations(load, SOME_OPERATIONS);
      LoadStatus before = load.mark();
      assertEquals(before.sinceStart().operations(), before.sinceMark().operations());
      awaitOperations(load, 2 * SOME_OPERATIONS);
      LoadStatus after = load.stop();
      assertEquals(
          after.sinceStart().operations() - before.sinceStart().operations(),
          after.sinceMark().operations());
      assertTrue(after.sinceMark().seconds() < after.sinceStart().seconds());
    }
  }

  @Test
  void shouldKeepThePaceAndEndWhenItsTimeIsOver() throws Exception {
    Load load = Load.start(system, SPEC.withRate(500).withSeconds(1));
    assertTrue(load.await(30));
    LoadStatus status = load.stop();
    assertEquals(LoadStatus.State.FINISHED, status.state());
    assertGood(status);
    assertTrue(status.paced());
    assertTrue(status.sinceStart().operations() <= 1004, status.toString()); // and no faster
    assertTrue(status.sinceStart().operations() > 0);
  }

  @Test
  void shouldNotWaitForTheNextCallWhenStopped() throws TraceException {
    Load load = Load.start(system, SPEC.withThreads(4).withRate(1).withSeconds(1000));
    awaitOperations(load, 4);
    assertGood(load.stop());
  }

  @Test
  void shouldEndBeforeItsSystemDoes() throws TraceException {
    try (BootedSystem other = PlainKernel.create().boot(BootSpec.of(PlainKernel.ram(8 << 20)))) {
      Load load = Load.start(other, LoadSpec.DEFAULT);
      awaitOperations(load, 1000);
      other.close();
      LoadStatus status = load.status();
      assertEquals(LoadStatus.State.SYSTEM_CLOSED, status.state());
      assertGood(status);
      assertEquals(status.state(), load.stop().state());
    }
  }

  @Test
  void shouldStopTwice() throws TraceException {
    Load load = Load.start(system, SPEC);
    assertTrue(load.status().goesOn());
    assertEquals(load.stop().state(), load.stop().state());
    assertFalse(load.status().goesOn());
  }

  @Test
  void shouldReplayATraceOncePerThread() throws Exception {
    Path trace = PlainKernel.SAMPLES.resolve("traces").resolve("sqlite3-words.trace.gz");
    Load load = Load.start(system, SPEC.withThreads(3).withWork(new LoadWork.Traced(trace, false)));
    assertTrue(load.await(50));
    LoadStatus status = load.stop();
    assertEquals(LoadStatus.State.FINISHED, status.state());
    assertEquals(3 * 96_164, status.sinceStart().operations()); // as the trace's first line says
    assertGood(status);
  }

  @Test
  void shouldBeginATraceAgainAfterFreeingWhatItLeft() throws Exception {
    Path trace = directory.resolve("small.trace");
    Files.writeString(
        trace, "a 0 100\nc 1 10 20\nm 2 4096 50\nr 0 3 5000\nf 1\na 4 0\nt 1\na 5 70\nf 5\n");
    Load load = Load.start(system, SPEC.withWork(new LoadWork.Traced(trace, true)));
    awaitOperations(load, SOME_OPERATIONS);
    assertTrue(load.status().liveBlocks() <= 2 * 4, load.status().toString());
    assertGood(load.stop());
  }

  @Test
  void shouldEndATraceWithoutEventsThatItIsToLoop() throws Exception {
    Path trace = directory.resolve("small.trace");
    Files.writeString(trace, "# quarry trace v1  program=none\n");
    Load load = Load.start(system, SPEC.withWork(new LoadWork.Traced(trace, true)));
    assertTrue(load.await(30));
    assertEquals(0, load.stop().sinceStart().operations());
  }

  @Test
  void shouldSayWhereATraceIsMalformed() throws Exception {
    Path trace = directory.resolve("bad.trace");
    Files.writeString(trace, "a 0 100\nf 0\nf 0\n");
    Load load = Load.start(system, SPEC.withThreads(1).withWork(new LoadWork.Traced(trace, false)));
    assertTrue(load.await(30));
    LoadStatus status = load.stop();
    assertEquals(1, status.sinceStart().failures());
    assertTrue(status.firstFailures().getFirst().contains("bad.trace:3:"), status.toString());
    assertEquals(0, status.liveBlocks());
  }

  @Test
  void shouldRefuseATraceThatIsNone() throws IOException {
    Path none = directory.resolve("none");
    TraceException e =
        assertThrows(
            TraceException.class,
            () -> Load.start(system, SPEC.withWork(new LoadWork.Traced(none, false))));
    assertTrue(String.valueOf(e.getMessage()).contains("does not exist"), e.getMessage());
  }

  @Test
  void shouldStopWithinSeconds() throws TraceException {
    Load load = Load.start(system, LoadSpec.DEFAULT.withThreads(4));
    awaitOperations(load, SOME_OPERATIONS);
    assertGood(assertTimeoutPreemptively(Duration.ofSeconds(20), load::stop));
  }
}
