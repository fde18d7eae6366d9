package workbench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kernel.api.Kernel;

/**
 * Runs the cells of a comparison: first everything that is counted, several cells at once; then,
 * one after the other and with nothing else under way, everything that is timed.
 *
 * <p>What a state file holds already is not run again. A cell that fails does not keep the others
 * from running; it is not kept, so that it is tried again the next time.
 */
public final class Comparison {
  private final Kernel kernel;
  private final Plan plan;
  private final StateFile state;
  private final CompareProgress progress;

  /**
   * Prepares a comparison.
   *
   * @param kernel boots the machines
   * @param plan how figures are taken
   * @param state what is finished, and where to keep what will be
   * @param progress is told how it goes
   */
  public Comparison(Kernel kernel, Plan plan, StateFile state, CompareProgress progress) {
    this.kernel = kernel;
    this.plan = plan;
    this.state = state;
    this.progress = progress;
  }

  /**
   * Runs cells.
   *
   * @param cells the cells
   * @return a result for each, in the same order
   * @throws IOException if the state file cannot be written
   * @throws CancellationException if the listener wants to stop, or the thread is interrupted;
   *     finished cells are kept
   */
  public List<CellResult> run(List<Cell> cells) throws IOException {
    progress.begun(cells.stream().mapToLong(this::units).sum());
    List<CellResult> results = countAll(cells);
    if (plan.timing()) {
      for (int i = 0; i < results.size(); i++) {
        results.set(i, timed(results.get(i)));
      }
    }
    return results;
  }

  private long units(Cell cell) {
    long runs = plan.countedRuns() + (plan.timing() ? plan.repeat() * 2L : 0);
    return cell.trace().events() * runs;
  }

  private List<CellResult> countAll(List<Cell> cells) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(plan.jobs());
    try {
      List<Future<CellResult>> futures = new ArrayList<>();
      for (Cell cell : cells) {
        futures.add(pool.submit(() -> counted(cell)));
      }
      List<CellResult> results = new ArrayList<>();
      for (Future<CellResult> future : futures) {
        results.add(await(future));
      }
      return results;
    } finally {
      pool.shutdownNow();
      pool.close();
    }
  }

  private static CellResult await(Future<CellResult> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UncheckedIOException io -> throw io.getCause();
        case CancellationException stop -> throw stop;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static CancellationException cancelled() {
    return new CancellationException("the comparison was interrupted");
  }

  private void advance(long units) {
    progress.advanced(units);
    if (progress.stopping()) {
      throw cancelled();
    }
  }

  private CellResult counted(Cell cell) {
    String key = cell.key(plan) + "-counted";
    String name = "counted " + name(cell);
    Optional<CellResult.Counted> stored = state.get(key, CellResult.Counted.class);
    if (stored.isPresent()) {
      progress.advanced(cell.trace().events() * plan.countedRuns());
      progress.finished(name, true);
      return new CellResult(cell, stored, Optional.empty(), Optional.empty());
    }
    try {
      CellResult.Counted made = new CellRunner(kernel, plan, this::advance).count(cell);
      keep(key, name, made);
      return new CellResult(cell, Optional.of(made), Optional.empty(), Optional.empty());
    } catch (CancellationException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return failed(new CellResult(cell, Optional.empty(), Optional.empty(), Optional.empty()), e);
    }
  }

  private CellResult timed(CellResult result) {
    if (result.failure().isPresent()) {
      return result;
    }
    Cell cell = result.cell();
    String key = cell.key(plan) + plan.clockIdentity();
    String name = "timed " + name(cell);
    Optional<Timing> stored = state.get(key, Timing.class);
    if (stored.isPresent()) {
      progress.advanced(cell.trace().events() * plan.repeat() * 2L);
      progress.finished(name, true);
      return new CellResult(cell, result.counted(), stored, Optional.empty());
    }
    try {
      advance(0);
      Timing made = new CellRunner(kernel, plan, this::advance).time(cell);
      keep(key, name, made);
      return new CellResult(cell, result.counted(), Optional.of(made), Optional.empty());
    } catch (CancellationException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return failed(result, e);
    }
  }

  private void keep(String key, String name, Object value) {
    try {
      state.put(key, name, value);
    } catch (IOException e) {
      throw new UncheckedIOException("the state file cannot be written", e);
    }
    progress.finished(name, false);
  }

  // A state file that cannot be written concerns all cells; anything else, a provider's defect as
  // well as a trace that ends too early, this one.
  private CellResult failed(CellResult result, Throwable why) {
    if (why instanceof UncheckedIOException state) {
      throw state;
    }
    String message = why.getMessage() == null ? why.toString() : why.getMessage();
    return new CellResult(result.cell(), result.counted(), result.timing(), Optional.of(message));
  }

  private static String name(Cell cell) {
    return "%s on %s, %s %s"
        .formatted(
            cell.traceName(),
            cell.stack().map().name(),
            cell.stack().providers().values(),
            cell.varied());
  }
}
