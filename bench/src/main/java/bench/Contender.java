package bench;

/**
 * An allocator of blocks under measurement: a table of numbered places, each empty or with a block.
 * The benchmarks know no more, so that blocks may be addresses as well as objects.
 *
 * <p>Not safe for use by several threads.
 */
abstract class Contender implements AutoCloseable {
  /** Places of each contender: the live blocks of the largest benchmark. */
  static final int PLACES = 10_000;

  /** Fills an empty place. */
  abstract void allocate(int place, int bytes);

  /** Empties a full place. */
  abstract void free(int place);

  /** Gives back what lies below; blocks need not have been freed. */
  @Override
  public void close() {}

  /** {@return a contender} */
  static Contender named(String name) {
    return switch (name) {
      case "dl" -> new QuarryContenders.Engine();
      case "dl-slot" -> new QuarryContenders.Slot();
      case "glibc-ffm" -> new NativeContenders.Glibc();
      case "jemalloc-lwjgl" -> new NativeContenders.Jemalloc();
      case "rpmalloc-lwjgl" -> new NativeContenders.Rpmalloc();
      case "confined-arena" -> new ObjectContenders.Confined();
      case "allocate-direct" -> new ObjectContenders.Direct();
      case "netty-pooled" -> new ObjectContenders.Netty();
      default -> throw new IllegalArgumentException("no contender is named " + name);
    };
  }
}
