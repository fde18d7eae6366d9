package shell.watch;

import allocator.api.Statistic;
import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.FrameUsage;

/**
 * Reads figures that cost no census: what the providers and the kernel count anyway, so that
 * watching does not stop callers.
 */
public final class Sampler {
  private static final String MACHINE = "machine";

  private Sampler() {}

  /** {@return the figures of the machine and of the tiers, in this order} */
  public static List<Figure> all(BootedSystem system) {
    List<Figure> figures = machine(system);
    for (Tier tier : Tier.values()) {
      figures.addAll(of(system, tier));
    }
    return figures;
  }

  /** {@return the figures of one tier} */
  public static List<Figure> of(BootedSystem system, Tier tier) {
    List<Figure> figures = new ArrayList<>();
    for (Statistic each : system.figures(tier)) {
      figures.add(new Figure(tier.label(), each.name(), each.value(), each.unit()));
    }
    if (tier == Tier.HEAP) {
      figures.add(new Figure(tier.label(), "footprint", system.heap().footprint(), "bytes"));
    }
    return figures;
  }

  /** {@return the frames by use, and what the kernel counts} */
  public static List<Figure> machine(BootedSystem system) {
    FrameUsage usage = system.frameUsage();
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure(MACHINE, "free", usage.free(), "frames"));
    figures.add(new Figure(MACHINE, "tables", usage.tables(), "frames"));
    figures.add(new Figure(MACHINE, "backing", usage.backing(), "frames"));
    figures.add(new Figure(MACHINE, "other", usage.other(), "frames"));
    for (Statistic each : system.statistics()) {
      figures.add(new Figure(MACHINE, each.name(), each.value(), each.unit()));
    }
    return figures;
  }

  /** {@return who serves a tier, or {@code -}} */
  public static String provider(BootedSystem system, Tier tier) {
    String name =
        switch (tier) {
          case PHYSMEM -> system.frames().provider();
          case VMEM -> system.addresses().provider();
          case HEAP -> system.heap().provider();
        };
    return name.isEmpty() ? "-" : name;
  }
}
