package watch;

import allocator.api.Tier;
import java.util.List;
import java.util.Optional;
import kernel.api.BootedSystem;
import kernel.api.FrameUsage;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;

/**
 * The health of a tier of the running system: critical if it is vacant, a warning if its resource
 * is nearly exhausted or one of its providers is quarantined.
 */
final class TierHealth implements HealthCheck {
  private static final int NEARLY = 20; // a warning when less than one part in so many is free

  private final Kernel kernel;
  private final Tier tier;

  TierHealth(Kernel kernel, Tier tier) {
    this.kernel = kernel;
    this.tier = tier;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    Optional<BootedSystem> running = kernel.running();
    if (running.isEmpty()) {
      log.info("no machine is running");
    } else {
      serving(running.get(), log);
      room(running.get(), log);
    }
    for (ProviderInfo each : kernel.providers(tier)) {
      kernel
          .quarantined(each)
          .ifPresent(why -> log.warn("provider {} is quarantined: {}", each.name(), why));
    }
    return new Result(log);
  }

  private void serving(BootedSystem system, FormattingResultLog log) {
    String provider =
        switch (tier) {
          case PHYSMEM -> system.frames().provider();
          case VMEM -> system.addresses().provider();
          case HEAP -> system.heap().provider();
        };
    if (provider.isEmpty()) {
      log.critical("{} is vacant: callers wait; install or start a provider", tier.label());
    } else {
      log.info("{} is served by {}", tier.label(), provider);
    }
  }

  private void room(BootedSystem system, FormattingResultLog log) {
    switch (tier) {
      case PHYSMEM, HEAP -> {
        FrameUsage usage = system.frameUsage(); // a heap ends where frames end
        level(log, "frames", usage.free(), usage.present());
      }
      case VMEM ->
          system
              .addresses()
              .arenas()
              .forEach(arena ->
                  level(
                      log,
                      "addresses of arena " + arena.spec().name(),
                      arena.freeBytes(),
                      arena.freeBytes() + arena.allocatedBytes()));
    }
  }

  /** Says how much of something is left. Sizes are unsigned. */
  private static void level(FormattingResultLog log, String what, long free, long all) {
    boolean nearly = Long.compareUnsigned(free, Long.divideUnsigned(all, NEARLY)) < 0;
    List<String> figures = List.of(Long.toUnsignedString(free), Long.toUnsignedString(all));
    if (nearly) {
      log.warn("{} are nearly exhausted: {} of {} free", what, figures.get(0), figures.get(1));
    } else {
      log.info("{}: {} of {} free", what, figures.get(0), figures.get(1));
    }
  }
}
