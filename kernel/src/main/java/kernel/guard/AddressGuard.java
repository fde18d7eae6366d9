package kernel.guard;

import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.slot.Witness;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;

/** An address engine whose every answer is checked; the work is done per arena. */
public final class AddressGuard implements AddressEngine, Witness {
  private final AddressEngine raw;
  private final List<ArenaGuard> arenas = new CopyOnWriteArrayList<>();

  /**
   * Guards an engine, with nobody inside.
   *
   * @param raw the engine; what it has live is taken from it
   * @throws kernel.slot.ContractViolation if what it shows cannot be
   */
  public AddressGuard(AddressEngine raw) {
    this.raw = raw;
    raw.arenas().forEach(arena -> arenas.add(new ArenaGuard(raw.model(), arena, arenas::remove)));
  }

  @Override
  public AddressArena createArena(ArenaSpec spec) {
    ArenaGuard made = new ArenaGuard(raw.model(), raw.createArena(spec), arenas::remove);
    arenas.add(made);
    return made;
  }

  @Override
  public boolean reuses() {
    return raw.reuses();
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(arenas);
  }

  @Override
  public void live(RangeVisitor visitor) {
    List<ArenaGuard> all = List.copyOf(arenas);
    for (int index = 0; index < all.size(); index++) {
      long attributes = index;
      all.get(index).shadow().live((base, size, own) -> visitor.visit(base, size, attributes));
    }
  }

  @Override
  public void born(long base, long size) {
    throw new UnsupportedOperationException("every range of vmem is handed out by an arena");
  }

  @Override
  public void dying(long base) {
    throw new UnsupportedOperationException("every range of vmem is handed out by an arena");
  }

  @Override
  public CensusSummary census() {
    return Audit.agreed(raw, this, new Shadow(raw.model()));
  }

  @Override
  public String model() {
    return raw.model();
  }

  @Override
  public List<Statistic> statistics() {
    return raw.statistics();
  }

  @Override
  public void walk(RangeVisitor visitor) {
    raw.walk(visitor);
  }

  @Override
  public void managed(RangeVisitor visitor) {
    raw.managed(visitor);
  }

  @Override
  public long checkInvariants() {
    return raw.checkInvariants();
  }

  @Override
  public void drain() {
    raw.drain();
  }

  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    raw.rebuild(estate, dryRun);
  }

  @Override
  public void close() {
    raw.close();
  }
}
