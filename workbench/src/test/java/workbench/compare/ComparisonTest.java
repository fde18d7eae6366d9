package workbench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import allocator.api.Tier;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hardware.api.map.FirmwareMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import kernel.api.BootSpec;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trace.Levels;
import workbench.PlainKernel;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;

final class ComparisonTest {
  private static final String SQLITE = "sqlite3-words.trace.gz";
  private static final String PYTHON = "python3-threads.trace.gz";

  private final Kernel kernel = PlainKernel.create();
  private final FirmwareMap map = PlainKernel.sample("qemu-pc-512m.txt");

  @TempDir private Path directory;

  private static Path sample(String trace) {
    return PlainKernel.SAMPLES.resolve("traces").resolve(trace);
  }

  private static Plan plan(int repeat, long seed, boolean timing) {
    return new Plan(repeat, seed, 20, timing, Warmup.NONE, 2);
  }

  private Cell cell(String trace, String... settings) throws IOException {
    return cell(sample(trace), new BootSpec(map, true, Map.of(), List.of(settings)));
  }

  private static Cell cell(Path trace, BootSpec stack) throws IOException {
    return new Cell(TraceShape.of(trace), stack, stack.settings(), "test");
  }

  private static final CompareProgress SILENT = units -> {};

  private List<CellResult> run(Plan plan, StateFile state, Cell... cells) throws IOException {
    return new Comparison(kernel, plan, state, SILENT).run(List.of(cells));
  }

  private static CellResult.Counted counted(CellResult result) {
    assertEquals(Optional.empty(), result.failure());
    return result.counted().orElseThrow();
  }

  @Test
  void shouldGiveTheSameFiguresTwiceHoweverManyRunAtOnce() throws IOException {
    Cell[] cells = {cell(SQLITE), cell(PYTHON)};
    Plan alone = new Plan(2, 7, 20, false, Warmup.NONE, 1);
    List<CellResult> one = run(alone, StateFile.none(), cells);
    List<CellResult> two = run(plan(2, 7, false), StateFile.none(), cells);
    for (int i = 0; i < cells.length; i++) {
      assertEquals(counted(one.get(i)), counted(two.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, PYTHON, "perl-words.trace.gz"})
  void shouldAgreeWithReplay(String trace) throws IOException {
    ReplayRequest request =
        new ReplayRequest(
            sample(trace),
            Optional.empty(),
            BootSpec.of(map),
            Warmup.NONE,
            false,
            false,
            Optional.empty(),
            (position, total) -> {});
    var replayed = new TraceReplay(kernel).run(request).report().result();
    RunFigures run =
        counted(run(plan(1, 0, false), StateFile.none(), cell(trace)).getFirst()).base();
    Levels peak = replayed.peak();
    assertEquals(replayed.operations(), Count.OPERATION.of(run.counts()));
    assertEquals(peak.liveBytes(), run.memory().peakLiveBytes());
    assertEquals(peak.liveBlocks(), run.memory().peakLiveBlocks());
    assertEquals(peak.footprintBytes(), run.memory().peakFootprintBytes());
    assertEquals(peak.frames(), run.memory().peakFrames());
    assertEquals(peak.pageTableFrames(), run.memory().peakTableFrames());
    assertEquals(replayed.last().liveBytes(), run.memory().finalLiveBytes());
    assertEquals(replayed.last().footprintBytes(), run.memory().finalFootprintBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpkg-query", "git-log-stat", "nginx-ab", "emacs-batch"})
  void shouldAgreeWithTheFiguresBesideTheCorpus(String name) throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path traces = Path.of(corpus, "traces");
    assumeTrue(
        !corpus.isEmpty() && Files.exists(traces.resolve(name + ".json")),
        "needs -Dquarry.corpus=DIRECTORY");
    JsonObject known =
        JsonParser.parseString(Files.readString(traces.resolve(name + ".json"))).getAsJsonObject();
    Cell cell = cell(traces.resolve(name + ".trace.gz"), BootSpec.of(map));
    RunFigures run = counted(run(plan(1, 0, false), StateFile.none(), cell).getFirst()).base();
    Map<String, Count> kinds =
        Map.of(
            "ops", Count.OPERATION,
            "a", Count.ALLOCATE,
            "c", Count.ZEROED,
            "m", Count.ALIGNED,
            "r", Count.RESIZE,
            "f", Count.FREE);
    kinds.forEach(
        (key, count) -> assertEquals(known.get(key).getAsLong(), count.of(run.counts()), key));
    assertEquals(known.get("peak_live_bytes").getAsLong(), run.memory().peakLiveBytes());
    assertEquals(known.get("peak_live_blocks").getAsLong(), run.memory().peakLiveBlocks());
    assertEquals(known.get("final_live_bytes").getAsLong(), run.memory().finalLiveBytes());
    JsonObject sizes = known.getAsJsonObject("hist_pow2_ceil");
    List<Long> bins = cell.trace().sizes();
    for (int k = 1; k < bins.size(); k++) {
      var expected = sizes.get(Long.toString(1L << k));
      assertEquals(expected == null ? 0 : expected.getAsLong(), bins.get(k), "up to 2^" + k);
    }
  }

  @Test
  void shouldFillSeriesShotAndHistograms() throws IOException {
    Cell cell = cell(SQLITE);
    CellResult.Counted counted = counted(run(plan(1, 0, false), StateFile.none(), cell).getFirst());
    Series series = counted.detail().series();
    assertEquals(20, series.size());
    assertEquals(cell.trace().events(), series.event().getLast());
    assertEquals(List.of(), series.swapEvents());
    for (int i = 0; i < series.size(); i++) {
      assertTrue(series.live().get(i) <= series.usable().get(i));
      assertTrue(series.usable().get(i) <= series.footprint().get(i));
      assertTrue(series.tables().get(i) < series.frames().get(i));
    }
    Shot shot = counted.detail().shot().getFirst();
    assertEquals(shot.event(), cell.trace().peakEvent());
    long pages = pages(shot.addresses());
    assertEquals(pages, pages(shot.ram()));
    assertTrue(pages * shot.pageBytes() >= counted.base().memory().peakLiveBytes());
    assertFalse(shot.pages().isEmpty());
    long births = 48_256;
    assertEquals(births, sum(counted.base().reuse()));
    assertEquals(births, sum(cell.trace().sizes()));
    assertEquals(Math.ceilDiv(births, Placements.CHUNK), counted.detail().placements().size());
  }

  private static long pages(List<Shot.Tile> tiles) {
    return tiles.stream().flatMapToInt(tile -> tile.fill().chars()).filter(c -> c != '.').count();
  }

  private static long sum(List<Long> bins) {
    return bins.stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void shouldMarkExchangesOnTheWayAndGiveTheSameFiguresTwice() throws IOException {
    List<SwapAt> swaps = List.of(SwapAt.parse("50%:heap=dl"), SwapAt.parse("1000:vmem=arena"));
    Plan plan = new Plan(1, 0, 20, false, Warmup.NONE, 1, swaps);
    Cell cell = cell(PYTHON);
    CellResult.Counted one = counted(run(plan, StateFile.none(), cell).getFirst());
    CellResult.Counted two = counted(run(plan, StateFile.none(), cell).getFirst());
    assertEquals(one, two);
    Series series = one.detail().series();
    assertEquals(2, series.swapEvents().size());
    assertTrue(series.swapEvents().getFirst() >= 1000);
    long half = cell.trace().events() / 2;
    assertTrue(Math.abs(half - series.swapEvents().getLast()) <= cell.trace().events() / 20);
    assertNotEquals(cell.key(plan), cell.key(plan(1, 0, false)));
    for (String wrong : List.of("heap=dl", "5:hep=dl", "101%:heap=dl", "x:heap=dl", "5:heap=")) {
      assertThrows(IllegalArgumentException.class, () -> SwapAt.parse(wrong), wrong);
    }
  }

  @Test
  void shouldFailACellWhoseExchangeFails() throws IOException {
    List<SwapAt> swaps = List.of(SwapAt.parse("10:heap=nobody"));
    Plan plan = new Plan(1, 0, 20, false, Warmup.NONE, 1, swaps);
    CellResult result = run(plan, StateFile.none(), cell(PYTHON)).getFirst();
    assertTrue(result.failure().orElseThrow().contains("nobody"), result.toString());
  }

  @Test
  void shouldVaryWhatASeedVaries() throws IOException {
    List<RunFigures> runs =
        counted(run(plan(3, 1, false), StateFile.none(), cell(SQLITE)).getFirst()).runs();
    assertEquals(List.of(0L, 1L, 2L), runs.stream().map(RunFigures::seed).toList());
    assertNotEquals(runs.get(0).means(), runs.get(1).means());
    assertNotEquals(runs.get(1).means(), runs.get(2).means());
    long operations = Count.OPERATION.of(runs.get(0).counts());
    for (RunFigures run : runs) {
      assertEquals(operations, Count.OPERATION.of(run.counts()));
      assertEquals(0, Count.FAILURE.of(run.counts()));
    }
  }

  @Test
  void shouldTimeEachRunAndItsLatencies() throws IOException {
    CellResult result = run(plan(3, 0, true), StateFile.none(), cell(PYTHON)).getFirst();
    Timing timing = result.timing().orElseThrow();
    assertEquals(3, timing.wallNanos().size());
    assertEquals(3, timing.medians().size());
    assertTrue(timing.least() > 0 && timing.least() <= timing.median());
    assertTrue(timing.median() <= timing.most());
    assertTrue(timing.latencyAt(50) <= timing.latencyAt(99));
    assertTrue(timing.latencyAt(99) <= timing.latencyAt(100));
    assertEquals(1, counted(result).runs().size()); // repeats without a seed are equal
  }

  @Test
  void shouldGoOnWhereItWasInterrupted() throws IOException {
    Path file = directory.resolve("state");
    Cell[] cells = {cell(SQLITE), cell(PYTHON), cell("perl-words.trace.gz")};
    Plan one = new Plan(1, 0, 20, true, Warmup.NONE, 1);
    List<String> stored = Collections.synchronizedList(new ArrayList<>());
    Stopping stopping = new Stopping(2, stored);
    try (StateFile state = StateFile.open(file)) {
      assertThrows(
          CancellationException.class,
          () -> new Comparison(kernel, one, state, stopping).run(List.of(cells)));
    }
    String text = Files.readString(file);
    assertEquals(2, text.lines().count());
    Files.writeString(
        file, text + "{\"key\":\"cut o"); // as a kill in the midst of a write leaves it
    stored.clear();
    try (StateFile state = StateFile.open(file)) {
      assertEquals(2, state.size());
      List<CellResult> results =
          new Comparison(kernel, one, state, new Stopping(99, stored)).run(List.of(cells));
      assertEquals(2, stored.size());
      assertTrue(results.stream().allMatch(CellResult::good));
    }
    assertEquals(6, Files.readString(file).lines().count());
    stored.clear();
    try (StateFile state = StateFile.open(file)) {
      List<CellResult> again =
          new Comparison(kernel, one, state, new Stopping(99, stored)).run(List.of(cells));
      assertEquals(6, stored.size());
      assertEquals(
          counted(run(plan(1, 0, false), StateFile.none(), cells[0]).getFirst()),
          counted(again.getFirst()));
    }
  }

  /** Stops after so many cells. */
  private static final class Stopping implements CompareProgress {
    private final int most;
    private final List<String> stored;
    private int done;

    Stopping(int most, List<String> stored) {
      this.most = most;
      this.stored = stored;
    }

    @Override
    public void advanced(long units) {
      // Only whole cells matter here.
    }

    @Override
    public synchronized void finished(String what, boolean fromState) {
      done++;
      if (fromState) {
        stored.add(what);
      }
    }

    @Override
    public synchronized boolean stopping() {
      return done >= most;
    }
  }

  @Test
  void shouldNotLoseTheOthersByACellThatFails() throws IOException {
    BootSpec unknown = new BootSpec(map, true, Map.of(Tier.HEAP, "nobody"), List.of());
    Path file = directory.resolve("state");
    try (StateFile state = StateFile.open(file)) {
      List<CellResult> results =
          run(plan(1, 0, true), state, cell(sample(PYTHON), unknown), cell(PYTHON));
      assertFalse(results.get(0).good());
      assertTrue(results.get(0).failure().orElseThrow().contains("nobody"), results.toString());
      assertTrue(results.get(1).good());
    }
    assertEquals(2, Files.readString(file).lines().count()); // the failed one is tried again
  }

  @Test
  void shouldCallACellWithoutEnoughMemoryNotGood() throws IOException {
    BootSpec small = BootSpec.of(PlainKernel.ram(512 << 10));
    CellResult result =
        run(plan(1, 0, false), StateFile.none(), cell(sample(SQLITE), small)).getFirst();
    assertTrue(result.failures() > 0);
    assertFalse(result.good());
  }

  @Test
  void shouldFindTheFirstEventThatIsPlacedDifferently() throws IOException {
    Path trace = directory.resolve("small.trace");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6000; i++) {
      text.append("a ").append(i).append(" 24\n");
    }
    text.append("a 6000 1000000\na 6001 24\n");
    Files.writeString(trace, text);
    BootSpec other = BootSpec.of(PlainKernel.ram(512 << 10)); // too little for the large block
    List<CellResult> results =
        run(plan(1, 0, false), StateFile.none(), cell(trace, BootSpec.of(map)), cell(trace, other));
    results.forEach(ComparisonTest::counted);
    Divergence found =
        Divergence.find(kernel, results.get(0), results.get(1), plan(1, 0, false)).orElseThrow();
    assertEquals(6000, found.event());
    assertEquals(6000, found.id());
    assertEquals(1_000_000, found.bytes());
    assertTrue(found.one().isPresent());
    assertTrue(found.other().isEmpty());
    assertEquals(
        Optional.empty(),
        Divergence.find(kernel, results.get(0), results.get(0), plan(1, 0, false)));
  }

  @Test
  void shouldRefuseAStateFileThatIsInUseOrNone() throws IOException {
    Path file = directory.resolve("state");
    try (StateFile state = StateFile.open(file)) {
      assertEquals(0, state.size());
      assertThrows(IOException.class, () -> StateFile.open(file));
    }
    Files.writeString(file, "{\"key\":\"a\",\"value\":1}\nno json\n");
    IOException e = assertThrows(IOException.class, () -> StateFile.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains("state:2:"), e.getMessage());
  }

  @Test
  void shouldKeyCellsByAllThatTheirFiguresDependOn() throws IOException {
    Cell plain = cell(SQLITE);
    Plan plan = plan(1, 0, false);
    assertEquals(plain.key(plan), cell(SQLITE).key(plan));
    assertNotEquals(plain.key(plan), plain.key(plan(2, 1, false)));
    assertNotEquals(plain.key(plan), cell(PYTHON).key(plan));
    assertNotEquals(plain.key(plan), cell(SQLITE, "kernel:lazy_bytes=0").key(plan));
    assertNotEquals(
        plain.key(plan), new Cell(plain.trace(), plain.stack(), plain.varied(), "other").key(plan));
  }
}
