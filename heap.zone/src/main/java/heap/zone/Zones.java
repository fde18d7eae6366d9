package heap.zone;

import heap.api.CacheSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The register of zones: those of the size classes, and those that clients made. An index stays a
 * zone's for good, since its addresses do; a destroyed zone is revived when one of the same name
 * and shape is made. Reading takes no lock; the array is replaced when a zone comes.
 */
final class Zones {
  private final ZoneSpace space;
  private final SizeClasses classes;
  private final Zone[] general;
  private volatile Zone[] all; // index - 1 to zone

  Zones(ZoneSpace space) {
    this.space = space;
    this.classes = SizeClasses.of(space.settings.typedClasses(), space.settings.largest());
    this.general = new Zone[classes.count()];
    for (int i = 0; i < general.length; i++) {
      ChunkGeometry geometry = ChunkGeometry.of(classes.size(i), space.pageBytes);
      general[i] = new Zone(space, shape(i + 1, classes.name(i), false, classes.size(i), geometry));
    }
    this.all = general.clone();
  }

  private ZoneShape shape(
      int id, String name, boolean named, long objectBytes, ChunkGeometry geometry) {
    int place = space.entropy.below(2 * space.settings.submaps());
    return new ZoneShape(
        id,
        name,
        named,
        objectBytes,
        geometry,
        place >>> 1,
        (place & 1) != 0,
        ZoneShape.NOTHING,
        ZoneShape.NOTHING);
  }

  SizeClasses classes() {
    return classes;
  }

  /** {@return the zones of the size classes} */
  Zone[] general() {
    return general;
  }

  /**
   * {@return the smallest size class of an element's length whose elements are aligned so; the
   * number of classes if none is}
   */
  int aligned(long least, long align) {
    int index = classes.of(least);
    while (index < general.length && general[index].shape.geometry().align() < align) {
      index++; // a power of two is aligned to its size
    }
    return index;
  }

  Zone byId(int id) {
    return all[id - 1];
  }

  /** {@return every zone, also those that were destroyed, whose addresses stay} */
  List<Zone> all() {
    return Arrays.asList(all);
  }

  /** {@return the zones that are not destroyed} */
  List<Zone> open() {
    return all().stream().filter(zone -> !zone.isClosed()).toList();
  }

  /** {@return the zone with the most frames} */
  Zone largest() {
    Zone largest = all[0];
    for (Zone zone : all) {
      largest = zone.chunks.wired() > largest.chunks.wired() ? zone : largest;
    }
    return largest;
  }

  /**
   * Makes a zone for a client.
   *
   * @return the zone, or empty if its objects are too large or there are too many zones
   */
  synchronized Optional<Zone> create(CacheSpec spec) {
    require(spec);
    long align = Math.max(spec.align(), SizeClasses.GRANULE);
    if (align > space.pageBytes || spec.objectBytes() > ChunkGeometry.MOST) {
      return Optional.empty();
    }
    long bytes = (spec.objectBytes() + align - 1) & -align;
    return bytes > ChunkGeometry.MOST ? Optional.empty() : create(spec, (int) bytes, (int) align);
  }

  private Optional<Zone> create(CacheSpec spec, int bytes, int align) {
    ChunkGeometry geometry = aligned(bytes, align);
    Optional<Zone> former = destroyed(spec, geometry);
    int id = former.map(zone -> zone.shape.id()).orElse(all.length + 1);
    if (id > PageMeta.MOST_ZONES) {
      return Optional.empty();
    }
    Zone zone = former.map(old -> revive(old, spec)).orElseGet(() -> fresh(id, spec, geometry));
    Zone[] next = Arrays.copyOf(all, Math.max(all.length, id));
    next[id - 1] = zone;
    all = next;
    return Optional.of(zone);
  }

  // What is left over is at the front of a chunk; a part of it that keeps the elements aligned.
  private ChunkGeometry aligned(int bytes, int align) {
    ChunkGeometry geometry = ChunkGeometry.of(bytes, space.pageBytes);
    int offset = geometry.offset() & -align;
    return new ChunkGeometry(
        bytes, geometry.chunkPages(), geometry.elems(), offset, geometry.pageShift());
  }

  private Optional<Zone> destroyed(CacheSpec spec, ChunkGeometry geometry) {
    return all().stream()
        .filter(zone -> zone.isClosed() && zone.shape.geometry().equals(geometry))
        .filter(zone -> zone.name().equals(spec.name()))
        .findFirst();
  }

  /* A new zone over the addresses of the old one, with the constructors of the new client. */
  private Zone revive(Zone old, CacheSpec spec) {
    Zone zone = new Zone(space, ofClient(spec, old.shape));
    old.lock.enter();
    zone.chunks.inherit(old.chunks);
    old.lock.leave();
    return zone;
  }

  private Zone fresh(int id, CacheSpec spec, ChunkGeometry geometry) {
    long usable = geometry.elemSize();
    return new Zone(space, ofClient(spec, shape(id, name(id, spec), true, usable, geometry)));
  }

  private String name(int id, CacheSpec spec) {
    boolean taken = open().stream().anyMatch(zone -> zone.name().equals(spec.name()));
    return taken ? spec.name() + "~" + id : spec.name();
  }

  private static ZoneShape ofClient(CacheSpec spec, ZoneShape shape) {
    return new ZoneShape(
        shape.id(),
        shape.name(),
        true,
        shape.objectBytes(),
        shape.geometry(),
        shape.submap(),
        shape.fromEnd(),
        spec.constructor().orElse(ZoneShape.NOTHING),
        spec.destructor().orElse(ZoneShape.NOTHING));
  }

  private static void require(CacheSpec spec) {
    if (spec.objectBytes() < 1) {
      throw new IllegalArgumentException(
          "zone %s: an object of %d bytes is too small; at least 1"
              .formatted(spec.name(), spec.objectBytes()));
    }
    if (spec.align() != 0 && (Long.bitCount(spec.align()) != 1 || spec.align() < 0)) {
      throw new IllegalArgumentException(
          "zone %s: alignment %d is neither 0 nor a power of two"
              .formatted(spec.name(), spec.align()));
    }
  }
}
