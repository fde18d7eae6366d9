package workbench.frames;

import java.util.Arrays;
import java.util.stream.IntStream;
import physmem.api.FrameAllocator;
import physmem.api.FrameEngine;
import physmem.api.FramePort;

/** Makes the calls of a batch, one after the other on one thread, and remembers the places. */
final class FrameLoop implements AutoCloseable {
  private final FramePort[] ports;
  private final FrameShadow shadow;
  private final boolean checking;
  private long[] frameOfSlot = new long[64];
  private byte[] orderOfSlot = new byte[64];

  /** For each event of the batch run last the first frame of its block, or {@code NONE}. */
  private long[] place = new long[0];

  FrameLoop(FrameAllocator frames, int cpus, FrameShadow shadow, boolean checking) {
    this.ports = IntStream.range(0, cpus).mapToObj(frames::open).toArray(FramePort[]::new);
    this.shadow = shadow;
    this.checking = checking;
    Arrays.fill(frameOfSlot, FrameEngine.NONE);
  }

  /** Makes room for a batch, outside of the time that is taken. */
  void reserve(FrameBatch batch) {
    int old = frameOfSlot.length;
    if (batch.slots() > old) {
      frameOfSlot = Arrays.copyOf(frameOfSlot, 2 * batch.slots());
      Arrays.fill(frameOfSlot, old, frameOfSlot.length, FrameEngine.NONE);
      orderOfSlot = Arrays.copyOf(orderOfSlot, frameOfSlot.length);
    }
    if (place.length < batch.length) {
      place = new long[batch.length];
    }
  }

  void run(FrameBatch batch) {
    for (int i = 0; i < batch.length; i++) {
      FramePort port = ports[batch.cpu[i] % ports.length];
      int slot = batch.slot[i];
      if (batch.allocates[i]) {
        long frame = allocate(port, batch.order[i], batch.flags[i]);
        frameOfSlot[slot] = frame;
        orderOfSlot[slot] = batch.order[i];
        place[i] = frame;
      } else {
        place[i] = free(port, slot);
      }
      if (checking) {
        shadow.look(batch, i, place[i]);
      }
    }
  }

  /** Returns whether the block of an event of the batch run last had frames. */
  boolean served(int event) {
    return place[event] != FrameEngine.NONE;
  }

  /** Frees every block that is live. */
  void freeAll() {
    for (int slot = 0; slot < frameOfSlot.length; slot++) {
      free(ports[0], slot);
    }
  }

  private long free(FramePort port, int slot) {
    long frame = frameOfSlot[slot];
    frameOfSlot[slot] = FrameEngine.NONE;
    if (frame != FrameEngine.NONE) {
      port.free(frame, orderOfSlot[slot]);
    }
    return frame;
  }

  // The contract has an exception for an order above the engine's largest: it cannot be served.
  private static long allocate(FramePort port, int order, int flags) {
    try {
      return port.allocate(order, flags);
    } catch (IllegalArgumentException e) {
      if (order == 0) {
        throw e;
      }
      return FrameEngine.NONE;
    }
  }

  @Override
  public void close() {
    for (FramePort port : ports) {
      port.close();
    }
  }
}
