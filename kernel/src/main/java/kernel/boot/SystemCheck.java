package kernel.boot;

import allocator.api.Allocator;
import allocator.api.AllocatorException;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.lodge.Lodgers;
import kernel.slot.Binding;
import kernel.slot.Slot;
import physmem.api.ZoneReport;

/**
 * The check of everything: each tier by itself, the page tables, and the tiers against each other.
 */
final class SystemCheck {
  private final StackedSystem system;
  private final Tiers tiers;
  private final KernelMemory memory;
  private final List<SimTask> tasks;
  private final long bootTables;
  private final boolean heapOpen;
  private final List<CheckLine> lines = new ArrayList<>();

  SystemCheck(
      StackedSystem system,
      Tiers tiers,
      KernelMemory memory,
      List<SimTask> tasks,
      long bootTables,
      boolean heapOpen) {
    this.system = system;
    this.tiers = tiers;
    this.memory = memory;
    this.tasks = tasks;
    this.bootTables = bootTables;
    this.heapOpen = heapOpen;
  }

  List<CheckLine> run() {
    system.purge();
    engine(tiers.frames());
    engine(tiers.addresses());
    if (heapOpen) {
      engine(tiers.heap());
      lodgers(tiers.heap().lodgers());
      check("heap spans", "the heap holds what the kernel gave it", this::compareFootprint);
    }
    check("kernel page tables", "tables agree with their counts", memory.space()::checkInvariants);
    for (SimTask task : tasks) {
      AddressSpace space = task.space();
      check("task " + task.name(), "tables agree with their counts", space::checkInvariants);
    }
    check("backing", "frames, entries and spans agree", memory.spans()::checkInvariants);
    check("frame counts", "every frame taken has a purpose", this::compareFrames);
    check("table frames", "every table's frame was paid for", this::compareTables);
    check("zones", "present = kernel's own + live + free", this::compareZones);
    frames();
    return List.copyOf(lines);
  }

  private void engine(Slot<?, ?> slot) {
    if (slot.serving().isEmpty()) {
      long live = slot.parked().map(left -> left.census().liveCount()).orElse(0L);
      lines.add(
          new CheckLine(
              slot.tier().label(), 0, true, "vacant: no provider, %d live parked".formatted(live)));
    } else {
      engine(slot.tier(), slot.binding());
    }
  }

  private void engine(Tier tier, Binding<? extends Allocator> binding) {
    Allocator engine = binding.raw();
    CensusSummary[] census = {CensusSummary.EMPTY};
    check(
        tier.label() + " " + binding.info().name(),
        () -> "%d live, %d %s".formatted(census[0].liveCount(), census[0].liveUnits(), tier.unit()),
        () -> {
          engine.drain();
          long facts = engine.checkInvariants();
          census[0] = engine.census();
          if (binding.witness().isPresent()) {
            binding.engine().census(); // compares
          }
          return facts + compareCensus(engine, census[0]);
        });
  }

  private void lodgers(Lodgers lodgers) {
    if (lodgers.any()) {
      CensusSummary census = lodgers.census();
      check(
          "lodgers",
          () -> "%d blocks of %d former heaps".formatted(census.liveCount(), lodgers.all().size()),
          lodgers::checkInvariants);
    }
  }

  private static long compareCensus(Allocator engine, CensusSummary census) {
    CensusCount count = new CensusCount();
    engine.walk(count);
    long[] managed = {0};
    engine.managed((base, size, attributes) -> {
      managed[0] += size;
      return true;
    });
    CensusSummary walked = count.summary(managed[0]);
    if (!walked.equals(census)) {
      throw new CorruptionException("census says %s, a walk finds %s".formatted(census, walked));
    }
    return census.liveCount();
  }

  private long compareFootprint() {
    long footprint = tiers.heap().footprint();
    long held = memory.spans().claimedBytes();
    if (footprint > held) {
      throw new CorruptionException(
          "the heap says it holds %d bytes, the kernel gave it %d".formatted(footprint, held));
    }
    return 1;
  }

  private long compareFrames() {
    long behind = memory.spans().heldFrames();
    for (SimTask task : tasks) {
      behind += task.mappedPages();
    }
    if (behind != memory.meter().backing()) {
      throw new CorruptionException(
          "%d frames were taken for ranges, %d stand behind them"
              .formatted(memory.meter().backing(), behind));
    }
    return 1L + tasks.size();
  }

  private long compareTables() {
    long tables = memory.space().tableFrames();
    for (SimTask task : tasks) {
      tables += task.space().tableFrames();
    }
    long paid = bootTables - memory.tables().idle() + memory.meter().tables();
    if (tables != paid) {
      throw new CorruptionException(
          "%d frames hold page tables, %d were taken for them".formatted(tables, paid));
    }
    return 1L + tasks.size();
  }

  private long compareZones() {
    if (tiers.frames().serving().isEmpty()) {
      return 0; // there is nobody who has zones
    }
    List<ZoneReport> zones = tiers.frames().zones();
    long present = zones.stream().mapToLong(ZoneReport::present).sum();
    long managed = zones.stream().mapToLong(ZoneReport::managed).sum();
    if (present != memory.presentFrames() || managed + memory.ownFrames() != present) {
      throw new CorruptionException(
          "zones: %d present and %d managed; the map has %d, of which the kernel kept %d"
              .formatted(present, managed, memory.presentFrames(), memory.ownFrames()));
    }
    long live = tiers.frames().binding().raw().census().liveUnits();
    long free = tiers.frames().freeFrames();
    if (live + free != managed) {
      throw new CorruptionException(
          "%d frames live and %d free, of %d managed".formatted(live, free, managed));
    }
    return zones.size();
  }

  private void frames() {
    FrameUsage usage = system.frameUsage();
    boolean good = usage.other() >= 0;
    String where =
        usage.home()
            ? "home: all free but the kernel's own %d".formatted(usage.kernel())
            : "%d free, %d own, %d tables, %d ranges, %d held"
                .formatted(
                    usage.free(), usage.kernel(), usage.tables(), usage.backing(), usage.other());
    lines.add(new CheckLine("frames", usage.present(), good, where));
  }

  private void check(String subject, String finding, LongSupplier facts) {
    check(subject, () -> finding, facts);
  }

  private void check(String subject, Supplier<String> finding, LongSupplier facts) {
    try {
      long count = facts.getAsLong();
      lines.add(new CheckLine(subject, count, true, finding.get()));
    } catch (AllocatorException e) {
      lines.add(new CheckLine(subject, 0, false, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      lines.add(new CheckLine(subject, 0, false, "the check itself failed: " + e));
    }
  }
}
