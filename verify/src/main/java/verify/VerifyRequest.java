package verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tck.Script;

/**
 * What to verify, and how hard to try.
 *
 * @param jar the bundle's file
 * @param seed decides all that is random
 * @param effort a factor on the number of random calls; 1 is meant for a minute
 * @param only the checks to run, by name or by the beginning of it up to a point; empty for all
 * @param script a script to play instead of the checks
 * @param settings settings over the bundle's defaults, each {@code NAME:KEY=VALUE}
 * @param map the firmware map of the machines that are booted
 * @param traces the traces that are replayed
 */
public record VerifyRequest(
    Path jar,
    long seed,
    double effort,
    List<String> only,
    Optional<Script> script,
    List<String> settings,
    Path map,
    List<Path> traces) {
  /** Copies the lists. */
  public VerifyRequest {
    only = List.copyOf(only);
    settings = List.copyOf(settings);
    traces = List.copyOf(traces);
  }

  boolean wants(String check) {
    return only.isEmpty()
        || only.stream().anyMatch(each -> check.equals(each) || check.startsWith(each + "."));
  }
}
