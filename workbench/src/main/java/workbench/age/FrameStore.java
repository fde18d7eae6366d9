package workbench.age;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import physmem.api.FrameAllocator;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameMover;
import physmem.api.FramePort;
import physmem.api.ZoneReport;

/**
 * The model's blocks on the frames of one provider. A request above order 0 that fails is served in
 * single frames, as Linux' {@code kvmalloc} and its page cache do. For one thread.
 */
final class FrameStore implements AgeSink, FrameMover, AutoCloseable {
  private static final int HUGE = AgeModel.HUGE;
  private static final long MOST_FRAMES = 1L << 28; // 1 TiB
  private static final int FIRST_ROOM = 1 << 16;

  private final List<FramePort> ports = new ArrayList<>();
  private final Compactor compactor;
  private final int[] owners; // by frame: the block that begins there, its id + 1
  private final int[] fixed; // by huge block: frames that cannot be moved
  private final Map<Integer, long[]> pieces = new HashMap<>(); // of blocks in single frames
  private long[] frames = new long[FIRST_ROOM]; // by id
  private byte[] orders = new byte[FIRST_ROOM]; // by id
  private byte[] mobilities = new byte[FIRST_ROOM]; // by id
  private long mixed;
  private long split;
  private long failed;

  FrameStore(FrameAllocator allocator, int cpus, boolean compact) {
    long end = 0;
    for (ZoneReport zone : allocator.zones()) {
      end = Math.max(end, zone.start() + zone.spanned());
    }
    if (end > MOST_FRAMES) {
      throw new IllegalArgumentException(
          "the map's RAM ends at frame %d: ageing takes up to %d; choose a smaller map"
              .formatted(end, MOST_FRAMES));
    }
    owners = new int[(int) end];
    fixed = new int[(int) (end >> HUGE) + 1];
    compactor = new Compactor(allocator, this, compact);
    for (int cpu = 0; cpu < cpus; cpu++) {
      ports.add(allocator.open(cpu));
    }
  }

  /** {@return aligned blocks of order 9 in which something lies that cannot be moved} */
  long mixed() {
    return mixed;
  }

  /** {@return requests so far that were served in single frames} */
  long split() {
    return split;
  }

  /** {@return frames so far that could not be had} */
  long failed() {
    return failed;
  }

  /** {@return blocks that compaction has moved so far} */
  long moved() {
    return compactor.moved();
  }

  @Override
  public void born(int id, int order, int mobility, int cpu) {
    reserve(id);
    orders[id] = (byte) order;
    mobilities[id] = (byte) mobility;
    frames[id] = ask(order, mobility, cpu);
    if (frames[id] != FrameEngine.NONE) {
      own(id, frames[id], order);
    } else if (order > 0) {
      split++;
      pieces.put(id, singles(id, 1 << order, mobility, cpu));
    } else {
      failed++;
    }
  }

  private void reserve(int id) {
    if (id >= frames.length) {
      frames = Arrays.copyOf(frames, frames.length * 2);
      orders = Arrays.copyOf(orders, orders.length * 2);
      mobilities = Arrays.copyOf(mobilities, mobilities.length * 2);
    }
  }

  private long ask(int order, int mobility, int cpu) {
    FramePort port = ports.get(cpu);
    long frame = port.allocate(order, mobility);
    if (frame == FrameEngine.NONE && order == HUGE && compactor.tryFor(order)) {
      frame = port.allocate(order, mobility);
      compactor.helped(frame != FrameEngine.NONE);
    }
    return frame;
  }

  private long[] singles(int id, int count, int mobility, int cpu) {
    long[] got = new long[count];
    for (int i = 0; i < count; i++) {
      got[i] = ports.get(cpu).allocate(0, mobility);
      if (got[i] == FrameEngine.NONE) {
        failed++;
      } else {
        own(id, got[i], 0);
      }
    }
    return got;
  }

  @Override
  public void died(int id, int cpu) {
    long[] single = pieces.remove(id);
    if (single == null) {
      release(id, frames[id], orders[id], cpu);
      return;
    }
    for (long frame : single) {
      release(id, frame, 0, cpu);
    }
  }

  private void release(int id, long frame, int order, int cpu) {
    if (frame != FrameEngine.NONE) {
      disown(id, frame, order);
      ports.get(cpu).free(frame, order);
    }
  }

  private void own(int id, long frame, int order) {
    owners[(int) frame] = id + 1;
    if (mobilities[id] != FrameFlags.MOVABLE) {
      int huge = (int) (frame >> HUGE);
      mixed += fixed[huge] == 0 ? 1 : 0;
      fixed[huge] += 1 << order;
    }
  }

  private void disown(int id, long frame, int order) {
    owners[(int) frame] = 0;
    if (mobilities[id] != FrameFlags.MOVABLE) {
      int huge = (int) (frame >> HUGE);
      fixed[huge] -= 1 << order;
      mixed -= fixed[huge] == 0 ? 1 : 0;
    }
  }

  /** Moves one of the model's movable blocks; what others hold stays. */
  @Override
  public boolean move(long from, long to, int order) {
    int id = owners[(int) from] - 1;
    if (id < 0 || mobilities[id] != FrameFlags.MOVABLE) {
      return false;
    }
    long[] single = pieces.get(id);
    if (single != null) {
      for (int i = 0; i < single.length; i++) {
        single[i] = single[i] == from ? to : single[i];
      }
    } else {
      frames[id] = to;
    }
    disown(id, from, order);
    own(id, to, order);
    return true;
  }

  /** Asks for huge blocks, and gives all of them back. {@return how many there were} */
  int test(int wanted) {
    Ids got = new Ids();
    take(wanted, got);
    int count = got.size();
    giveBack(got);
    return count;
  }

  /** {@return whether the provider moves anything when no huge block is free any more} */
  boolean compacts(FrameAllocator allocator) {
    Ids got = new Ids();
    take(fixed.length, got);
    boolean moves = allocator.compact(HUGE, this) > 0;
    giveBack(got);
    return moves;
  }

  private void take(int most, Ids into) {
    boolean more = true;
    while (more && into.size() < most) {
      long frame = ask(HUGE, FrameFlags.MOVABLE, 0);
      more = frame != FrameEngine.NONE;
      if (more) {
        into.add((int) frame);
      }
    }
  }

  private void giveBack(Ids blocks) {
    while (blocks.size() > 0) {
      ports.get(0).free(blocks.take(), HUGE);
    }
  }

  @Override
  public void close() {
    ports.forEach(FramePort::close);
  }
}
