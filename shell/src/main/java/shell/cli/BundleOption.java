package shell.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.api.Bundles;
import picocli.CommandLine.Option;

/** The option that brings bundles in which do not come with Quarry. */
final class BundleOption {
  @Option(
      names = "--bundle",
      split = ",",
      paramLabel = "FILE.jar",
      description = {
        "Install and start this bundle first, for this run only; may be repeated, or several apart"
            + " by commas. It takes the place of a provider's bundle with the same symbolic name."
            + " It serves if --physmem, --vmem or --heap names what it offers, or a swap does.",
        "Exit status 1, with the reason, if it offers no allocator."
      })
  List<Path> files = new ArrayList<>();

  /** Takes over what was said before the command's name. */
  void inherit(BundleOption outer) {
    files.addAll(0, outer.files);
  }

  /**
   * Installs what was named.
   *
   * @throws kernel.api.BundleRefusedException if one of them cannot serve
   */
  void install(Bundles bundles) {
    if (!files.isEmpty()) {
      bundles.install(files);
    }
  }
}
