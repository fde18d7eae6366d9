package workbench.age;

import static workbench.age.Purpose.TICKS_OF_DAY;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** The life of a machine, as requests for page frames. For one thread. */
/*
 * What the studies agree on, made a model (docs/workloads.md has the sources): memory is nearly
 * always full, because files are kept as long as nobody else wants the frames; what is asked for at
 * one time goes at different times; a small part cannot be moved and of that a part stays for months.
 *
 * Time goes in ticks of half an hour. In each tick (1) what has reached its end dies; (2) as many
 * frames as the day's churn says are asked for, several requests side by side, a few blocks of each
 * in turn, so that frames of different lifetimes mix as on a machine that does several things; (3)
 * caches grow or are reclaimed until the fill is what the hour says. Reclaim takes the oldest, but
 * lets one in four go round once more, as the second chance of an LRU list does: so of a file that
 * lay in one piece a part stays.
 *
 * Nothing here depends on what an allocator answers: a request that a provider cannot serve as one
 * block is served in pieces by FrameStore, so that all providers get the same requests and hold the
 * same number of frames.
 *
 * Not modelled: swapping, NUMA, memory hotplug, reclaim for the sake of high orders.
 */
final class AgeModel {
  /** The order of a huge page on machines with frames of 4 KiB. */
  static final int HUGE = 9;

  private static final int HUGE_FRAMES = 1 << HUGE;
  private static final double HUGE_SHARE = 0.5; // of programs that are large enough
  private static final int SIDE_BY_SIDE = 12; // requests that are served in turn
  private static final int TURN = 8; // blocks of a request in one turn
  private static final int SWING = 20; // percent of RAM between the busiest hour and midnight
  private static final int BURSTS_OF_DAY = 2;
  private static final double BURST_SHARE = 0.05;
  private static final int BURST_TICKS = 3;
  private static final int LEAST_PROGRAM = 5; // log2 of frames
  private static final int MOST_PROGRAM = 11;
  private static final int MOST_FILE = 8;
  private static final double SECOND_CHANCE = 0.25;
  private static final double PERCENT = 100;

  private final AgeSpec spec;
  private final long ram;
  private final int cpus;
  private final SplittableRandom random;
  private final PriorityQueue<Group> mortal =
      new PriorityQueue<>(
          Comparator.comparingLong((Group group) -> group.end)
              .thenComparingLong(group -> group.number));
  private final Ids cached = new Ids();
  private final Ids unused = new Ids();
  private byte[] orders = new byte[1 << 16];
  private int ids;
  private long groups;
  private long now;
  private long live;

  /** Blocks that die together. */
  private static final class Group {
    final long number;
    final Purpose purpose;
    final int cpu;
    final boolean huge;
    final long end;
    final Ids blocks = new Ids();
    long wanted; // frames still to be asked for

    Group(long number, Purpose purpose, int cpu, boolean huge, long end, long wanted) {
      this.number = number;
      this.purpose = purpose;
      this.cpu = cpu;
      this.huge = huge;
      this.end = end;
      this.wanted = wanted;
    }
  }

  /**
   * Begins with an empty machine.
   *
   * @param ram frames that can be asked for
   * @param cpus CPUs that ask
   */
  AgeModel(AgeSpec spec, long ram, int cpus) {
    this.spec = spec;
    this.ram = ram;
    this.cpus = cpus;
    this.random = new SplittableRandom(spec.seed());
  }

  /** {@return frames that are asked for and not given back} */
  long live() {
    return live;
  }

  /** {@return how many ids there have been; all are below} */
  int ids() {
    return ids;
  }

  /** Lives for a day, from midnight to midnight. */
  void day(AgeSink sink) {
    boolean[] burst = new boolean[TICKS_OF_DAY];
    for (int i = 0; i < BURSTS_OF_DAY; i++) {
      burst[random.nextInt(TICKS_OF_DAY)] = true;
    }
    for (int tick = 0; tick < TICKS_OF_DAY; tick++) {
      now++;
      expire(sink);
      if (burst[tick]) {
        serve(List.of(burst()), sink);
      }
      churn(sink);
      reclaim(target(tick + 1), sink);
      fill(target(tick + 1), sink);
    }
  }

  /** Gives everything back. */
  void endAll(AgeSink sink) {
    while (!mortal.isEmpty()) {
      die(mortal.remove(), sink);
    }
    while (cached.size() > 0) {
      die(cached.take(), 0, sink);
    }
  }

  private void expire(AgeSink sink) {
    while (!mortal.isEmpty() && mortal.peek().end <= now) {
      die(mortal.remove(), sink);
    }
  }

  /** {@return the frames that are in use at an hour: the most at noon, the least at midnight} */
  private long target(int tick) {
    double busy = (1 - Math.cos(2 * Math.PI * tick / TICKS_OF_DAY)) / 2;
    return (long) (ram * (spec.fill() - SWING * (1 - busy)) / PERCENT);
  }

  private void churn(AgeSink sink) {
    double frames = ram * (spec.churn() / PERCENT) / TICKS_OF_DAY;
    List<Group> open = new ArrayList<>();
    for (Purpose purpose : Purpose.values()) {
      long left = Math.round(frames * purpose.share);
      while (left > 0) {
        Group group = request(purpose, left);
        left -= group.wanted;
        open.add(group);
      }
    }
    shuffle(open);
    for (int from = 0; from < open.size(); from += SIDE_BY_SIDE) {
      serve(open.subList(from, Math.min(open.size(), from + SIDE_BY_SIDE)), sink);
      reclaim(ceiling(), sink);
    }
  }

  // Within a tick memory may fill up to here before something is reclaimed.
  private long ceiling() {
    return (long) (ram * spec.fill() / PERCENT);
  }

  private void shuffle(List<Group> groups) {
    for (int i = groups.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      groups.set(i, groups.set(other, groups.get(i)));
    }
  }

  private Group request(Purpose purpose, long most) {
    long size =
        switch (purpose) {
          case PROGRAM -> 1L << random.nextInt(LEAST_PROGRAM, MOST_PROGRAM + 1);
          case PAGE_CACHE -> 1L << random.nextInt(MOST_FILE + 1);
          case DENTRIES, KERNEL_BRIEF, KERNEL_LASTING -> 1;
        };
    return group(purpose, Math.min(most, size), purpose.isCache() ? 0 : purpose.lifetime(random));
  }

  private Group burst() {
    long size = Math.max(1, (long) (ram * BURST_SHARE));
    return group(Purpose.PROGRAM, size, 1 + random.nextInt(BURST_TICKS));
  }

  private Group group(Purpose purpose, long size, long ticks) {
    boolean huge =
        purpose == Purpose.PROGRAM && size >= HUGE_FRAMES && random.nextDouble() < HUGE_SHARE;
    return new Group(groups++, purpose, random.nextInt(cpus), huge, now + ticks, size);
  }

  // Side by side: a few blocks of each in turn, until all have what they wanted.
  private void serve(List<Group> requests, AgeSink sink) {
    List<Group> open = new ArrayList<>(requests);
    while (!open.isEmpty()) {
      Group group = open.get(random.nextInt(open.size()));
      for (int i = 0; i < TURN && group.wanted > 0; i++) {
        birth(group, sink);
      }
      if (group.wanted <= 0) {
        open.remove(group);
        if (!group.purpose.isCache()) {
          mortal.add(group);
        }
      }
    }
  }

  private void birth(Group group, AgeSink sink) {
    int order = group.huge && group.wanted >= HUGE_FRAMES ? HUGE : group.purpose.order(random);
    while (group.purpose == Purpose.PAGE_CACHE && 1L << order > group.wanted) {
      order--; // a file is not read beyond its end
    }
    int id = unused.size() > 0 ? unused.take() : ids++;
    if (id == orders.length) {
      orders = Arrays.copyOf(orders, orders.length * 2);
    }
    orders[id] = (byte) order;
    live += 1L << order;
    group.wanted -= 1L << order;
    (group.purpose.isCache() ? cached : group.blocks).add(id);
    sink.born(id, order, group.purpose.mobility, group.cpu);
  }

  private void die(int id, int cpu, AgeSink sink) {
    live -= 1L << orders[id];
    sink.died(id, cpu);
    unused.add(id);
  }

  /** Reclaims what is cached, the oldest first, until no more than the limit is in use. */
  private void reclaim(long limit, AgeSink sink) {
    while (live > limit && cached.size() > 0) {
      int id = cached.take();
      if (random.nextDouble() < SECOND_CHANCE) {
        cached.add(id);
      } else {
        die(id, random.nextInt(cpus), sink);
      }
    }
    while (live > limit && !mortal.isEmpty()) {
      die(mortal.remove(), sink); // nothing is cached: as if memory ran out
    }
  }

  /** Reads files until as much is in use as the hour says. */
  private void fill(long target, AgeSink sink) {
    while (live < target) {
      serve(List.of(request(Purpose.PAGE_CACHE, target - live)), sink);
    }
  }

  private void die(Group group, AgeSink sink) {
    while (group.blocks.size() > 0) {
      die(group.blocks.take(), group.cpu, sink);
    }
  }
}
