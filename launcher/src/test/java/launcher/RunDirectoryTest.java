package launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
  @TempDir private Path base;

  @Test
  void shouldLeaveNothingBehind() throws IOException {
    RunDirectory run = RunDirectory.open(base);
    Files.writeString(Files.createDirectories(run.path().resolve("a/b")).resolve("c"), "content");
    run.close();
    assertEquals(List.of(), content());
  }

  @Test
  void shouldMakeTheBaseIfItIsAbsent() throws IOException {
    try (RunDirectory run = RunDirectory.open(base.resolve("x/y"))) {
      assertTrue(Files.isDirectory(run.path()), run.path()::toString);
    }
  }

  @Test
  void shouldGiveTwoRunsTheirOwn() throws IOException {
    try (RunDirectory first = RunDirectory.open(base);
        RunDirectory second = RunDirectory.open(base)) {
      assertNotEquals(first.path(), second.path());
      assertTrue(Files.isDirectory(first.path()), "the second run swept the living first");
    }
  }

  @Test
  void shouldRemoveWhatACrashedRunLeft() throws IOException {
    Path crashed = Files.createDirectories(base.resolve("run-crashed/felix/bundle1"));
    Files.writeString(crashed.resolve("bundle.info"), "rubbish");
    Files.createFile(base.resolve("run-crashed.lock"));
    RunDirectory.open(base).close();
    assertEquals(List.of(), content());
  }

  @Test
  void shouldRemoveALockWhoseDirectoryIsGone() throws IOException {
    Path lock = Files.createFile(base.resolve("run-early.lock"));
    RunDirectory.open(base).close();
    assertFalse(Files.exists(lock));
  }

  @Test
  void shouldLeaveForeignFilesAlone() throws IOException {
    Path foreign = Files.createFile(base.resolve("notes.lock"));
    RunDirectory.open(base).close();
    assertTrue(Files.exists(foreign));
  }

  private List<Path> content() throws IOException {
    try (Stream<Path> paths = Files.list(base)) {
      return paths.toList();
    }
  }
}
