package workbench.compare;

import hardware.api.Window;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import kernel.api.BootedSystem;

/** Takes a {@link Shot}: reads the page tables, and lays the live blocks over the pages. */
final class ShotTaker {
  private static final int SHOWN = 64; // pages whose blocks are kept: enough to look at
  private static final String LEVELS = "0123456789abcdef";

  /** A page of the heap. */
  private static final class Page {
    final long number;
    final long frame;
    long live;
    int[] blocks = new int[0];

    Page(long number, long frame) {
      this.number = number;
      this.frame = frame;
    }

    void add(int offset, int length) {
      live += length;
      blocks = Arrays.copyOf(blocks, blocks.length + 2);
      blocks[blocks.length - 2] = offset;
      blocks[blocks.length - 1] = length;
    }
  }

  private final TreeMap<Long, Page> pages = new TreeMap<>();
  private final int pageBytes;
  private final int shift;

  private ShotTaker(int pageBytes) {
    this.pageBytes = pageBytes;
    this.shift = Integer.numberOfTrailingZeros(pageBytes);
  }

  static Shot take(BootedSystem system, LiveTable live, long event) {
    ShotTaker taker = new ShotTaker(system.machine().memory().pageBytes());
    taker.readTables(system);
    taker.layBlocks(live);
    return taker.shot(event);
  }

  private void readTables(BootedSystem system) {
    Window window = system.heap().window();
    long from = window.base();
    long to = from + window.size();
    system
        .kernelSpace()
        .leaves((address, frame, count, entry) -> {
          if (Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0) {
            for (long i = 0; i < count; i++) {
              long number = (address >> shift) + i;
              pages.put(number, new Page(number, frame + i));
            }
          }
        });
  }

  private void layBlocks(LiveTable live) {
    int[] slots =
        IntStream.range(0, live.slots())
            .filter(slot -> live.address(slot) != 0)
            .boxed()
            .sorted(Comparator.comparingLong(live::address))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int slot : slots) {
      long end = live.address(slot) + live.size(slot);
      for (long at = live.address(slot); at < end; ) {
        at = layPart(at, Math.min(end, (at & -pageBytes) + pageBytes));
      }
    }
  }

  // The part of a block on one page. Addresses of the kernel's half are negative numbers.
  private long layPart(long at, long to) {
    Page page = pages.get(at >> shift);
    if (page != null) {
      page.add((int) (at & (pageBytes - 1)), (int) (to - at));
    }
    return to;
  }

  private Shot shot(long event) {
    List<Shot.PageBlocks> shown =
        pages.values().stream()
            .filter(page -> page.live > 0)
            .sorted(Comparator.comparingLong(page -> page.live))
            .limit(SHOWN)
            .map(page ->
                new Shot.PageBlocks(
                    page.number, page.frame, Arrays.stream(page.blocks).boxed().toList()))
            .toList();
    return new Shot(event, pageBytes, tiles(page -> page.number), tiles(page -> page.frame), shown);
  }

  private List<Shot.Tile> tiles(ToLongFunction<Page> place) {
    TreeMap<Long, char[]> tiles = new TreeMap<>();
    for (Page page : pages.values()) {
      long at = place.applyAsLong(page);
      char[] fill = tiles.computeIfAbsent(Math.floorDiv(at, Shot.TILE_PAGES), key -> empty());
      fill[Math.floorMod(at, Shot.TILE_PAGES)] = level(page.live);
    }
    return tiles.entrySet().stream()
        .map(tile -> new Shot.Tile(tile.getKey(), new String(tile.getValue())))
        .toList();
  }

  private char level(long live) {
    return LEVELS.charAt((int) ((live * (LEVELS.length() - 1) + pageBytes - 1) / pageBytes));
  }

  private static char[] empty() {
    char[] fill = new char[Shot.TILE_PAGES];
    Arrays.fill(fill, '.');
    return fill;
  }
}
