package tck.physmem;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import physmem.api.FrameFlags;
import tck.Script;

/** The scripts that frame engines are tried with. */
final class FrameScripts {
  /** The names of the grounds. */
  static final List<String> GROUNDS = List.of("one", "ragged", "high", "numa", "given", "linux");

  private static final int MOST_NAMES = 400;
  private static final int[] FLAGS = {
    0,
    FrameFlags.MOVABLE,
    FrameFlags.RECLAIMABLE,
    FrameFlags.DMA32,
    FrameFlags.DMA32 | FrameFlags.MOVABLE,
    FrameFlags.DMA,
    FrameFlags.ATOMIC,
    FrameFlags.NO_RETRY
  };

  private FrameScripts() {}

  private static Script script(String ram, int cpus, List<String> steps) {
    return new Script(Tier.PHYSMEM, Map.of("ram", ram, "cpus", "" + cpus), steps);
  }

  /** {@return blocks of every order on a ground, misused and freed} */
  static Script orders(String ram) {
    List<String> steps = new ArrayList<>(List.of("wrong 0", "foreign 0 0 0", "foreign 0 999 3"));
    steps.add("m = bulk 0 1 9");
    steps.add("bulk-misuse 1 m.0 m.1 m.2 m.3 m.4 m.5 m.6");
    steps.add("n = bulk 1 0 40");
    steps.add("bulk-free 0 n.3 n.9 n.1 n.17 n.20");
    steps.add("bulk-misuse 0 n.30 n.2 n.11");
    for (int order = 0; order <= 20; order++) {
      for (int i = 0; i < 4; i++) {
        int flags = FLAGS[(order + i) % FLAGS.length];
        steps.add("o%d.%d = allocate %d %d %d".formatted(order, i, i, order, flags));
      }
      steps.add("misuse 0 o%d.1".formatted(order));
      steps.add("free-twice 1 o%d.2".formatted(order));
      steps.add("foreign 0 %d %d".formatted(order * 911, order));
    }
    steps.add("wrong 1");
    return script(ram, 2, steps);
  }

  /** {@return all of a ground handed out in blocks of some orders, freed and handed out again} */
  static Script exhaustion(String ram) {
    List<String> steps = new ArrayList<>();
    exhaust(steps, "a", 10, FrameFlags.MOVABLE);
    exhaust(steps, "b", 3, 0);
    exhaust(steps, "c", 0, FrameFlags.DMA32);
    exhaust(steps, "d", 5, FrameFlags.DMA);
    return script(ram, 2, steps);
  }

  private static void exhaust(List<String> steps, String name, int order, int flags) {
    steps.add("%s = fill 0 %d %d".formatted(name, order, flags));
    steps.add("%ss = fill 1 0 %d".formatted(name, flags));
    steps.add("%sb = bulk 1 0 30".formatted(name));
    steps.add("thin 1 %s 3".formatted(name));
    steps.add("thin 0 %ss 2".formatted(name));
    steps.add("%sp = fill 1 1 %d".formatted(name, flags));
    for (String each : List.of(name, name + "s", name + "b", name + "p")) {
      steps.add("release 0 " + each);
    }
  }

  /** {@return single movable blocks scattered over a ground, and moved together} */
  static Script moves(String ram) {
    List<String> steps = new ArrayList<>();
    steps.add("b = fill 0 0 " + FrameFlags.MOVABLE);
    steps.add("thin 0 b 3");
    steps.add("drain");
    for (int order : new int[] {5, 3, 6, 9, 10, 9}) {
      steps.add("compact " + order);
      steps.add("check");
    }
    steps.add("c = fill 1 4 0");
    steps.add("offline 2000 300");
    steps.add("check");
    return script(ram, 2, steps);
  }

  /** {@return frames that leave service, and engines that take over without them} */
  static Script reduced(String ram) {
    List<String> steps = new ArrayList<>(List.of("unfit", "a = at 0 100 50", "b = at 1 3000 700"));
    for (int i = 0; i < 5; i++) {
      steps.add("p%d = allocate %d %d %d".formatted(i, i, i, i % 2));
      steps.add("retire %d %d".formatted(i * 1900, 1 + i * 150));
      steps.add("poison " + (i * 777 + 5));
      steps.add("reduced %d %d".formatted(i * 1300 + 700, 1 + i * 90));
      steps.add("check");
      steps.add("rehearse");
      steps.add("rebuild");
      steps.add("offline %d 250".formatted(i * 2100));
    }
    steps.add("unfit");
    steps.add("f = fill 0 0 " + FrameFlags.MOVABLE);
    steps.add("check");
    return script(ram, 2, steps);
  }

  /** {@return runs at named frames and within constraints, freed in parts} */
  static Script runs(String ram) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      steps.add("a%d = at 0 %d %d".formatted(i, i * 131, 1 + i * i % 200));
      steps.add(
          "r%d = run 1 %d %d %d %d %d"
              .formatted(i, 1 + i * 37 % 700, i, i % 3 == 0 ? i % 17 + 4 : 0, i % 5, 20 + i * 200));
      steps.add("free-part 0 a%d %d %d".formatted(i, i * 7, i * 5));
      steps.add("free-part 1 r%d %d %d".formatted(i, i * 11, i * 3));
      if (i % 4 == 3) {
        steps.add("free-twice 0 a%d".formatted(i - 2));
        steps.add("free 0 r%d'".formatted(i - 1));
      }
    }
    return script(ram, 2, steps);
  }

  /**
   * {@return random calls of every kind}
   *
   * @param transfers steps that transfer, one of which comes now and then; empty for none
   */
  static Script random(Random random, String ram, int count, List<String> transfers) {
    int cpus = 1 + random.nextInt(3);
    List<String> names = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!transfers.isEmpty() && random.nextInt(count / 5 + 1) == 0) {
        steps.add(transfers.get(random.nextInt(transfers.size())));
      }
      steps.add(step(random, random.nextInt(cpus), i, names));
    }
    return script(ram, cpus, steps);
  }

  private static String step(Random random, int cpu, int number, List<String> names) {
    if (names.isEmpty() || (names.size() < MOST_NAMES && random.nextInt(100) < 55)) {
      String name = "b" + number;
      names.add(name);
      return name + " = " + birth(random, cpu);
    }
    String name = names.get(random.nextInt(names.size()));
    return switch (random.nextInt(20)) {
      case 0 ->
          "free-part %d %s %d %d".formatted(cpu, name, random.nextInt(300), random.nextInt(99));
      case 1 -> gone(names, name, "free-twice %d %s".formatted(cpu, name));
      case 2 -> "misuse %d %s".formatted(cpu, name);
      case 3 -> "foreign %d %d %d".formatted(cpu, random.nextInt(1 << 21), random.nextInt(11));
      case 4 -> random.nextInt(3) == 0 ? "poison " + random.nextInt(20_000) : "drain";
      case 5 -> random.nextInt(4) == 0 ? "check" : "compact " + random.nextInt(10);
      case 6 -> bulkFree(random, cpu, random.nextInt(3) == 0 ? "bulk-misuse" : "bulk-free", names);
      case 7 -> random.nextInt(3) == 0 ? offline(random) : "drain";
      default -> gone(names, name, "free %d %s".formatted(cpu, name));
    };
  }

  private static String gone(List<String> names, String name, String step) {
    names.remove(name);
    return step;
  }

  private static String offline(Random random) {
    String kind = random.nextInt(4) == 0 ? "retire" : "offline";
    return kind + " %d %d".formatted(random.nextInt(20_000), 1 + random.nextInt(300));
  }

  private static String bulkFree(Random random, int cpu, String kind, List<String> names) {
    StringBuilder step = new StringBuilder(kind + " " + cpu);
    for (int i = random.nextInt(30); i >= 0 && !names.isEmpty(); i--) {
      step.append(' ').append(names.remove(random.nextInt(names.size())));
    }
    return step.toString();
  }

  private static String birth(Random random, int cpu) {
    return switch (random.nextInt(12)) {
      case 0 -> "bulk %d %d %d".formatted(cpu, random.nextInt(4), 1 + random.nextInt(40));
      case 1 -> "at %d %d %d".formatted(cpu, random.nextInt(30_000), 1 + random.nextInt(200));
      case 2 ->
          "run %d %d %d %d %d %d"
              .formatted(
                  cpu,
                  1 + random.nextInt(600),
                  random.nextInt(12),
                  random.nextBoolean() ? 0 : 10 + random.nextInt(10),
                  random.nextInt(30),
                  16 + random.nextInt(5000));
      default ->
          "allocate %d %d %d".formatted(cpu, order(random), FLAGS[random.nextInt(FLAGS.length)]);
    };
  }

  private static int order(Random random) {
    return random.nextInt(3) > 0 ? random.nextInt(3) : random.nextInt(14);
  }
}
