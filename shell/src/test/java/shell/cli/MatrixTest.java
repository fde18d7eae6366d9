package shell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapSection;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kernel.api.Kernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import workbench.compare.Cell;
import workbench.compare.TraceShape;

final class MatrixTest {
  @TempDir private Path directory;

  private final BootOptions boot = new BootOptions();
  private final FirmwareMaps maps = proxy(FirmwareMaps.class);
  private final Kernel kernel = proxy(Kernel.class);
  private String files = "";

  @BeforeEach
  void writeMaps() throws IOException {
    Path one = Files.writeString(directory.resolve("one"), "1");
    Path two = Files.writeString(directory.resolve("two"), "2");
    files = one + "," + two;
  }

  private static <T> T proxy(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            MatrixTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> method.getName().equals("read") ? read(arguments) : null));
  }

  private static FirmwareMap read(Object... arguments) {
    String name = arguments[0].toString();
    return new FirmwareMap(
        name, "e820", false, MapSection.LAST, List.of(), List.of(), List.of(), "");
  }

  private List<Cell> cells(String... vary) throws IOException {
    boot.map = Path.of(files);
    TraceShape trace = new TraceShape(Path.of("t"), "d", 1, 1, 0, 1, List.of());
    return new Matrix(boot, List.of(vary), "origin")
        .cells(List.of(trace), maps, new Samples(directory), kernel);
  }

  @Test
  void shouldMakeACellForEachCombination() throws IOException {
    boot.heap = "dl,slab";
    boot.vmem = "arena,bump";
    List<Cell> cells = cells();
    assertEquals(8, cells.size());
    assertEquals(
        List.of("one", "one", "one", "one", "two", "two", "two", "two"),
        cells.stream()
            .map(cell -> Path.of(cell.stack().map().name()).getFileName().toString())
            .toList());
  }

  @Test
  void shouldVaryOnlyWhatIsInTheStack() throws IOException {
    boot.heap = "dl,slab";
    boot.settings.add("kernel:cluster_order=2");
    List<Cell> cells = cells("heap.slab:order=0,1,3", "kernel:lazy_bytes=0,32M");
    assertEquals(2 * (2 + 3 * 2), cells.size()); // maps times (dl, slab)
    assertEquals(List.of("kernel:lazy_bytes=0"), cells.getFirst().varied());
    assertEquals(
        List.of("kernel:cluster_order=2", "kernel:lazy_bytes=0"),
        cells.getFirst().stack().settings());
    assertEquals(List.of("heap.slab:order=3", "kernel:lazy_bytes=32M"), cells.getLast().varied());
  }

  @Test
  void shouldSayHowToWriteWhatVaries() {
    for (String wrong : List.of("heap.slab", "order=1,2", "x=y:z")) {
      assertThrows(IllegalArgumentException.class, () -> cells(wrong), wrong);
    }
  }

  @Test
  void shouldRefuseToWriteOverWhatItReads() {
    Path one = directory.resolve("one");
    assertThrows(
        IllegalArgumentException.class,
        () -> Outputs.refuse(List.of(directory.resolve("x/../one")), List.of(one)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Outputs.refuse(List.of(Path.of("new"), Path.of("new")), List.of(one)));
  }
}
