package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slabs are cut as Linux 6.1 cuts them; the figures are from slabinfo of real kernels. */
class GeometryTest {
  private static SlabGeometry geometry(int bytes, int cpus) {
    return SlabGeometry.choose(bytes, bytes, 8, 4096, cpus, true);
  }

  @ParameterizedTest(name = "kmalloc of {0} bytes: {1} objects in {2} pages")
  @CsvSource({
    "8, 512, 1", "16, 256, 1", "32, 128, 1", "64, 64, 1", "96, 42, 1", "128, 32, 1",
    "192, 21, 1", "256, 16, 1", "512, 8, 1", "1024, 8, 2", "2048, 8, 4", "4096, 8, 8",
    "8192, 4, 8"
  })
  void shouldCutSlabsAsAKernelWithOneCpuDoes(int bytes, int objects, int pages) {
    assertEquals(objects, geometry(bytes, 1).objects());
    assertEquals(pages, geometry(bytes, 1).pages());
  }

  @ParameterizedTest(name = "kmalloc of {0} bytes: {1} objects in {2} pages")
  @CsvSource({
    "96, 42, 1",
    "256, 16, 1",
    "512, 16, 2",
    "1024, 16, 4",
    "2048, 16, 8",
    "4096, 8, 8",
    "8192, 4, 8"
  })
  void shouldCutLargerSlabsForTwoCpus(int bytes, int objects, int pages) {
    assertEquals(objects, geometry(bytes, 2).objects());
    assertEquals(pages, geometry(bytes, 2).pages());
  }

  @Test
  void shouldAcceptMoreWasteWhereLessIsNotToBeHad() {
    // Of 6,000 bytes, 5 fit in 8 pages with 8.4 % of waste; no order has 1/16 or less.
    SlabGeometry large = geometry(6000, 1);
    assertEquals(8, large.pages());
    assertEquals(5, large.objects());
    assertEquals(1, geometry(32_768, 4).objects());
    assertEquals(8, geometry(20_000, 4).pages());
  }

  /*
   * Worked out by hand from the rule of kmem_cache_create: below an eighth of a page, a page less
   * 56 bytes; else the fewest pages with the least waste per object, of up to 8 objects. Objects of
   * 8 bytes have their marks in more than 56 bytes.
   */
  @ParameterizedTest(name = "{0} bytes: {1} objects in {2} pages, {3} bytes of control")
  @CsvSource({
    "8, 503, 1, 72", "16, 252, 1, 56", "64, 63, 1, 56", "96, 42, 1, 56", "256, 15, 1, 56",
    "504, 8, 1, 56", "512, 8, 1, 0", "1024, 4, 1, 0", "1536, 8, 3, 0", "3000, 4, 3, 0",
    "4096, 1, 1, 0", "5000, 4, 5, 0", "8192, 1, 2, 0", "20480, 1, 5, 0"
  })
  void shouldCutSlabsAsTheOriginalDoes(int bytes, int objects, int pages, int control) {
    SlabGeometry geometry = SlabGeometry.original(bytes, bytes, 8, 4096, true);
    assertEquals(objects, geometry.objects());
    assertEquals(pages, geometry.pages());
    assertEquals(control, geometry.control());
    assertTrue(geometry.objects() * geometry.stride() + control <= geometry.slabBytes());
  }

  @Test
  void shouldUseTheWasteForColours() {
    assertEquals(2, geometry(96, 1).colours(), "64 bytes are left: one more line");
    assertEquals(1, geometry(64, 1).colours());
    assertEquals(64, geometry(96, 1).colourStep());
    assertEquals(1, SlabGeometry.choose(96, 96, 8, 4096, 1, false).colours());
  }

  @Test
  void shouldKnowWhatFitsInASlab() {
    assertTrue(SlabGeometry.fits(32_768, 4096));
    assertFalse(SlabGeometry.fits(32_769, 4096));
  }

  @Test
  void shouldChooseTheSmallestClassThatHoldsTheRequest() {
    for (int bytes = 0; bytes <= SizeClasses.LARGEST; bytes++) {
      int index = SizeClasses.of(bytes);
      assertTrue(SizeClasses.size(index) >= bytes, "too small for " + bytes);
      assertTrue(index == 0 || SizeClasses.size(index - 1) < bytes, "too large for " + bytes);
    }
    assertEquals("kmalloc-96", SizeClasses.name(SizeClasses.of(65)));
    assertEquals("kmalloc-8k", SizeClasses.name(SizeClasses.count() - 1));
  }

  @Test
  void shouldBeginWithMagazinesBySize() {
    assertEquals(15, MagazineTypes.rounds(MagazineTypes.first(64, 0, 143)));
    assertEquals(7, MagazineTypes.rounds(MagazineTypes.first(65, 0, 143)));
    assertEquals(3, MagazineTypes.rounds(MagazineTypes.first(257, 0, 143)));
    assertEquals(1, MagazineTypes.rounds(MagazineTypes.first(8192, 0, 143)));
    assertEquals(31, MagazineTypes.rounds(MagazineTypes.first(8192, 40, 143)));
    assertEquals(3, MagazineTypes.rounds(MagazineTypes.first(8, 0, 5)));
    assertTrue(MagazineTypes.grows(0, 8192, 143));
    assertFalse(MagazineTypes.grows(3, 8192, 143), "15 rounds of 8 KiB are enough");
    assertFalse(MagazineTypes.grows(8, 8, 143), "no larger type");
  }
}
