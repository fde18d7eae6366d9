package ${package};

import allocator.api.AllocatorException;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/** An engine of sorted arenas. Safe for use by several threads. */
final class SortedEngine implements AddressEngine {
  /** What it is modelled on. */
  static final String MODEL = "sorted list of free segments";

  private final List<SortedArena> arenas = new CopyOnWriteArrayList<>();

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public synchronized AddressArena createArena(ArenaSpec spec) {
    if (arenas.stream().anyMatch(arena -> arena.spec().name().equals(spec.name()))) {
      throw new MisuseException("an arena named %s exists".formatted(spec.name()));
    }
    SortedArena arena = new SortedArena(spec, arenas::remove);
    arenas.add(arena);
    return arena;
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(arenas);
  }

  @Override
  public void drain() {
    arenas.forEach(SortedArena::drain);
  }

  /** {@return the sums of the arenas' figures} */
  @Override
  public List<Statistic> statistics() {
    Map<String, Statistic> sums = new LinkedHashMap<>();
    sums.put("arenas", new Statistic("arenas", arenas.size(), "arenas"));
    for (SortedArena arena : arenas) {
      for (Statistic one : arena.statistics()) {
        sums.merge(
            one.name(), one, (a, b) -> new Statistic(a.name(), a.value() + b.value(), a.unit()));
      }
    }
    return List.copyOf(sums.values());
  }

  @Override
  public void walk(RangeVisitor visitor) {
    List<SortedArena> all = List.copyOf(arenas);
    boolean more = true;
    for (int i = 0; i < all.size() && more; i++) {
      more = show(all.get(i)::walkAllocated, i, visitor);
    }
  }

  @Override
  public void managed(RangeVisitor visitor) {
    List<SortedArena> all = List.copyOf(arenas);
    boolean more = true;
    for (int i = 0; i < all.size() && more; i++) {
      more = show(all.get(i)::walkSpans, i, visitor);
    }
  }

  private interface Walk {
    void to(RangeVisitor visitor);
  }

  /** Shows ranges with the arena's index, and returns whether the visitor wants more. */
  private static boolean show(Walk walk, long arena, RangeVisitor visitor) {
    boolean[] more = {true};
    walk.to((base, size, imported) -> {
      more[0] =
          visitor.visit(base, size, arena | (imported == 0 ? 0 : AddressEstate.IMPORTED));
      return more[0];
    });
    return more[0];
  }

  @Override
  public long checkInvariants() {
    return arenas.stream().mapToLong(SortedArena::checkInvariants).sum();
  }

  @Override
  public synchronized void rebuild(Estate estate, boolean dryRun) {
    if (!(estate instanceof AddressEstate left)) {
      throw new TransferRefusedException("the estate does not describe its arenas");
    }
    if (!arenas.isEmpty()) {
      throw new TransferRefusedException("the engine has %d arenas".formatted(arenas.size()));
    }
    List<SortedArena> made = new ArrayList<>();
    left.arenas().forEach(spec -> made.add(new SortedArena(spec, arenas::remove)));
    try {
      left.managed((base, size, attributes) -> {
        boolean imported = (attributes & AddressEstate.IMPORTED) != 0;
        arena(made, attributes).inheritSpan(base, size, imported);
        return true;
      });
      left.live((base, size, attributes) -> {
        arena(made, attributes).inheritLive(base, size);
        return true;
      });
    } catch (MisuseException e) {
      throw new TransferRefusedException(e.getMessage());
    }
    if (!dryRun) {
      arenas.addAll(made);
    }
  }

  private static SortedArena arena(List<SortedArena> all, long attributes) {
    long index = attributes & AddressEstate.ARENA;
    if (index >= all.size()) {
      throw new TransferRefusedException(
          "a range is of arena %d and there are %d".formatted(index, all.size()));
    }
    return all.get((int) index);
  }

  /** Ends the engine. Spans stay with whoever supplied them or succeeds this engine. */
  @Override
  public void close() {
    arenas.clear();
  }
}
