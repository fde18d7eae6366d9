package workbench;

import java.nio.file.Path;
import java.util.Optional;
import kernel.api.BootSpec;
import trace.ReplayProgress;
import trace.TraceFormat;

/**
 * One trace to replay.
 *
 * @param trace the trace file
 * @param format its format, or empty to recognise it
 * @param stack what to boot for it
 * @param warmup what is replayed untimed beforehand
 * @param check whether blocks are filled with patterns and compared
 * @param keep whether the machine is left as it is after the last event
 * @param placements where to write the place of each block born, or empty
 * @param progress is told how far the replay has come
 */
public record ReplayRequest(
    Path trace,
    Optional<TraceFormat> format,
    BootSpec stack,
    Warmup warmup,
    boolean check,
    boolean keep,
    Optional<Path> placements,
    ReplayProgress progress) {
  /**
   * {@return the same request with another listener}
   *
   * @param listener is told how far the replay has come
   */
  public ReplayRequest progress(ReplayProgress listener) {
    return new ReplayRequest(trace, format, stack, warmup, check, keep, placements, listener);
  }
}
