package workbench;

import com.google.gson.JsonObject;
import kernel.api.BootedSystem;

/**
 * Which trace was replayed, and on what.
 *
 * @param trace the trace's file name as the user gave it
 * @param program what the trace was recorded from, empty if it does not say
 * @param physmem name of the provider of frames
 * @param vmem name of the provider of addresses
 * @param heap name of the provider of blocks
 * @param map the firmware map's file name as the user gave it
 * @param warmed operations that were replayed untimed beforehand
 */
public record ReplayStage(
    String trace,
    String program,
    String physmem,
    String vmem,
    String heap,
    String map,
    long warmed) {
  /**
   * {@return the stage of a replay}
   *
   * @param request what is replayed
   * @param program what the trace was recorded from
   * @param system the system it is replayed on
   * @param warmed operations that were replayed untimed beforehand
   */
  public static ReplayStage of(
      ReplayRequest request, String program, BootedSystem system, long warmed) {
    return new ReplayStage(
        request.trace().toString(),
        program,
        system.frames().provider(),
        system.addresses().provider(),
        system.heap().provider(),
        system.firmwareMap().name(),
        warmed);
  }

  /**
   * {@return the beginning of the JSON object of a replay: keys are an interface}
   *
   * @param tier the label of the tier that the trace calls
   */
  public JsonObject json(String tier) {
    JsonObject object = new JsonObject();
    object.addProperty("trace", trace);
    object.addProperty("tier", tier);
    object.addProperty("program", program);
    JsonObject stack = new JsonObject();
    stack.addProperty("physmem", physmem);
    stack.addProperty("vmem", vmem);
    stack.addProperty("heap", heap);
    object.add("stack", stack);
    object.addProperty("map", map);
    object.addProperty("warmupOperations", warmed);
    return object;
  }
}
