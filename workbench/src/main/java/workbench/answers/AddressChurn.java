package workbench.answers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Task;

/**
 * A task that maps and unmaps without end: a constant number of mappings of 1 to 64 pages, of which
 * a random one is replaced at each step. The same steps each time: {@link Random} is specified to
 * the bit.
 *
 * @param steps steps after which the samples were taken
 * @param tables frames of the task's page tables, by sample
 * @param mappings live mappings that do not touch another, by sample
 * @param reach bytes from the lowest address ever used to the end of the highest, by sample
 * @param mapped bytes that were mapped in all
 */
record AddressChurn(
    List<Double> steps,
    List<Double> tables,
    List<Double> mappings,
    List<Double> reach,
    long mapped) {
  /** Mappings that are live at once. */
  static final int LIVE = 512;

  /** Replacements in all. */
  static final int STEPS = 40_000;

  private static final int MOST_PAGES = 64;
  private static final int SAMPLES = 50;
  private static final int PAGE = 4096;

  /** {@return the course of such a task on a machine that is booted for it} */
  static AddressChurn of(Lab lab, BootSpec spec) {
    try (BootedSystem system = lab.boot(spec);
        Task task = system.createTask("churn")) {
      return new Run(task).all();
    }
  }

  private record Mapping(long address, long bytes) {}

  private static final class Run {
    private final Task task;
    private final Random random = new Random(1);
    private final List<Mapping> live = new ArrayList<>();
    private final AddressChurn course =
        new AddressChurn(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    private long lowest = Long.MAX_VALUE;
    private long highest;
    private long mapped;

    Run(Task task) {
      this.task = task;
    }

    AddressChurn all() {
      for (int i = 0; i < LIVE; i++) {
        live.add(map());
      }
      for (int step = 1; step <= STEPS; step++) {
        int victim = random.nextInt(LIVE);
        Mapping old = live.get(victim);
        task.unmap(old.address(), old.bytes());
        live.set(victim, map());
        if (step % (STEPS / SAMPLES) == 0) {
          sample(step);
        }
      }
      return new AddressChurn(course.steps, course.tables, course.mappings, course.reach, mapped);
    }

    private Mapping map() {
      long bytes = (1L + random.nextInt(MOST_PAGES)) * PAGE;
      long address = task.map(bytes);
      if (address == 0) {
        throw new AnswerException("the task of mappings", "no room for " + bytes + " bytes");
      }
      lowest = Math.min(lowest, address);
      highest = Math.max(highest, address + bytes);
      mapped += bytes;
      return new Mapping(address, bytes);
    }

    private void sample(int step) {
      course.steps.add((double) step);
      course.tables.add((double) task.space().tableFrames());
      course.mappings.add((double) separate());
      course.reach.add((double) (highest - lowest));
    }

    private int separate() {
      List<Mapping> sorted = new ArrayList<>(live);
      sorted.sort(Comparator.comparingLong(Mapping::address));
      int count = 0;
      long end = -1;
      for (Mapping one : sorted) {
        count += one.address() == end ? 0 : 1;
        end = one.address() + one.bytes();
      }
      return count;
    }
  }

  /** {@return bytes of addresses that a step used up, over the second half of the steps} */
  double consumedPerStep() {
    int half = steps.size() / 2;
    return (reach.getLast() - reach.get(half)) / (steps.getLast() - steps.get(half));
  }
}
