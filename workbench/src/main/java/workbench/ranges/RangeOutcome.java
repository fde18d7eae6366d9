package workbench.ranges;

import allocator.api.Statistic;
import com.google.gson.JsonObject;
import java.util.List;
import workbench.Aftermath;
import workbench.ReplayStage;

/**
 * What came of the replay of a range trace.
 *
 * @param stage what was replayed on what
 * @param figures what was counted
 * @param arenas the figures of the replay's arenas, added up; of those that have ended only, which
 *     after a kept replay are not all
 * @param damage the first things that the shadow found wrong, a sentence each
 * @param aftermath the machine afterwards
 */
public record RangeOutcome(
    ReplayStage stage,
    RangeFigures figures,
    List<Statistic> arenas,
    List<String> damage,
    Aftermath aftermath) {
  /** Copies the lists. */
  public RangeOutcome {
    arenas = List.copyOf(arenas);
    damage = List.copyOf(damage);
  }

  /** {@return whether nothing failed, nothing was wrong, and everything went home} */
  public boolean good() {
    return figures.failures() == 0 && figures.damage() == 0 && aftermath.good();
  }

  /** {@return the object of {@code docs/tier-traces.md} on one line, without a line feed} */
  public String toJson() {
    JsonObject object = stage.json("vmem");
    object.addProperty("operations", figures.operations());
    object.addProperty("failures", figures.failures());
    object.addProperty("corruptions", figures.damage());
    object.add("peak", json(figures.peak()));
    object.add("final", json(figures.last()));
    object.addProperty("extentBytes", figures.extentBytes());
    object.addProperty("bornBytes", figures.bornBytes());
    object.addProperty("reusedBytes", figures.reusedBytes());
    object.addProperty("fixed", figures.fixed());
    object.addProperty("displaced", figures.displaced());
    object.addProperty("moves", figures.moves());
    object.addProperty("flushes", figures.flushes());
    object.addProperty("flushedPages", figures.flushedPages());
    JsonObject sums = new JsonObject();
    arenas.forEach(figure -> sums.addProperty(figure.name(), figure.value()));
    object.add("figures", sums);
    object.addProperty("arenaCalls", figures.arenaCalls());
    object.addProperty("arenaNanos", figures.arenaNanos());
    object.addProperty("tableNanos", figures.tableNanos());
    object.addProperty("good", good());
    return object.toString();
  }

  private static JsonObject json(SpaceLevel level) {
    JsonObject object = new JsonObject();
    object.addProperty("spaces", level.spaces());
    object.addProperty("liveRanges", level.ranges());
    object.addProperty("mappedBytes", level.bytes());
    object.addProperty("mappings", level.mappings());
    object.addProperty("heldBytes", level.heldBytes());
    object.addProperty("pageTableFrames", level.tableFrames());
    return object;
  }
}
