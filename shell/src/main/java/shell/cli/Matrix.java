package shell.cli;

import allocator.api.Tier;
import hardware.api.map.FirmwareMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kernel.api.BootSpec;
import kernel.api.Kernel;
import workbench.compare.Cell;
import workbench.compare.TraceShape;

/** The cells of {@code compare}: every trace on every map, stack and choice of varied settings. */
final class Matrix {
  private final BootOptions boot;
  private final List<String> vary;
  private final String origin;

  /**
   * Begins a matrix.
   *
   * @param boot maps, apart by commas; providers; settings of all cells
   * @param vary settings that differ, each {@code NAME:KEY=VALUE,VALUE…}
   * @param origin what else the figures depend on: version, etc/
   */
  Matrix(BootOptions boot, List<String> vary, String origin) {
    this.boot = boot;
    this.vary = List.copyOf(vary);
    this.origin = origin;
  }

  /** {@return the cells, all of one trace and map in a row} */
  List<Cell> cells(List<TraceShape> traces, FirmwareMaps maps, Samples samples, Kernel kernel)
      throws IOException {
    Set<Cell> cells = new LinkedHashSet<>();
    List<Path> files = mapFiles(boot, samples);
    for (TraceShape trace : traces) {
      for (Path file : files) {
        boot.map = file;
        String from = String.join("\n", origin, TraceShape.digest(file), options());
        for (BootSpec stack : boot.specs(maps, samples, kernel)) {
          for (List<String> varied : variations(stack)) {
            cells.add(new Cell(trace, with(stack, varied), varied, from));
          }
        }
      }
    }
    return List.copyOf(cells);
  }

  private String options() {
    return boot.mapOptions().toString();
  }

  /** {@return the map files that were named: one, or several apart by commas} */
  static List<Path> mapFiles(BootOptions boot, Samples samples) {
    Path named = Optional.ofNullable(boot.map).orElseGet(samples::map);
    return Files.exists(named)
        ? List.of(named)
        : Arrays.stream(named.toString().split(",", -1)).map(Path::of).toList();
  }

  private static BootSpec with(BootSpec stack, List<String> varied) {
    List<String> settings = new ArrayList<>(stack.settings());
    settings.addAll(varied);
    return new BootSpec(stack.map(), stack.loaderUsable(), stack.providers(), settings);
  }

  // A setting of a provider that is not in the stack would only make the same cell twice.
  private List<List<String>> variations(BootSpec stack) {
    List<List<String>> all = List.of(List.of());
    for (String one : vary) {
      if (concerns(one, stack)) {
        all = combined(all, one);
      }
    }
    return all;
  }

  private static boolean concerns(String variation, BootSpec stack) {
    for (Tier tier : Tier.values()) {
      String chosen = stack.providers().get(tier);
      String prefix = tier.label() + ".";
      if (chosen != null && variation.startsWith(prefix)) {
        return variation.startsWith(prefix + chosen + ":");
      }
    }
    return true;
  }

  private static List<List<String>> combined(List<List<String>> before, String variation) {
    int equals = variation.indexOf('=');
    if (equals < 0 || variation.indexOf(':') < 0 || variation.indexOf(':') > equals) {
      throw new IllegalArgumentException(
          "--vary " + variation + ": write NAME:KEY=VALUE,VALUE like heap.slab:order=0,1,3");
    }
    List<List<String>> all = new ArrayList<>();
    for (List<String> settings : before) {
      for (String value : variation.substring(equals + 1).split(",", -1)) {
        List<String> more = new ArrayList<>(settings);
        more.add(variation.substring(0, equals + 1) + value.strip());
        all.add(List.copyOf(more));
      }
    }
    return all;
  }
}
