package workbench.frames;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import physmem.api.ZoneReport;
import workbench.Aftermath;
import workbench.Changes;
import workbench.ReplayStage;

/**
 * What came of the replay of a frame trace.
 *
 * @param stage what was replayed on what
 * @param figures what was counted
 * @param provider the provider's own figures
 * @param zones the zones after the last event, before what is live then was freed
 * @param damage the first things that the shadow found wrong, a sentence each
 * @param aftermath the machine afterwards
 */
public record FrameOutcome(
    ReplayStage stage,
    FrameFigures figures,
    Changes provider,
    List<ZoneReport> zones,
    List<String> damage,
    Aftermath aftermath) {
  /** Copies the lists. */
  public FrameOutcome {
    zones = List.copyOf(zones);
    damage = List.copyOf(damage);
  }

  /** {@return whether nothing failed, nothing was wrong, and everything went home} */
  public boolean good() {
    return figures.failures() == 0 && figures.damage() == 0 && aftermath.good();
  }

  /** {@return the free space after the last event} */
  public FreeSpace freeSpace() {
    return FreeSpace.of(zones);
  }

  /** {@return the object of {@code docs/tier-traces.md} on one line, without a line feed} */
  public String toJson() {
    JsonObject object = stage.json("physmem");
    object.addProperty("operations", figures.operations());
    object.addProperty("failures", figures.failures());
    object.addProperty("failedFrames", figures.failedFrames());
    object.addProperty("corruptions", figures.damage());
    object.addProperty("cpus", figures.cpus());
    object.add("peak", level(figures.peakFrames(), figures.peakBlocks()));
    object.add("final", level(figures.finalFrames(), figures.finalBlocks()));
    object.add("freeSpace", json(freeSpace()));
    provider.addTo(object);
    object.addProperty("wallNanos", figures.wallNanos());
    object.addProperty("good", good());
    return object.toString();
  }

  private static JsonObject level(long frames, long blocks) {
    JsonObject object = new JsonObject();
    object.addProperty("liveFrames", frames);
    object.addProperty("liveBlocks", blocks);
    return object;
  }

  private static JsonObject json(FreeSpace space) {
    JsonArray blocks = new JsonArray();
    JsonArray unusable = new JsonArray();
    for (int order = 0; order < space.blocks().size(); order++) {
      blocks.add(space.blocks().get(order));
      unusable.add(space.unusable(order));
    }
    JsonObject object = new JsonObject();
    object.addProperty("frames", space.frames());
    object.addProperty("cached", space.cached());
    object.addProperty("largestOrder", space.largestOrder());
    object.add("blocks", blocks);
    object.add("unusable", unusable);
    return object;
  }
}
