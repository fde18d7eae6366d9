package launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributionTest {
  @TempDir private Path home;

  @Test
  void shouldListBundlesByStartLevelInNumericOrder() throws IOException {
    Path late = bundle("10", "late.jar");
    Path second = bundle("9", "b.jar");
    Path first = bundle("9", "a.jar");
    bundle("9", "notes.txt");
    var levels = new Distribution(home).bundles();
    assertEquals(List.of(9, 10), List.copyOf(levels.keySet()));
    assertEquals(List.of(first, second), levels.get(9));
    assertEquals(List.of(late), levels.get(10));
  }

  private Path bundle(String level, String name) throws IOException {
    Path folder = Files.createDirectories(home.resolve("bundles").resolve(level));
    return Files.createFile(folder.resolve(name));
  }
}
