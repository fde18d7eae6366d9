package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Zones of constructed objects. */
class NamedZoneTest {
  private static final long MARK = 0x1234_5678_9abc_def0L;

  private final Ground ground = new Ground(64L << 20);
  private final ZoneHeap heap = ground.heap();
  private final Set<Long> constructed = new HashSet<>();
  private int constructions;

  @AfterEach
  void shouldHoldItsInvariants() {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(heap.footprint(), ground.backedBytes());
  }

  private CacheSpec spec(String name, long bytes, long align) {
    return new CacheSpec(
        name,
        bytes,
        align,
        Optional.of((memory, object) -> {
          constructions++;
          assertTrue(constructed.add(object), "constructed twice");
          memory.putLong(object, MARK);
        }),
        Optional.of((memory, object) -> {
          assertTrue(constructed.remove(object), "destroyed twice");
          assertEquals(MARK, memory.getLong(object), "its state is what the constructor made");
          memory.putLong(object, 0);
        }));
  }

  private ObjectCache cache(String name, long bytes, long align) {
    return heap.createCache(spec(name, bytes, align)).orElseThrow();
  }

  private static long statistic(ObjectCache cache, String name) {
    return cache.statistics().stream()
        .filter(figure -> figure.name().equals(name))
        .mapToLong(Statistic::value)
        .findAny()
        .orElseThrow();
  }

  @Test
  void shouldConstructEachObjectOnceHoweverOftenItIsHandedOut() {
    ObjectCache cache = cache("inode", 200, 0);
    for (int round = 0; round < 50; round++) {
      List<Long> objects = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        long object = cache.allocate(i & 1);
        assertEquals(MARK, ground.memory.getLong(object));
        objects.add(object);
      }
      objects.forEach(object -> cache.free(0, object));
    }
    assertEquals(constructed.size(), constructions);
    assertEquals(statistic(cache, "elems_avail"), constructions);
    assertEquals(5000, statistic(cache, "alloc"));
    cache.reap();
    assertEquals(Set.of(), constructed);
  }

  @Test
  void shouldGivePagesBackThatHoldOnlyFreeObjects() {
    ObjectCache cache = cache("inode", 1024, 0);
    long[] objects = new long[800];
    for (int i = 0; i < objects.length; i++) {
      objects[i] = cache.allocate(0);
    }
    assertEquals(800 << 10, heap.footprint());
    for (int i = 1; i < objects.length; i++) {
      cache.free(0, objects[i]);
    }
    cache.reap();
    assertEquals(4096, heap.footprint());
    cache.free(1, objects[0]);
    assertEquals(4096, cache.reap());
  }

  @Test
  void shouldTakeObjectsBackThroughTheHeap() {
    ObjectCache cache = cache("inode", 200, 64);
    long object = cache.allocate(0);
    assertEquals(256, heap.usableSize(object));
    assertEquals(1, heap.census().liveCount());
    assertEquals(256, heap.census().liveUnits());
    heap.free(0, object);
    object = cache.allocate(0);
    assertEquals(MARK, ground.memory.getLong(object));
    assertEquals(object, heap.resize(0, object, 1), "it stays in its cache");
    cache.free(0, object);
  }

  @Test
  void shouldRefuseObjectsOfOtherCaches() {
    ObjectCache inode = cache("inode", 200, 0);
    ObjectCache dentry = cache("dentry", 200, 0);
    long object = inode.allocate(0);
    long block = heap.allocate(0, 200);
    for (long other : new long[] {object, block, 0, 8, ground.base - 8}) {
      MisuseException thrown = assertThrows(MisuseException.class, () -> dentry.free(0, other));
      assertTrue(thrown.toString().contains("dentry"), thrown.toString());
    }
    assertEquals(2, heap.census().liveCount());
    inode.free(0, object);
    assertThrows(MisuseException.class, () -> inode.free(0, object));
    assertThrows(MisuseException.class, () -> inode.free(0, object + 8));
  }

  @Test
  void shouldRefuseToCloseWhileObjectsAreLive() {
    ObjectCache cache = cache("inode", 200, 0);
    long first = cache.allocate(0);
    long second = cache.allocate(0);
    cache.free(0, second);
    MisuseException thrown = assertThrows(MisuseException.class, cache::close);
    assertTrue(
        thrown.toString().contains("zone inode cannot be destroyed: 1 of"), thrown.toString());
    cache.free(0, first);
    cache.close();
    cache.close();
    assertEquals(Set.of(), constructed);
    for (Runnable call :
        List.<Runnable>of(() -> cache.allocate(0), () -> cache.free(0, first), cache::reap)) {
      assertThrows(MisuseException.class, call::run);
    }
  }

  @Test
  void shouldTellZonesOfOneNameApart() {
    ObjectCache first = cache("inode", 200, 0);
    ObjectCache second = cache("inode", 200, 0);
    long object = first.allocate(0);
    long names = heap.statistics().stream().map(Statistic::name).distinct().count();
    assertEquals(names, heap.statistics().size());
    assertEquals(1, Ground.statistic(heap, "inode.inuse"));
    int before = heap.statistics().size();
    second.close();
    assertEquals(before - first.statistics().size(), heap.statistics().size());
    first.free(0, object);
  }

  @Test
  void shouldReviveADestroyedZoneOverItsOldAddresses() {
    ObjectCache first = cache("inode", 1024, 0);
    Set<Long> places = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      places.add(first.allocate(0));
    }
    places.forEach(object -> first.free(0, object));
    first.close();
    assertEquals(0, heap.footprint());
    ObjectCache stranger = cache("vnode", 1024, 0);
    assertFalse(places.contains(stranger.allocate(0)), "the addresses are the old zone's for good");
    ObjectCache again = cache("inode", 1024, 0);
    for (int i = 0; i < 40; i++) {
      long object = again.allocate(0);
      assertTrue(places.contains(object), "another address");
      assertEquals(MARK, ground.memory.getLong(object));
    }
  }

  @Test
  void shouldAlignAndSpaceObjectsAsTheSpecSays() {
    for (long align : new long[] {0, 1, 8, 64, 256, 4096}) {
      for (long bytes : new long[] {1, 7, 8, 100, 2000, 5000}) {
        ObjectCache cache = cache("a" + align + "b" + bytes, bytes, align);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
          long object = cache.allocate(0);
          assertEquals(0, object & (Math.max(16, align) - 1));
          assertTrue(heap.usableSize(object) >= bytes);
          seen.add(object);
        }
        seen.forEach(object -> cache.free(0, object));
        cache.close();
      }
    }
    assertEquals(Set.of(), constructed);
  }

  @Test
  void shouldLeaveWhatFitsInNoZoneToTheSlot() {
    assertTrue(heap.createCache(spec("page tables", 32_768, 4096)).isPresent());
    assertFalse(heap.createCache(spec("too large", 32_769, 0)).isPresent());
    assertFalse(heap.createCache(spec("too aligned", 8, 8192)).isPresent());
    assertFalse(heap.createCache(spec("huge", Long.MAX_VALUE, 0)).isPresent());
    for (long bytes : new long[] {0, -1}) {
      assertThrows(IllegalArgumentException.class, () -> heap.createCache(spec("empty", bytes, 0)));
    }
    assertThrows(IllegalArgumentException.class, () -> heap.createCache(spec("odd", 8, 24)));
  }

  @Test
  void shouldUndoAChunkWhoseConstructorThrows() {
    int[] left = {10};
    CacheSpec failing =
        new CacheSpec(
            "failing",
            100,
            0,
            Optional.of((memory, object) -> {
              if (left[0]-- == 0) {
                throw new IllegalStateException("constructor");
              }
              constructed.add(object);
            }),
            Optional.of((memory, object) -> constructed.remove(object)));
    ObjectCache cache = heap.createCache(failing).orElseThrow();
    assertThrows(IllegalStateException.class, () -> cache.allocate(0));
    assertEquals(Set.of(), constructed);
    left[0] = Integer.MAX_VALUE;
    cache.free(0, cache.allocate(0));
    cache.close();
    assertEquals(Set.of(), constructed);
  }

  @Test
  void shouldGiveEachObjectItsDestructorEvenIfOneThrows() {
    int[] calls = {0};
    CacheSpec failing =
        new CacheSpec(
            "failing",
            100,
            0,
            Optional.empty(),
            Optional.of((memory, object) -> {
              if (calls[0]++ == 5) {
                throw new IllegalStateException("destructor");
              }
            }));
    ObjectCache cache = heap.createCache(failing).orElseThrow();
    cache.free(0, cache.allocate(0));
    assertThrows(IllegalStateException.class, cache::reap);
    assertTrue(calls[0] >= 4096 / 112, calls[0] + " calls");
    assertEquals(0, statistic(cache, "wired_cur"));
    cache.close();
  }
}
