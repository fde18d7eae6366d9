package workbench.compare;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import kernel.api.BootSpec;

/**
 * One combination to replay.
 *
 * @param trace the trace and what is known of it
 * @param stack what to boot, with all settings
 * @param varied those of the settings that differ between the cells, each {@code NAME:KEY=VALUE}
 * @param origin what else decides the figures: a digest of the map's file and options, the version
 *     of Quarry, the files in {@code etc/}
 */
public record Cell(TraceShape trace, BootSpec stack, List<String> varied, String origin) {
  private static final int KEY_DIGITS = 32;

  /** Copies the list. */
  public Cell {
    varied = List.copyOf(varied);
  }

  /**
   * {@return what stands for this cell's figures in a state file: a digest of everything that they
   * depend on}
   *
   * @param plan how the figures are taken
   */
  public String key(Plan plan) {
    String all =
        String.join(
            "\n",
            trace.digest(),
            new TreeMap<>(stack.providers()).toString(),
            stack.settings().toString(),
            Boolean.toString(stack.loaderUsable()),
            origin,
            plan.identity());
    byte[] digest = TraceShape.sha256().digest(all.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest).substring(0, KEY_DIGITS);
  }

  /** {@return the trace's file name} */
  public String traceName() {
    return trace.file().getFileName().toString();
  }
}
