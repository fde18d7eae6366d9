package workbench.compare;

import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import kernel.api.BootedSystem;
import physmem.api.FrameEngine;
import physmem.api.FramePort;

/**
 * What a seed changes: the state in which a trace finds the machine.
 *
 * <p>Traces are fixed, and so is every allocator; what differs between one start of a program and
 * the next is what ran before. So a seed other than 0 has somebody take frame blocks of orders 0 to
 * 3, up to an eighth of the free frames and 4096 blocks at most, and free a random half of them;
 * and it has somebody allocate 256 heap blocks of 16 to 2063 bytes and free a random half. The rest
 * stays until the end of the run. Mytkowicz and others (Producing wrong data without doing anything
 * obviously wrong, ASPLOS 2009) showed how far such an innocent difference can move results.
 */
final class Perturbation implements AutoCloseable {
  private static final int FRAME_BLOCKS = 4096;
  private static final int ORDERS = 4;
  private static final int SHARE = 8;
  private static final int HEAP_BLOCKS = 256;
  private static final int LEAST = 16;
  private static final int SIZES = 2048;

  private record Held(long frame, int order) {}

  private final BootedSystem system;
  private final List<Held> frames = new ArrayList<>();
  private final List<Long> blocks = new ArrayList<>();

  private Perturbation(BootedSystem system) {
    this.system = system;
  }

  /**
   * Perturbs a machine.
   *
   * @param seed 0 to leave it as it is
   */
  static Perturbation apply(BootedSystem system, long seed) {
    Perturbation made = new Perturbation(system);
    if (seed != 0) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      made.takeFrames(random);
      made.takeBlocks(random);
    }
    return made;
  }

  private void takeFrames(RandomGenerator random) {
    try (FramePort port = system.frames().open(0)) {
      long left = system.frames().freeFrames() / SHARE;
      for (int i = 0; i < FRAME_BLOCKS && left > 0; i++) {
        int order = random.nextInt(ORDERS);
        long frame = port.allocate(order, 0);
        if (frame == FrameEngine.NONE) {
          break;
        }
        frames.add(new Held(frame, order));
        left -= 1L << order;
      }
      for (int half = frames.size() / 2; half > 0; half--) {
        Held gone = frames.remove(random.nextInt(frames.size()));
        port.free(gone.frame(), gone.order());
      }
    }
  }

  private void takeBlocks(RandomGenerator random) {
    try (HeapPort port = system.heap().open(0)) {
      for (int i = 0; i < HEAP_BLOCKS; i++) {
        long address = port.allocate(LEAST + random.nextInt(SIZES));
        if (address == 0) {
          break;
        }
        blocks.add(address);
      }
      for (int half = blocks.size() / 2; half > 0; half--) {
        port.free(blocks.remove(random.nextInt(blocks.size())));
      }
    }
  }

  /** Frees what is held. */
  @Override
  public void close() {
    try (HeapPort port = system.heap().open(0)) {
      blocks.forEach(port::free);
    }
    try (FramePort port = system.frames().open(0)) {
      frames.forEach(held -> port.free(held.frame(), held.order()));
    }
    blocks.clear();
    frames.clear();
  }
}
