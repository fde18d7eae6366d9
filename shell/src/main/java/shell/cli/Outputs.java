package shell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that a command writes, which must not be files that it reads or writes otherwise. */
final class Outputs {
  private Outputs() {}

  /**
   * Refuses outputs that are inputs, or one another.
   *
   * @throws IllegalArgumentException naming the two
   */
  static void refuse(List<Path> outputs, List<Path> inputs) throws IOException {
    List<Path> taken = new ArrayList<>(inputs);
    for (Path output : outputs) {
      for (Path other : taken) {
        if (same(output, other)) {
          throw new IllegalArgumentException(
              output + " would be overwritten: it is " + other + " as well");
        }
      }
      taken.add(output);
    }
  }

  private static boolean same(Path one, Path other) throws IOException {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
        || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
  }
}
