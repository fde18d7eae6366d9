package vmem.bump;

import allocator.api.Estate;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * An engine of arenas that only grow upward. Hot calls go to the arenas, which are safe for use by
 * any number of threads; the calls of the life cycle come from one thread at a time.
 */
public final class BumpEngine implements AddressEngine {
  /** What the engine is modelled on. */
  static final String MODEL = "bump allocation of addresses, never reused (after FFmalloc)";

  private static final String REPORT = "forecast";

  private final BumpSettings settings;
  private final LongSupplier clock;
  private final List<BumpArena> arenas = new CopyOnWriteArrayList<>();

  /**
   * Opens an engine without any arena.
   *
   * @param settings the keys that the metatype of {@code vmem.bump} lists
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public BumpEngine(Settings settings) {
    this(settings, System::nanoTime);
  }

  /** Does as the other one, with a clock of nanoseconds from any origin. */
  BumpEngine(Settings settings, LongSupplier clock) {
    this.settings = BumpSettings.read(settings);
    this.clock = clock;
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public synchronized AddressArena createArena(ArenaSpec spec) {
    for (BumpArena each : arenas) {
      if (each.spec().name().equals(spec.name())) {
        throw new MisuseException("an arena named %s exists".formatted(spec.name()));
      }
    }
    BumpArena made = make(spec, new Territory(spec, settings));
    arenas.add(made);
    return made;
  }

  private BumpArena make(ArenaSpec spec, Territory territory) {
    return new BumpArena(spec, territory, clock, arenas::remove);
  }

  @Override
  public void drain() {
    arenas.forEach(BumpArena::drain);
  }

  @Override
  public boolean reuses() {
    return false;
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(arenas);
  }

  @Override
  public List<Statistic> statistics() {
    Map<String, Statistic> sums = new LinkedHashMap<>();
    sums.put("arenas", new Statistic("arenas", arenas.size(), "arenas"));
    for (BumpArena each : arenas) {
      for (Statistic figure : each.statistics()) {
        sums.merge(figure.name(), figure, BumpEngine::sum);
      }
    }
    return List.copyOf(sums.values());
  }

  /** Sums a figure of two arenas; the first one to end counts. */
  private static Statistic sum(Statistic one, Statistic other) {
    long value =
        one.name().equals("seconds_left")
            ? Unsigned.min(one.value(), other.value())
            : one.value() + other.value();
    return new Statistic(one.name(), value, one.unit());
  }

  /** {@return {@code forecast}: for each arena what is left, how fast it goes, when it ends} */
  @Override
  public List<String> reports() {
    return List.of(REPORT);
  }

  @Override
  public List<String> report(String name) {
    return name.equals(REPORT) ? ForecastReport.of(arenas) : AddressEngine.super.report(name);
  }

  // Transfer.

  /** {@return {@code vmem.bump/1}, unless an arena imports} */
  @Override
  public List<TransferForm> exportForms() {
    return BumpLayout.carries(arenas) ? importForms() : List.of();
  }

  @Override
  public List<TransferForm> importForms() {
    return List.of(BumpLayout.FORM);
  }

  @Override
  public LayoutState exportState(TransferForm form) {
    if (!exportForms().contains(form)) {
      throw new TransferRefusedException(MODEL + " exports no layout " + form + " now");
    }
    return BumpLayout.of(arenas);
  }

  /**
   * Takes over every arena with its frontiers and counts.
   *
   * @param state in the layout {@code vmem.bump/1}
   * @throws TransferRefusedException if it contradicts itself, or this engine has arenas already
   */
  @Override
  public void adopt(LayoutState state) {
    requireEmpty();
    List<BumpLayout.Legacy> all = BumpLayout.read(state, settings);
    arenas.addAll(all.stream().map(each -> make(each.spec(), each.territory())).toList());
  }

  private void requireEmpty() {
    if (!arenas.isEmpty()) {
      throw new TransferRefusedException("the engine has %d arenas".formatted(arenas.size()));
    }
  }

  @Override
  public void walk(RangeVisitor visitor) {
    List<BumpArena> all = List.copyOf(arenas);
    for (int index = 0; index < all.size(); index++) {
      long attributes = index;
      if (!all.get(index).showLive((base, size, own) -> visitor.visit(base, size, attributes))) {
        return;
      }
    }
  }

  @Override
  public void managed(RangeVisitor visitor) {
    List<BumpArena> all = List.copyOf(arenas);
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
    return arenas.stream().mapToLong(BumpArena::checkInvariants).sum();
  }

  /**
   * Takes over every arena of a predecessor. In each span the frontier is behind the highest live
   * range: what was free below is given up, as it would have been here. An imported span without
   * live ranges stays until ranges in it have come and gone, or the arena is closed.
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
    requireEmpty();
    List<Heritage> all = collect(left);
    all.forEach(Heritage::check);
    if (!dryRun) {
      arenas.addAll(all.stream().map(each -> make(each.spec(), each.settle(settings))).toList());
    }
  }

  private static List<Heritage> collect(AddressEstate left) {
    List<Heritage> all = new ArrayList<>();
    left.arenas().forEach(spec -> all.add(new Heritage(spec)));
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
