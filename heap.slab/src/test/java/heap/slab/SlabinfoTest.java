package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heap.api.CacheSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The report is what a kernel prints, and slabs are cut as a kernel with so many CPUs cuts them.
 */
class SlabinfoTest {
  private static final int PAGE = 4096;
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) : tunables +0 +0 +0"
              + " : slabdata +(\\d+) +(\\d+) +(\\d+)");
  private static final Pattern CPUS = Pattern.compile("SLUB: HWalign=.*, CPUs=(\\d+),");

  /** A line of a report, as a program that shows it would take it apart. */
  private static final class Row {
    private final String name;
    private final long[] objects;
    private final long[] slabs;

    Row(String name, long[] objects, long[] slabs) {
      this.name = name;
      this.objects = objects;
      this.slabs = slabs;
    }

    static Row of(String line) {
      Matcher matcher = LINE.matcher(line);
      assertTrue(matcher.matches(), line);
      return new Row(matcher.group(1), numbers(matcher, 2, 6), numbers(matcher, 7, 9));
    }

    private static long[] numbers(Matcher matcher, int from, int to) {
      long[] numbers = new long[to - from + 1];
      for (int i = from; i <= to; i++) {
        numbers[i - from] = Long.parseLong(matcher.group(i));
      }
      return numbers;
    }

    long size() {
      return objects[2];
    }
  }

  private static List<String> resource(String name) throws IOException {
    try (InputStream in = SlabinfoTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toList();
    }
  }

  /** Header, layout and geometry of every line of a real one. */
  private static void compare(List<String> real, int cpus, String what) {
    assertEquals(
        real.subList(0, 2), new Ground(1 << 20, cpus).heap().report("slabinfo").subList(0, 2));
    for (String line : real.subList(2, real.size())) {
      Row row = Row.of(line);
      assertEquals(line, Slabinfo.line(row.name, row.objects, row.slabs));
      int size = (int) row.size();
      SlabGeometry geometry = SlabGeometry.choose(size, size, 8, PAGE, cpus, true);
      assertEquals(row.objects[3], geometry.objects(), what + ": objects per slab: " + line);
      assertEquals(row.objects[4], geometry.pages(), what + ": pages per slab: " + line);
    }
  }

  @ParameterizedTest
  @CsvSource({"slabinfo-1cpu.txt, 1", "slabinfo-2cpus.txt, 2"})
  void shouldPrintAndCutAsTheKernelsShown(String name, int cpus) throws IOException {
    List<String> real = resource(name);
    assertTrue(real.size() > 40);
    compare(real, cpus, name);
  }

  /** Kernels 6.1 and 6.12 of three architectures, all caches without exception. */
  @Test
  void shouldPrintAndCutAsEveryKernelOfTheCorpus() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path machines = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(machines), "quarry.corpus is not set");
    List<String> seen = new ArrayList<>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(machines)) {
      for (Path machine : each) {
        Path file = machine.resolve("slabinfo.txt");
        if (Files.exists(file)) {
          Matcher cpus = CPUS.matcher(Files.readString(machine.resolve("dmesg.txt")));
          assertTrue(cpus.find(), machine.toString());
          compare(Files.readAllLines(file), Integer.parseInt(cpus.group(1)), machine.toString());
          seen.add(machine.toString());
        }
      }
    }
    assertTrue(seen.size() > 5, seen.toString());
  }

  /** The caches of kmalloc are those of a kernel with as many CPUs, name and cut. */
  @ParameterizedTest
  @CsvSource({"slabinfo-1cpu.txt, 1", "slabinfo-2cpus.txt, 2"})
  void shouldHaveTheGeneralCachesOfAKernel(String name, int cpus) throws IOException {
    List<String> theirs =
        resource(name).stream().filter(line -> line.startsWith("kmalloc-")).map(this::cut).toList();
    List<String> ours =
        new Ground(1 << 20, cpus)
            .heap().report("slabinfo").stream().skip(2).map(this::cut).toList();
    assertEquals(theirs, ours);
  }

  private String cut(String line) {
    Row row = Row.of(line);
    return "%s %d %d %d".formatted(row.name, row.size(), row.objects[3], row.objects[4]);
  }

  @Test
  void shouldCountWhatIsNotFreeInItsSlabAndShowTheNewestCacheFirst() {
    SlabHeap heap = new Ground(1 << 20, 1).heap();
    CacheSpec spec = new CacheSpec("inode_cache", 640, 0, Optional.empty(), Optional.empty());
    heap.createCache(spec).orElseThrow().allocate(0);
    heap.allocate(0, 8000);
    List<String> report = heap.report("slabinfo");
    assertEquals(2 + 1 + SizeClasses.count(), report.size());
    Row named = Row.of(report.get(2));
    assertEquals("inode_cache", named.name);
    assertEquals(640, named.size());
    assertEquals(12, named.objects[1]);
    assertTrue(named.objects[0] >= 1 && named.objects[0] <= 12, report.get(2));
    assertEquals(
        "kmalloc-8k             1      4   8192    4    8"
            + " : tunables    0    0    0 : slabdata      1      1      0",
        report.get(3));
  }

  @Test
  void shouldSayWhichReportsThereAre() {
    SlabHeap heap = new Ground(1 << 20).heap();
    for (String name : heap.reports()) {
      assertTrue(heap.report(name).size() >= 1, name);
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> heap.report("zprint")).toString();
    assertTrue(message.contains("slabinfo") && message.contains("zprint"), message);
  }
}
