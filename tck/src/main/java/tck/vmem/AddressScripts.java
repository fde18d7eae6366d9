package tck.vmem;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tck.Script;

/** The scripts that address engines are tried with. */
final class AddressScripts {
  private static final int MOST_NAMES = 120;
  private static final List<String> POLICIES = List.of("instant", "best", "first", "next");
  private static final List<String> PLACES = List.of("zero", "low", "kernel", "end");

  // About the sign, about the highest quanta, and what rounds up to 2^64.
  private static final long[] HUGE = {
    Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, -2, -4095, -4096, -4097, -(2L << 20)
  };

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

  /** {@return odd and huge sizes at every boundary of two spans that touch, each freed again} */
  static Script sizes(String place, long quantum) {
    List<String> steps = new ArrayList<>();
    steps.add("A = arena %d fixed".formatted(quantum));
    steps.add("span A %s 8".formatted(place));
    steps.add("span A touch 16");
    List<Long> sizes = new ArrayList<>(Arrays.stream(HUGE).boxed().toList());
    for (long units : new long[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 23, 24, 25}) {
      sizes.addAll(List.of(units * quantum - 1, units * quantum, units * quantum + 1));
    }
    for (int i = 0; i < sizes.size(); i++) {
      String size = Long.toUnsignedString(sizes.get(i)) + "b";
      String policy = POLICIES.get(i % 3);
      steps.add("s%d = allocate A 0 %s %s".formatted(i, size, policy));
      steps.add("c%d = constrained A 0 %s %s 1 1 0 0 0".formatted(i, size, policy));
      steps.add("check");
      steps.add("misuse 0 s%d".formatted(i));
      steps.add("misuse 0 c%d".formatted(i));
      steps.add("free-twice 0 s%d".formatted(i));
      steps.add("free-twice 0 c%d".formatted(i));
    }
    steps.add("wrong A");
    return script(1, steps);
  }

  /**
   * {@return random calls of every kind on an arena or more, perhaps a tree of them}
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
    String spans = random.nextBoolean() ? "touch" : "apart";
    return new Script(Tier.VMEM, Map.of("cpus", "" + cpus, "spans", spans), steps);
  }

  // A root, which may import or hand out identifiers, and with it another or a chain of children.
  private static List<String> arenas(Random random, boolean below, List<String> steps) {
    List<String> arenas = new ArrayList<>();
    boolean imports = below || random.nextInt(3) == 0;
    String kind = imports ? "import" : random.nextInt(4) == 0 ? "identifier" : "fixed";
    long quantum = imports ? 4096 : kind.equals("identifier") ? 1 : any(random, 1, 4096, 2 << 20);
    int more = random.nextInt(3);
    boolean chain = random.nextBoolean();
    boolean ends =
        quantum > 1 && !chain; // -1 is no address, of a child with smaller quanta neither
    arena(random, "A0", quantum, kind, ends, steps, arenas);
    for (int i = 1; i <= more; i++) {
      if (chain) {
        long less = Math.max(1, quantum >> any(random, 0, 0, 2, 12));
        arena(random, "A" + i, less, "from:A" + (i - 1), false, steps, arenas);
        quantum = less;
      } else {
        arena(random, "A" + i, any(random, 4096, 2 << 20), "fixed", true, steps, arenas);
      }
    }
    return arenas;
  }

  private static void arena(
      Random random,
      String name,
      long quantum,
      String kind,
      boolean ends,
      List<String> steps,
      List<String> arenas) {
    int cached = random.nextInt(3) == 0 ? 4 : 0;
    steps.add("%s = arena %d %s %d".formatted(name, quantum, kind, cached));
    if (kind.equals("fixed") || kind.equals("identifier")) {
      String place = PLACES.get(random.nextInt(ends ? 4 : 3));
      steps.add("span %s %s %d".formatted(name, place, 100 + random.nextInt(900)));
      steps.add("span %s touch %d".formatted(name, 1 + random.nextInt(200)));
      steps.add("span %s kernel 100".formatted(name));
    }
    arenas.add(name);
  }

  private static long any(Random random, long... values) {
    return values[random.nextInt(values.length)];
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
    String units = size(random);
    String policy = POLICIES.get(random.nextInt(4));
    if (random.nextInt(4) > 0) {
      return "allocate %s %d %s %s".formatted(arena, cpu, units, policy);
    }
    boolean bounded = random.nextInt(3) == 0;
    int min = bounded ? random.nextInt(400) : 0;
    return "constrained %s %d %s %s %d %d %d %d %d"
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

  // Mostly a few quanta; also odd bytes, and more than there is.
  private static String size(Random random) {
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3 -> "" + (1 + random.nextInt(80));
      case 4, 5, 6 -> (1 + random.nextInt(5 * 4096)) + "b";
      case 7 -> Long.toUnsignedString(HUGE[random.nextInt(HUGE.length)]) + "b";
      default -> "" + (1 + random.nextInt(5));
    };
  }
}
