package tck;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tck.Outcome.Verdict;

/** Runs checks, each on a thread of its own that is given up when it takes too long. */
public final class Runner {
  private static final int FRAMES = 12; // of a hung thread's stack, in messages

  private Runner() {}

  /**
   * Runs one check.
   *
   * @param check what to try
   * @param options seed, effort and how long it may take
   * @return what came of it; whatever the provider threw is in it
   */
  public static Outcome run(Check check, Options options) {
    Trial trial = new Trial(options);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("tck-" + check.name())
            .unstarted(
                new Once(() -> {
                  try {
                    check.body().run(trial);
                  } catch (Throwable e) { // whatever it is, it is what came of it
                    thrown.set(e);
                  } finally {
                    ended.countDown();
                  }
                }));
    long begun = System.nanoTime();
    thread.start();
    boolean inTime = await(ended, options.limit().toMillis());
    long nanos = System.nanoTime() - begun;
    if (!inTime) {
      return hung(check, trial, nanos, thread);
    }
    return outcome(check, trial, nanos, thrown.get());
  }

  private static boolean await(CountDownLatch ended, long millis) {
    try {
      return ended.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Outcome hung(Check check, Trial trial, long nanos, Thread thread) {
    String where =
        Arrays.stream(thread.getStackTrace())
            .limit(FRAMES)
            .map(frame -> "  at " + frame)
            .collect(Collectors.joining(System.lineSeparator()));
    thread.interrupt();
    String seen =
        "did not end within %d s; it was here".formatted(TimeUnit.NANOSECONDS.toSeconds(nanos));
    return new Outcome(
        check.name(),
        Verdict.HUNG,
        trial.facts(),
        nanos,
        Optional.empty(),
        seen,
        Optional.empty(),
        where);
  }

  private static Outcome outcome(Check check, Trial trial, long nanos, @Nullable Throwable thrown) {
    long facts = trial.facts();
    if (thrown == null && facts == 0) {
      return failed(check, facts, nanos, new AssertionError("no fact was compared"));
    }
    return switch (thrown) {
      case null ->
          new Outcome(
              check.name(),
              Verdict.PASSED,
              facts,
              nanos,
              Optional.empty(),
              "",
              Optional.empty(),
              "");
      case Skipped why ->
          new Outcome(
              check.name(),
              Verdict.SKIPPED,
              facts,
              nanos,
              Optional.empty(),
              String.valueOf(why.getMessage()),
              Optional.empty(),
              "");
      default -> failed(check, facts, nanos, thrown);
    };
  }

  private static Outcome failed(Check check, long facts, long nanos, Throwable thrown) {
    Optional<Broken> broken =
        thrown instanceof Broken finding ? Optional.of(finding) : Optional.empty();
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return new Outcome(
        check.name(),
        Verdict.FAILED,
        facts,
        nanos,
        broken.map(Broken::clause),
        broken.map(Broken::seen).orElseGet(() -> seen(thrown)),
        broken.flatMap(Broken::script),
        trace.toString());
  }

  // A check's own words; what a provider throws is named.
  private static String seen(Throwable thrown) {
    String message = thrown.getMessage();
    return thrown instanceof AssertionError && message != null ? message : thrown.toString();
  }
}
