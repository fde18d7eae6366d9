package workbench.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/** A test of Linux' {@code lib/test_vmalloc.c}, on an arena of addresses. */
/*
 * Each test is a state of the arena that stays, made by every thread for itself, and a loop of
 * requests that are given back at once. The originals map pages as well and write to them; here
 * only the addresses are asked for, so a round costs what the search costs. vmalloc puts a guard
 * page behind each area; arenas do not.
 */
final class VmallocTest implements AddressGenerator {
  private static final int LOOPS = 100_000;
  private static final int MOST_LOOPS = 1 << 30;

  private final VmallocLoop loop;

  VmallocTest(VmallocLoop loop) {
    this.loop = loop;
  }

  @Override
  public String name() {
    return loop.name();
  }

  @Override
  public String description() {
    return loop.description();
  }

  @Override
  public String source() {
    return "U. Rezki: lib/test_vmalloc.c of Linux, " + loop.name() + "_alloc_test";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        loop.parameter(), new Parameter("loops", LOOPS, 1, MOST_LOOPS, "rounds of each thread"));
  }

  @Override
  public List<Part<AddressClient>> parts(RunSpec run) {
    return run.parts(thread -> {
      SplittableRandom random = run.random(thread);
      return client -> run(run, random, client);
    });
  }

  private void run(RunSpec run, SplittableRandom random, AddressClient client) {
    long value = run.parameters().get(loop.parameter().name());
    List<Range> kept = loop.prepare(value, client);
    for (long i = 0; i < run.parameters().get("loops"); i++) {
      loop.round(value, random, client);
    }
    kept.forEach(range -> range.free(client));
  }
}
