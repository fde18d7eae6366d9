package workbench.compare;

import java.util.List;

/**
 * The heap's memory at the moment when most bytes were live.
 *
 * @param event the event after which it was taken
 * @param pageBytes the size of a page
 * @param addresses 2 MiB of addresses each, rising
 * @param ram 2 MiB of RAM each, rising
 * @param pages the blocks of some pages: of those that hold the least, which keep their frames from
 *     going home for little
 */
public record Shot(
    long event, int pageBytes, List<Tile> addresses, List<Tile> ram, List<PageBlocks> pages) {
  /** Pages of a tile: 2 MiB of 4 KiB, what one entry of a second-level table maps. */
  static final int TILE_PAGES = 512;

  /**
   * What 512 pages or frames in a row hold.
   *
   * @param number the address or frame of the first over 2 MiB
   * @param fill a character each: {@code .} not the heap's, {@code 0} the heap's and without a live
   *     byte, {@code 1} to {@code f} live bytes in fifteenths, rounded up
   */
  public record Tile(long number, String fill) {}

  /**
   * The blocks on one page.
   *
   * @param page the page's number
   * @param frame the frame behind it
   * @param blocks offset and length in the page, block after block
   */
  public record PageBlocks(long page, long frame, List<Integer> blocks) {}
}
