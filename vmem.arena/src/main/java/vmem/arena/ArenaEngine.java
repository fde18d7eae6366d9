package vmem.arena;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import allocator.arena.ArenaTuning;
import allocator.arena.Heritage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import vmem.api.AddressArena;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * An engine of boundary-tag arenas, modelled on Bonwick's vmem as illumos and libumem have it. Hot
 * calls go to the arenas, which are safe for use by any number of threads; the calls of the life
 * cycle come from one thread at a time.
 */
public final class ArenaEngine implements AddressEngine {
  /** What the engine is modelled on. */
  static final String MODEL = "Bonwick vmem (illumos, libumem)";

  private final ArenaTuning tuning;
  private final int cpus;
  private final List<VmemArena> arenas = new CopyOnWriteArrayList<>();

  /**
   * Opens an engine without any arena.
   *
   * @param context what the kernel offers; of it only the number of CPUs is used
   * @param settings the keys that the metatype of {@code vmem.arena} lists
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public ArenaEngine(AddressContext context, Settings settings) {
    this.tuning = ArenaTuning.read(settings);
    this.cpus = context.cpus();
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public synchronized AddressArena createArena(ArenaSpec spec) {
    for (VmemArena each : arenas) {
      if (each.spec().name().equals(spec.name())) {
        throw new MisuseException("an arena named %s exists".formatted(spec.name()));
      }
    }
    return make(spec);
  }

  private VmemArena make(ArenaSpec spec) {
    VmemArena made = new VmemArena(spec, tuning, cpus, arenas::remove);
    arenas.add(made);
    return made;
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(arenas);
  }

  @Override
  public List<Statistic> statistics() {
    Map<String, Statistic> sums = new LinkedHashMap<>();
    sums.put("arenas", new Statistic("arenas", arenas.size(), "arenas"));
    for (VmemArena each : arenas) {
      for (Statistic figure : each.statistics()) {
        sums.merge(figure.name(), figure, ArenaEngine::sum);
      }
    }
    return List.copyOf(sums.values());
  }

  private static Statistic sum(Statistic one, Statistic other) {
    return new Statistic(one.name(), one.value() + other.value(), one.unit());
  }

  @Override
  public void walk(RangeVisitor visitor) {
    List<VmemArena> all = List.copyOf(arenas);
    for (int index = 0; index < all.size(); index++) {
      long attributes = index;
      if (!all.get(index).showLive((base, size, own) -> visitor.visit(base, size, attributes))) {
        return;
      }
    }
  }

  @Override
  public void managed(RangeVisitor visitor) {
    List<VmemArena> all = List.copyOf(arenas);
    for (int index = 0; index < all.size(); index++) {
      long arena = index;
      if (!all.get(index)
          .showSpans((base, size, imported) ->
              visitor.visit(base, size, arena | (imported == 0 ? 0 : AddressEstate.IMPORTED)))) {
        return;
      }
    }
  }

  @Override
  public void drain() {
    arenas.forEach(VmemArena::drain);
  }

  @Override
  public long checkInvariants() {
    long facts = 0;
    for (VmemArena each : arenas) {
      facts += each.checkInvariants();
    }
    return facts;
  }

  /**
   * Takes over every arena of a predecessor. Afterwards each has the same spans and live ranges;
   * the order of its free lists and the place of its rotor are new.
   *
   * @param estate an {@link AddressEstate}
   * @param dryRun true to find out only whether it could be done
   * @throws TransferRefusedException if the estate does not say what the arenas are, this engine
   *     has arenas already, or a range cannot be represented
   */
  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    if (!(estate instanceof AddressEstate left)) {
      throw new TransferRefusedException("the estate does not describe its arenas");
    }
    if (!arenas.isEmpty()) {
      throw new TransferRefusedException("the engine has %d arenas".formatted(arenas.size()));
    }
    List<Heritage> all = collect(left, tuning.segmentsMax());
    all.forEach(Heritage::check);
    if (!dryRun) {
      settle(left.arenas(), all);
    }
  }

  private static List<Heritage> collect(AddressEstate left, long mostTags) {
    List<Heritage> all = new ArrayList<>();
    left.arenas().forEach(spec -> all.add(new Heritage(VmemArena.shape(spec), mostTags)));
    left.managed((base, size, attributes) -> {
      boolean imported = (attributes & AddressEstate.IMPORTED) != 0;
      of(all, attributes).addSpan(base, size, imported);
      return true;
    });
    left.live((base, size, attributes) -> {
      of(all, attributes).addLive(base, size);
      return true;
    });
    return all;
  }

  private static Heritage of(List<Heritage> all, long attributes) {
    long index = attributes & AddressEstate.ARENA;
    if (index >= all.size()) {
      throw new TransferRefusedException(
          "a range is of arena %d and there are %d".formatted(index, all.size()));
    }
    return all.get((int) index);
  }

  private void settle(List<ArenaSpec> specs, List<Heritage> all) {
    try {
      for (int i = 0; i < all.size(); i++) {
        make(specs.get(i)).adopt(all.get(i));
      }
    } catch (TransferRefusedException e) {
      arenas.clear(); // nothing has happened: the predecessor was only read
      throw e;
    }
  }

  /** Ends the engine. Spans stay with whoever supplied them or succeeds this engine. */
  @Override
  public void close() {
    arenas.clear();
  }
}
