package vmem.bump;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The lock for short sections, see {@link ShortLock}. */
public final class LockRaces {
  private LockRaces() {}

  /** Two threads count in plain memory under the lock, and look whether they are alone. */
  @JCStressTest
  @Outcome(id = "20, 0", expect = Expect.ACCEPTABLE, desc = "every section counted, one at a time")
  @Outcome(expect = Expect.FORBIDDEN, desc = "two were inside at once, or did not see each other")
  @State
  public static class Exclusion {
    private static final int SECTIONS = 10;

    private final ShortLock lock = new ShortLock();
    private int count;
    private int inside;
    private int met;

    private void work() {
      for (int i = 0; i < SECTIONS; i++) {
        lock.enter();
        met += inside;
        inside = 1;
        count++;
        inside = 0;
        lock.leave();
      }
    }

    /** Counts. */
    @Actor
    public void first() {
      work();
    }

    /** Counts. */
    @Actor
    public void second() {
      work();
    }

    /** The count, and how often somebody else was inside. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = count;
      r.r2 = met;
    }
  }
}
