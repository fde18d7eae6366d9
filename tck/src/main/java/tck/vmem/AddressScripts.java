package tck.vmem;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tck.Script;

/** The scripts that address engines are tried with. */
final class AddressScripts {
  private static final int MOST_NAMES = 120;
  private static final List<String> POLICIES = List.of("instant", "best", "first", "next");
  private static final List<String> PLACES = List.of("low", "kernel", "end");

  private AddressScripts() {}

  private static Script script(int cpus, List<String> steps) {
    return new Script(Tier.VMEM, Map.of("cpus", "" + cpus), steps);
  }

  /** {@return a span at a place filled to the last quantum, misused, freed, filled again} */
  static Script full(String place, long quantum) {
    List<String> steps = new ArrayList<>();
    steps.add("A = arena %d fixed".formatted(quantum));
    steps.add("wrong A");
    steps.add("span A %s 64".formatted(place));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 70; i++) {
        steps.add("f%d.%d = allocate A 0 1 %s".formatted(round, i, POLICIES.get(i % 4)));
      }
      steps.add("check");
      steps.add("wrong A");
      for (int i = 0; i < 70; i += 1 + round) {
        steps.add("misuse 0 f%d.%d".formatted(round, i));
        steps.add("free-twice 0 f%d.%d".formatted(round, i));
      }
      steps.add("close A");
      steps.add("big%d = allocate A 0 %d best".formatted(round, round == 0 ? 64 : 2));
      steps.add("free 0 big%d".formatted(round));
      steps.add("foreign A 0 3");
      steps.add("span A %s 64".formatted(place.equals("end") ? "kernel" : place));
    }
    return script(1, steps);
  }

  /**
   * {@return random calls of every kind on an arena or two}
   *
   * @param below whether calls of the source fail now and then
   * @param transfers steps that transfer, one of which comes now and then; empty for none
   */
  static Script random(Random random, int count, boolean below, List<String> transfers) {
    int cpus = 1 + random.nextInt(3);
    List<String> steps = new ArrayList<>();
    List<String> arenas = arenas(random, below, steps);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (below && random.nextInt(12) == 0) {
        String how = List.of("refuse", "vacant", "broken").get(random.nextInt(3));
        steps.add(how + " " + (1 + random.nextInt(3)));
      }
      if (!transfers.isEmpty() && random.nextInt(count / 5 + 1) == 0) {
        steps.add(transfers.get(random.nextInt(transfers.size())));
      }
      String arena = arenas.get(random.nextInt(arenas.size()));
      steps.add(step(random, arena, random.nextInt(cpus), i, names));
    }
    if (random.nextBoolean()) { // a next fit leaves a place behind that parts free ranges
      steps.replaceAll(step -> step.replace(" next", " first"));
    }
    return script(cpus, steps);
  }

  private static List<String> arenas(Random random, boolean below, List<String> steps) {
    List<String> arenas = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      String name = "A" + i;
      boolean imports = i == 0 && (below || random.nextInt(3) == 0);
      long quantum = imports ? 4096 : List.of(1L, 4096L, 2L << 20).get(random.nextInt(3));
      int cached = random.nextInt(3) == 0 ? 4 : 0;
      steps.add(
          "%s = arena %d %s %d".formatted(name, quantum, imports ? "import" : "fixed", cached));
      steps.add(
          "span %s %s %d"
              .formatted(
                  name,
                  PLACES.get(random.nextInt(quantum > 1 ? 3 : 2)),
                  100 + random.nextInt(900)));
      steps.add("span %s kernel %d".formatted(name, 100));
      arenas.add(name);
    }
    return arenas;
  }

  private static String step(Random random, String arena, int cpu, int number, List<String> names) {
    if (names.isEmpty() || (names.size() < MOST_NAMES && random.nextInt(100) < 55)) {
      String name = "r" + number;
      names.add(name);
      return name + " = " + birth(random, arena, cpu);
    }
    String name = names.get(random.nextInt(names.size()));
    return switch (random.nextInt(16)) {
      case 0 -> "misuse %d %s".formatted(cpu, name);
      case 1 -> gone(names, name, "free-twice %d %s".formatted(cpu, name));
      case 2 -> "foreign %s %d %d".formatted(arena, cpu, random.nextInt(2000));
      case 3 -> random.nextInt(4) == 0 ? "check" : "drain";
      case 4 -> random.nextInt(4) == 0 ? "wrong " + arena : "close " + arena;
      default -> gone(names, name, "free %d %s".formatted(cpu, name));
    };
  }

  private static String gone(List<String> names, String name, String step) {
    names.remove(name);
    return step;
  }

  private static String birth(Random random, String arena, int cpu) {
    long units = random.nextInt(6) == 0 ? 1 + random.nextInt(80) : 1 + random.nextInt(5);
    String policy = POLICIES.get(random.nextInt(4));
    if (random.nextInt(4) > 0) {
      return "allocate %s %d %d %s".formatted(arena, cpu, units, policy);
    }
    boolean bounded = random.nextInt(3) == 0;
    int min = bounded ? random.nextInt(400) : 0;
    return "constrained %s %d %d %s %d %d %d %d %d"
        .formatted(
            arena,
            cpu,
            units,
            policy,
            random.nextInt(6),
            random.nextInt(8),
            random.nextInt(3) == 0 ? 3 + random.nextInt(6) : 0,
            min,
            bounded ? min + 1 + random.nextInt(300) : 0);
  }
}
