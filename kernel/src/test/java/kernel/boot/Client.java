package kernel.boot;

import hardware.api.Window;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.api.BootedSystem;

/**
 * A client of the heap that fills each block with a pattern and compares it before it lets it go.
 */
final class Client {
  private record Block(long address, long bytes, long seed) {}

  private final HeapPort port;
  private final Window window;
  private final Random random;
  private final List<Block> live = new ArrayList<>();
  private long operations;

  Client(BootedSystem system, long seed) {
    this.port = system.heap().open((int) seed % system.machine().cpus());
    this.window = system.heap().window();
    this.random = new Random(seed);
  }

  /** Works until told to stop, then frees everything; returns the number of operations. */
  long run(AtomicBoolean stop) {
    while (!stop.get()) {
      step();
    }
    while (!live.isEmpty()) {
      release(live.removeLast());
    }
    return operations;
  }

  private void step() {
    operations++;
    int choice = random.nextInt(100);
    if (live.isEmpty() || (choice < 55 && live.size() < 3000)) {
      allocate();
    } else if (choice < 65) {
      resize(random.nextInt(live.size()));
    } else {
      release(remove(random.nextInt(live.size())));
    }
  }

  private Block remove(int index) {
    Block block = live.get(index);
    live.set(index, live.getLast());
    live.removeLast();
    return block;
  }

  private long size() {
    return random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(300);
  }

  private void allocate() {
    long bytes = size();
    long address = port.allocate(bytes);
    if (address == 0) {
      throw new AssertionError("exhausted after " + operations);
    }
    fill(new Block(address, bytes, random.nextLong()));
  }

  private void fill(Block block) {
    for (long at = 0; at < block.bytes(); at++) {
      window.putByte(block.address() + at, pattern(block, at));
    }
    live.add(block);
  }

  private static byte pattern(Block block, long at) {
    return (byte) (block.seed() >>> ((at & 7) * 8) ^ at);
  }

  private void verify(Block block, long address, long bytes) {
    for (long at = 0; at < bytes; at++) {
      if (window.getByte(address + at) != pattern(block, at)) {
        throw new AssertionError(
            "block 0x%x of %d bytes is damaged at %d after %d operations"
                .formatted(block.address(), block.bytes(), at, operations));
      }
    }
  }

  private void resize(int index) {
    Block old = remove(index);
    verify(old, old.address(), old.bytes());
    long bytes = size();
    long address = port.resize(old.address(), bytes);
    if (address == 0) {
      throw new AssertionError("exhausted after " + operations);
    }
    verify(old, address, Math.min(bytes, old.bytes()));
    fill(new Block(address, bytes, random.nextLong()));
  }

  private void release(Block block) {
    verify(block, block.address(), block.bytes());
    port.free(block.address());
  }
}
