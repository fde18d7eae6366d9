package vmem.tree;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
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
 * An engine of arenas as Linux's vmalloc has one. Hot calls go to the arenas, which are safe for
 * use by any number of threads; the calls of the life cycle come from one thread at a time.
 */
public final class TreeEngine implements AddressEngine {
  /** What the engine is modelled on. */
  static final String MODEL = "Linux 6.1 vmalloc (one free tree, lazy purge)";

  private static final String REPORT = "vmallocinfo";

  private final TreeSettings settings;
  private final int cpus;
  private final List<TreeArena> arenas = new CopyOnWriteArrayList<>();

  /**
   * Opens an engine without any arena.
   *
   * @param context what the kernel offers; of it only the number of CPUs is used
   * @param settings the keys that the metatype of {@code vmem.tree} lists
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public TreeEngine(AddressContext context, Settings settings) {
    this.settings = TreeSettings.read(settings);
    this.cpus = context.cpus();
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public synchronized AddressArena createArena(ArenaSpec spec) {
    for (TreeArena each : arenas) {
      if (each.spec().name().equals(spec.name())) {
        throw new MisuseException("an arena named %s exists".formatted(spec.name()));
      }
    }
    TreeArena made = make(spec, new Space(spec, settings, cpus));
    arenas.add(made);
    return made;
  }

  private TreeArena make(ArenaSpec spec, Space space) {
    return new TreeArena(spec, space, arenas::remove);
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(arenas);
  }

  @Override
  public List<Statistic> statistics() {
    Map<String, Statistic> sums = new LinkedHashMap<>();
    sums.put("arenas", new Statistic("arenas", arenas.size(), "arenas"));
    for (TreeArena each : arenas) {
      for (Statistic figure : each.statistics()) {
        sums.merge(figure.name(), figure, TreeEngine::sum);
      }
    }
    return List.copyOf(sums.values());
  }

  private static Statistic sum(Statistic one, Statistic other) {
    return new Statistic(one.name(), one.value() + other.value(), one.unit());
  }

  @Override
  public void walk(RangeVisitor visitor) {
    List<TreeArena> all = List.copyOf(arenas);
    for (int index = 0; index < all.size(); index++) {
      long attributes = index;
      if (!all.get(index).showLive((base, size, own) -> visitor.visit(base, size, attributes))) {
        return;
      }
    }
  }

  @Override
  public void managed(RangeVisitor visitor) {
    List<TreeArena> all = List.copyOf(arenas);
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
  public long checkInvariants() {
    return arenas.stream().mapToLong(TreeArena::checkInvariants).sum();
  }

  /** Purges what waits, so that all addresses are live or free. */
  @Override
  public void drain() {
    arenas.forEach(TreeArena::drain);
  }

  /** {@return {@code vmallocinfo}: /proc/vmallocinfo's lines, the arena's name for the caller} */
  @Override
  public List<String> reports() {
    return List.of(REPORT);
  }

  @Override
  public List<String> report(String name) {
    return name.equals(REPORT) ? VmallocInfo.of(arenas) : AddressEngine.super.report(name);
  }

  /**
   * Takes over every arena of a predecessor. Afterwards each has the same spans and live ranges; a
   * range has a guard if the quantum behind it is free. An imported span without live ranges goes
   * back when the engine is drained or the arena closed.
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
    List<Heritage> all = collect(left);
    all.forEach(Heritage::check);
    if (!dryRun) {
      arenas.addAll(
          all.stream().map(each -> make(each.spec(), each.settle(settings, cpus))).toList());
    }
  }

  private List<Heritage> collect(AddressEstate left) {
    List<Heritage> all = new ArrayList<>();
    left.arenas().forEach(spec -> all.add(new Heritage(spec, settings.areasMax())));
    left.managed((base, size, attributes) -> {
      of(all, attributes).addSpan(base, size, attributes);
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

  /** Ends the engine. Spans stay with whoever supplied them or succeeds this engine. */
  @Override
  public void close() {
    arenas.clear();
  }
}
