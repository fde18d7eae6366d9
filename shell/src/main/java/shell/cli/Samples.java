package shell.cli;

import java.nio.file.Path;

/**
 * The data that comes with the distribution.
 *
 * @param home the distribution's directory
 */
record Samples(Path home) {
  /** {@return the map that is booted when none is named} */
  Path map() {
    return home.resolve("samples").resolve("maps").resolve("qemu-pc-512m.txt");
  }

  /** {@return the real program's trace that the tour replays} */
  Path trace() {
    return home.resolve("samples").resolve("traces").resolve("sqlite3-words.trace.gz");
  }
}
