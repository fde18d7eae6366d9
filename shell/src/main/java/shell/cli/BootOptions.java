package shell.cli;

import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kernel.api.BootSpec;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that boots: the map, the stack and the settings. */
final class BootOptions {
  @Option(
      names = {"-m", "--map"},
      paramLabel = "MAP",
      description = "Firmware map to boot: dmesg, EFI, UEFI shell or /proc/iomem text.")
  @Nullable Path map;

  @Option(
      names = "--section",
      paramLabel = "SECTION",
      description = "Which map of a log to use: ${COMPLETION-CANDIDATES}. Default: the last one.")
  MapSection section = MapSection.LAST;

  @Option(
      names = "--cmdline",
      paramLabel = "TEXT",
      description = "Kernel command line (mem=, memmap=, kernelcore= …) instead of the log's.")
  @Nullable String commandLine;

  @Option(
      names = "--lenient",
      description = "Warn about lines of the map that do not parse, instead of refusing it.")
  boolean lenient;

  @Option(
      names = "--keep-loader",
      description = "Treat what a UEFI loader hands back (Loader and Boot Services) as reserved.")
  boolean keepLoader;

  @Option(
      names = "--physmem",
      paramLabel = "NAME",
      description = "Provider of page frames; `providers` lists them.")
  @Nullable String physmem;

  @Option(names = "--vmem", paramLabel = "NAME", description = "Provider of address ranges.")
  @Nullable String vmem;

  @Option(names = "--heap", paramLabel = "NAME", description = "Provider of heap blocks.")
  @Nullable String heap;

  @Option(
      names = "--set",
      paramLabel = "NAME:KEY=VALUE",
      description = "A setting over those of etc/; may be repeated. `settings` lists them all.")
  List<String> settings = new ArrayList<>();

  @Mixin BundleOption bundles = new BundleOption();

  /** {@return whether nothing was said, so that the running machine will do} */
  boolean untouched() {
    return map == null && settings.isEmpty() && providers().isEmpty();
  }

  /**
   * Takes over what was said before the command's name and not after it.
   *
   * @param outer the options before the command
   */
  void inherit(BootOptions outer) {
    map = map == null ? outer.map : map;
    section = section == MapSection.LAST ? outer.section : section;
    commandLine = commandLine == null ? outer.commandLine : commandLine;
    lenient |= outer.lenient;
    keepLoader |= outer.keepLoader;
    physmem = physmem == null ? outer.physmem : physmem;
    vmem = vmem == null ? outer.vmem : vmem;
    heap = heap == null ? outer.heap : heap;
    settings.addAll(0, outer.settings);
    bundles.inherit(outer.bundles);
  }

  /** {@return how to read the map} */
  MapOptions mapOptions() {
    MapOptions options =
        MapOptions.DEFAULTS.withLenient(lenient).withSection(section).withLoaderUsable(!keepLoader);
    return commandLine == null ? options : options.withCommandLine(commandLine);
  }

  /** {@return what to boot, with the shipped map if none was named} */
  BootSpec spec(FirmwareMaps maps, Samples samples) throws MapException {
    Path file = Optional.ofNullable(map).orElseGet(samples::map);
    FirmwareMap read = maps.read(file, mapOptions());
    return new BootSpec(read, !keepLoader, providers(), settings);
  }

  /**
   * {@return what to boot, for every combination of the providers that were named: several names
   * apart by commas, or {@code all}}
   *
   * @param kernel knows all providers
   */
  List<BootSpec> specs(FirmwareMaps maps, Samples samples, Kernel kernel) throws MapException {
    BootSpec first = spec(maps, samples);
    List<Map<Tier, String>> stacks = new ArrayList<>(List.of(Map.of()));
    for (Tier tier : Tier.values()) {
      String named = first.providers().get(tier);
      if (named != null) {
        stacks = combined(stacks, tier, names(named, tier, kernel));
      }
    }
    return stacks.stream()
        .map(stack -> new BootSpec(first.map(), first.loaderUsable(), stack, first.settings()))
        .toList();
  }

  private static List<String> names(String named, Tier tier, Kernel kernel) {
    return named.strip().equals("all")
        ? kernel.providers(tier).stream().map(ProviderInfo::name).distinct().toList()
        : Arrays.stream(named.split(",", -1)).map(name -> present(name.strip(), tier)).toList();
  }

  private static String present(String name, Tier tier) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "--%s: an empty name in the list; write dl,slab or all".formatted(tier.label()));
    }
    return name;
  }

  private static List<Map<Tier, String>> combined(
      List<Map<Tier, String>> stacks, Tier tier, List<String> names) {
    List<Map<Tier, String>> all = new ArrayList<>();
    for (Map<Tier, String> stack : stacks) {
      for (String name : names) {
        Map<Tier, String> next = new EnumMap<>(Tier.class);
        next.putAll(stack);
        next.put(tier, name);
        all.add(next);
      }
    }
    return all;
  }

  private Map<Tier, String> providers() {
    Map<Tier, String> chosen = new EnumMap<>(Tier.class);
    put(chosen, Tier.PHYSMEM, physmem);
    put(chosen, Tier.VMEM, vmem);
    put(chosen, Tier.HEAP, heap);
    return chosen;
  }

  private static void put(Map<Tier, String> chosen, Tier tier, @Nullable String name) {
    if (name != null) {
      chosen.put(tier, name);
    }
  }
}
