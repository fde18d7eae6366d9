package trace;

import com.google.gson.JsonObject;

/**
 * One replay as the JSON object that {@code docs/formats.md} defines. Its keys are an interface:
 * new ones may be added, none goes away or changes its meaning.
 *
 * @param trace the trace's file name as the user gave it
 * @param physmem name of the provider of frames
 * @param vmem name of the provider of addresses
 * @param heap name of the provider of blocks
 * @param map the firmware map's file name as the user gave it
 * @param warmed operations that were replayed untimed beforehand
 * @param result what came of the replay
 */
public record ReplayReport(
    String trace,
    String physmem,
    String vmem,
    String heap,
    String map,
    long warmed,
    ReplayResult result) {
  /** Returns the object on one line, without a line feed. */
  public String toJson() {
    JsonObject object = new JsonObject();
    object.addProperty("trace", trace);
    object.addProperty("operations", result.operations());
    object.add("stack", stack());
    object.addProperty("map", map);
    object.addProperty("failures", result.failures());
    object.addProperty("corruptions", result.corruptions());
    object.add("peak", levels(result.peak()));
    object.add("final", levels(result.last()));
    object.addProperty("wallNanos", result.wallNanos());
    object.addProperty("warmupOperations", warmed);
    return object.toString();
  }

  private JsonObject stack() {
    JsonObject object = new JsonObject();
    object.addProperty("physmem", physmem);
    object.addProperty("vmem", vmem);
    object.addProperty("heap", heap);
    return object;
  }

  private static JsonObject levels(Levels levels) {
    JsonObject object = new JsonObject();
    object.addProperty("liveBytes", levels.liveBytes());
    object.addProperty("liveBlocks", levels.liveBlocks());
    object.addProperty("footprintBytes", levels.footprintBytes());
    object.addProperty("frames", levels.frames());
    object.addProperty("pageTableFrames", levels.pageTableFrames());
    return object;
  }
}
