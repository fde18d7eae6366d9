package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Size classes and chunks are those of XNU. */
class GeometryTest {
  /** The index as kalloc_zone_for_size_with_flags computes it. */
  private static int indexOf(int size) {
    if (size <= 32) {
      return size > 16 ? 1 : 0;
    }
    int log = 31 - Integer.numberOfLeadingZeros(size - 1);
    return 2 + 2 * (log - 5) + ((size - 1) >>> (log - 1)) - 2;
  }

  /** The size as kalloc_zsize_compute computes it. */
  private static int[] sizes(int steps) {
    int[] sizes = new int[2 + 2 * steps];
    sizes[0] = 16;
    sizes[1] = 32;
    int step = 16;
    int size = 32;
    for (int i = 0; i < steps; i++) {
      sizes[2 + 2 * i] = size + step;
      sizes[3 + 2 * i] = size + 2 * step;
      step *= 2;
      size += step;
    }
    return sizes;
  }

  @ParameterizedTest
  @CsvSource({"16384, 9, 20", "32768, 10, 22"})
  void shouldHaveTheVariableClassesOfKalloc(int largest, int steps, int count) {
    SizeClasses classes = SizeClasses.of(false, largest);
    assertEquals(count, classes.count());
    int[] expected = sizes(steps);
    for (int i = 0; i < count; i++) {
      assertEquals(expected[i], classes.size(i));
    }
    for (int size = 1; size <= largest; size++) {
      assertEquals(indexOf(size), classes.of(size), size + " bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({"16384, 27", "32768, 29"})
  void shouldHaveTheTypedClassesOfKalloc(int largest, int count) {
    SizeClasses classes = SizeClasses.of(true, largest);
    assertEquals(count, classes.count());
    assertEquals(368, classes.size(classes.of(289)));
    assertEquals(1664, classes.size(classes.of(1281)));
    assertEquals("kalloc.type0.368", classes.name(classes.of(300)));
  }

  @ParameterizedTest(name = "{0} bytes, pages of {1}: {2} pages, {3} elements, first at {4}")
  @CsvSource({
    "16, 4096, 1, 256, 0",
    "48, 4096, 1, 85, 16",
    "96, 4096, 2, 85, 32",
    "288, 4096, 5, 71, 32",
    "1024, 4096, 1, 4, 0",
    "1664, 4096, 7, 17, 384",
    "6144, 4096, 3, 2, 0",
    "12288, 4096, 3, 1, 0",
    "16384, 4096, 4, 1, 0",
    "32768, 4096, 8, 1, 0",
    "12288, 16384, 3, 4, 0",
    "24576, 16384, 3, 2, 0",
    "48, 16384, 1, 341, 16"
  })
  void shouldCutChunksAsTheOriginal(int bytes, int page, int pages, int elems, int offset) {
    ChunkGeometry geometry = ChunkGeometry.of(bytes, page);
    assertEquals(pages, geometry.chunkPages());
    assertEquals(elems, geometry.elems());
    assertEquals(offset, geometry.offset());
    assertEquals(elems, geometry.elemsIn(pages));
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void shouldHoldForEverySize(int page) {
    for (int bytes : IntStream.iterate(16, b -> b <= ChunkGeometry.MOST, b -> b + 16).toArray()) {
      ChunkGeometry geometry = ChunkGeometry.of(bytes, page);
      assertTrue(geometry.chunkPages() <= ChunkGeometry.MOST_PAGES);
      assertTrue(geometry.elems() >= 1 && geometry.elems() < 1 << 13, bytes + " bytes");
      assertTrue(geometry.elemsIn(geometry.leastPages()) >= 1);
      assertEquals(0, geometry.elemsIn(geometry.leastPages() - 1));
      int end = geometry.offset() + geometry.elems() * bytes;
      assertEquals(geometry.chunkBytes(), end, "they end with the chunk");
      long quotient = 0xffff_ffffL / bytes + 1;
      for (int i = 0; i < geometry.elems(); i++) {
        assertEquals(i, (int) ((long) i * bytes * quotient >>> 32));
      }
      assertTrue(Bitmaps.order(geometry.elems()) <= Bitmaps.MOST_ORDER);
    }
  }

  @Test
  void shouldAlignPowersOfTwoToThemselves() {
    for (int bytes = 16; bytes <= ChunkGeometry.MOST; bytes *= 2) {
      assertEquals(Math.min(bytes, 4096), ChunkGeometry.of(bytes, 4096).align());
    }
    assertEquals(16, ChunkGeometry.of(48, 4096).align());
  }
}
