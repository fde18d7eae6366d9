package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import org.junit.jupiter.api.Test;
import tck.heap.HeapGround;

/** That the check sees each kind of damage. */
class InvariantsTest {
  private final HeapGround ground = new HeapGround(1 << 20, 1);
  private final TlsfEngine heap = Heaps.open(ground, "growth", "64K");
  private final long low = heap.allocate(0, 200);
  private final long live = heap.allocate(0, 200);
  private final long high = heap.allocate(0, 200);
  private final long guard = heap.allocate(0, 200);

  InvariantsTest() {
    heap.free(0, low);
    heap.free(0, high);
  }

  private void sees(String words) {
    String message =
        String.valueOf(assertThrows(CorruptionException.class, heap::checkInvariants).getMessage());
    assertTrue(message.contains(words), message);
  }

  @Test
  void shouldCountFacts() {
    assertTrue(heap.checkInvariants() > 1000, "lists and bits of every list");
  }

  @Test
  void shouldSeeEveryWordOfATag() {
    for (long block : new long[] {low, live, high, guard}) {
      long at = block - 8;
      long right = ground.memory.getLong(at);
      for (int bit = 0; bit < 64; bit++) {
        ground.memory.putLong(at, right ^ (1L << bit));
        assertThrows(CorruptionException.class, heap::checkInvariants, "bit " + bit);
      }
      ground.memory.putLong(at, right);
    }
    assertTrue(heap.checkInvariants() > 0);
  }

  // Tags that are sound in themselves but wrong at their place.

  @Test
  void shouldSeeAWrongMark() {
    Tags tags = heap.space().tags;
    tags.write(live - 8, tags.read(live - 8) & ~Tags.PREVIOUS_FREE);
    sees("mark that the one in front is free");
  }

  @Test
  void shouldSeeAWrongSize() {
    Tags tags = heap.space().tags;
    tags.write(guard - 8, tags.read(guard - 8) + (1 << 20));
    sees("block size");
  }

  @Test
  void shouldSeeFreeNeighbours() {
    Tags tags = heap.space().tags;
    tags.write(live - 8, tags.read(live - 8) | Tags.FREE);
    sees("free neighbours");
  }

  @Test
  void shouldSeeAFreeBlockThatIsInNoList() {
    heap.space().lists.remove(low - 8, 208);
    sees("blocks in the lists");
  }

  @Test
  void shouldSeeABlockInAWrongList() {
    heap.space().lists.remove(low - 8, 208);
    heap.space().lists.insert(low - 8, 320);
    sees("list of a free block");
  }

  @Test
  void shouldSeeARing() {
    Tags tags = heap.space().tags;
    tags.next(low - 8, high - 8);
    tags.previous(high - 8, low - 8);
    sees("link back");
  }

  @Test
  void shouldSeeWrongBits() {
    FreeLists lists = heap.space().lists;
    lists.columns[5] ^= 2;
    sees("bit of list");
    lists.columns[5] ^= 2;
    lists.rows ^= 8;
    sees("bit of row");
  }

  @Test
  void shouldSeeWrongTotals() {
    heap.space().liveBytes++;
    sees("live bytes");
    heap.space().liveBytes--;
    heap.space().lists.bytes++;
    sees("free bytes");
    heap.space().lists.bytes--;
    heap.space().pools.footprint++;
    sees("footprint");
    heap.space().pools.footprint--;
    heap.space().pools.empty++;
    sees("empty pools");
  }
}
