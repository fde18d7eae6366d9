package workbench.answers;

import java.nio.file.Path;
import workbench.compare.CellResult;
import workbench.compare.Count;
import workbench.compare.RunFigures;

/** What experiments read from counted runs. */
final class Runs {
  private static final double THOUSAND = 1000;

  private Runs() {}

  /** {@return the figures of a run that did not fail} */
  static RunFigures of(CellResult result) {
    return result.counted().orElseThrow().base();
  }

  /** {@return how often something was counted, for each thousand operations} */
  static double perThousand(RunFigures run, Count count) {
    return THOUSAND * count.of(run.counts()) / Count.OPERATION.of(run.counts());
  }

  /** {@return a sample's name without its endings} */
  static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\..*$", "");
  }

  /** {@return a name as expectations can have it: without blanks} */
  static String key(String name) {
    return name.replace(", ", ".").replace(' ', '-');
  }
}
