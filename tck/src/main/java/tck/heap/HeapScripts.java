package tck.heap;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tck.Script;

/** The scripts that heaps are tried with: some that look at one thing, and random ones. */
final class HeapScripts {
  private static final int PAGE = 4096;
  private static final int MOST_NAMES = 300;
  private static final long LARGE = 200_000;

  private HeapScripts() {}

  private static Script script(String memory, int cpus, List<String> steps) {
    return new Script(Tier.HEAP, Map.of("memory", memory, "cpus", "" + cpus), steps);
  }

  /** {@return sizes where heaps change their ways, and those beside them} */
  static List<Long> boundaries() {
    List<Long> sizes = new ArrayList<>(List.of(0L, 1L, 7L, 8L, 9L));
    for (long size = 16; size <= 1 << 20; size *= 2) {
      for (long near : new long[] {-17, -16, -9, -8, -1, 0, 1, 8, 16}) {
        sizes.add(Math.max(0, size + near));
      }
      sizes.add(size + size / 2);
    }
    return sizes;
  }

  /** {@return every boundary size allocated, resized to the next, misused and freed} */
  static Script sizes() {
    List<String> steps = new ArrayList<>();
    List<Long> sizes = boundaries();
    for (int i = 0; i < sizes.size(); i++) {
      steps.add("a%d = allocate %d %d".formatted(i, i, sizes.get(i)));
      if (i % 3 == 2) {
        steps.add("resize %d a%d %d".formatted(i, i - 1, sizes.get((i * 7) % sizes.size())));
        steps.add("free %d a%d".formatted(i, i - 2));
      }
      if (i % 40 == 39) {
        steps.add("check");
      }
    }
    return script("64M", 2, steps);
  }

  /** {@return blocks of no bytes, each with an address of its own} */
  static Script empty() {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      steps.add("e%d = allocate 0 0".formatted(i));
    }
    steps.add("resize 0 e3 100");
    steps.add("r = allocate 0 100");
    steps.add("resize 0 r 0");
    steps.add("z = zeroed 0 0");
    return script("8M", 1, steps);
  }

  /** {@return alignments up to 64 KiB with sizes from 0 on} */
  static Script aligned() {
    List<String> steps = new ArrayList<>();
    int name = 0;
    for (int log = 0; log <= 16; log++) {
      for (long bytes : new long[] {0, 1, 24, 100, PAGE, PAGE + 1, 70_000}) {
        steps.add("a%d = aligned 0 %d %d".formatted(name, log, bytes));
        name++;
      }
      steps.add("free 0 a%d".formatted(name - 4));
      steps.add("resize 0 a%d 333".formatted(name - 2));
    }
    return script("64M", 2, steps);
  }

  /** {@return zeroed blocks where others were freed} */
  static Script zeroed() {
    List<String> steps = new ArrayList<>();
    for (long bytes : new long[] {1, 24, 100, 500, 2000, PAGE, 9000, 70_000, 300_000}) {
      for (int i = 0; i < 6; i++) {
        steps.add("d%d.%d = allocate 0 %d".formatted(i, bytes, bytes));
      }
      for (int i = 0; i < 6; i += 2) {
        steps.add("free 0 d%d.%d".formatted(i, bytes));
      }
      for (int i = 0; i < 5; i++) {
        steps.add("z%d.%d = zeroed 0 %d".formatted(i, bytes, bytes - i % 2));
      }
    }
    return script("64M", 1, steps);
  }

  /** {@return misuse of every kind beside blocks of several sizes} */
  static Script misuse() {
    List<String> steps = new ArrayList<>(List.of("wrong 0", "foreign 0 0", "foreign 0 4096"));
    int name = 0;
    for (long bytes : new long[] {0, 24, 100, 1000, PAGE, 50_000, 1 << 20}) {
      for (int i = 0; i < 3; i++) {
        steps.add("m%d = allocate 0 %d".formatted(name + i, bytes));
      }
      for (long inside : new long[] {0, 7, 15, 31, 99, 511, PAGE - 1, 30_000}) {
        steps.add("misuse 0 m%d %d".formatted(name + 1, inside));
      }
      steps.add("free-twice 0 m%d".formatted(name + 1));
      steps.add("check");
      name += 3;
    }
    steps.addAll(List.of("foreign 0 8", "foreign 0 1000003", "foreign 0 60M", "wrong 0"));
    return script("64M", 1, steps);
  }

  /** {@return all of a small memory used up, some of it freed, and used again} */
  static Script exhaustion(long bytes) {
    List<String> steps = new ArrayList<>();
    long blocks = Math.min(3000, (4L << 20) / Math.max(1, bytes) + 20);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < blocks; i++) {
        steps.add("x%d = allocate 0 %d".formatted(i, bytes));
      }
      steps.add("check");
      for (int i = round; i < blocks; i += 2) {
        steps.add("resize 0 x%d %d".formatted(i, bytes + bytes / 2));
        steps.add("free 0 x%d".formatted(i));
      }
      steps.add("g%d = group 0 %d %d %d".formatted(round, bytes, bytes, bytes));
    }
    return script("2M", 1, steps);
  }

  /** {@return the footprint limited, lifted and limited again} */
  static Script limit() {
    List<String> steps = new ArrayList<>(List.of("a = allocate 0 1000", "limit 1100001"));
    for (int i = 0; i < 60; i++) {
      steps.add("l%d = allocate 0 %d".formatted(i, 40_000));
    }
    steps.addAll(List.of("check", "limit 0", "free 0 l1", "b = allocate 0 100", "no-limit"));
    for (int i = 60; i < 90; i++) {
      steps.add("l%d = allocate 0 %d".formatted(i, 40_000));
    }
    return script("16M", 1, steps);
  }

  /**
   * {@return random calls of every kind}
   *
   * @param random decides
   * @param count how many
   * @param below whether calls below fail now and then
   * @param transfers steps that transfer, one of which comes now and then; empty for none
   */
  static Script random(Random random, int count, boolean below, List<String> transfers) {
    int cpus = 1 + random.nextInt(3);
    List<String> names = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (below && random.nextInt(20) == 0) {
        String how = List.of("refuse", "vacant", "broken").get(random.nextInt(3));
        steps.add(how + " " + (1 + random.nextInt(3)));
      }
      if (!transfers.isEmpty() && random.nextInt(count / 5 + 1) == 0) {
        steps.add(transfers.get(random.nextInt(transfers.size())));
      }
      steps.add(step(random, cpus, i, names));
    }
    return script("32M", cpus, steps);
  }

  private static String step(Random random, int cpus, int number, List<String> names) {
    int cpu = random.nextInt(cpus);
    boolean full = names.size() > MOST_NAMES;
    if (names.isEmpty() || (!full && random.nextInt(100) < 52)) {
      String name = "b" + number;
      names.add(name);
      return name + " = " + birth(random, cpu);
    }
    String name = names.get(random.nextInt(names.size()));
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3 -> "resize %d %s %d".formatted(cpu, name, size(random));
      case 4, 5 -> "in-place %d %s %d".formatted(cpu, name, size(random));
      case 6 -> "trim " + random.nextInt(3) * 100_000;
      case 7 -> "drain";
      case 8 -> "misuse %d %s %d".formatted(cpu, name, random.nextInt(5000));
      case 9 -> gone(names, name, "free-twice %d %s".formatted(cpu, name));
      case 10 -> gone(names, name, "free-sized %d %s".formatted(cpu, name));
      case 11 -> bulk(random, cpu, names);
      case 12 -> rare(random, cpu);
      default -> gone(names, name, "free %d %s".formatted(cpu, name));
    };
  }

  private static String rare(Random random, int cpu) {
    return switch (random.nextInt(12)) {
      case 0 -> "check";
      case 1 -> "limit " + random.nextInt(2_000_000);
      case 2, 3 -> "no-limit";
      case 4 -> "wrong " + cpu;
      default -> "foreign %d %d".formatted(cpu, random.nextInt(40_000_000));
    };
  }

  private static String gone(List<String> names, String name, String step) {
    names.remove(name);
    return step;
  }

  private static String bulk(Random random, int cpu, List<String> names) {
    StringBuilder step = new StringBuilder("bulk " + cpu);
    for (int i = random.nextInt(30); i >= 0 && !names.isEmpty(); i--) {
      step.append(' ').append(names.remove(random.nextInt(names.size())));
    }
    return step.toString();
  }

  private static String birth(Random random, int cpu) {
    return switch (random.nextInt(12)) {
      case 0 -> "zeroed %d %d".formatted(cpu, size(random));
      case 1 -> "aligned %d %d %d".formatted(cpu, random.nextInt(15), size(random));
      case 2 ->
          "%s %d %d %d %d"
              .formatted(
                  random.nextBoolean() ? "group" : "zeroed-group",
                  cpu,
                  size(random),
                  size(random),
                  16);
      default -> "allocate %d %d".formatted(cpu, size(random));
    };
  }

  private static long size(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextLong(LARGE);
      case 1, 2 -> random.nextInt(PAGE);
      case 3 -> boundaries().get(random.nextInt(boundaries().size())) % LARGE;
      case 4 -> 64; // sizes come in crowds
      case 5 -> 24;
      default -> random.nextInt(400);
    };
  }
}
