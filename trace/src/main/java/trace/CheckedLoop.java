package trace;

import hardware.api.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loop that looks after every block: each is filled with {@linkplain BlockPattern its own
 * pattern} when born and compared when it is resized, freed, or left over. Two blocks that overlap
 * are found when the one written first is next looked at. A damaged block is counted once per look.
 */
final class CheckedLoop extends BatchLoop {
  private final Window window;
  private final List<Corruption> first = new ArrayList<>();
  private long[] idOfSlot = new long[0];
  private long[] sizeOfSlot = new long[0];
  private long corruptions;

  CheckedLoop(PortTable ports, Window window) {
    super(ports);
    this.window = window;
  }

  long corruptions() {
    return corruptions;
  }

  List<Corruption> first() {
    return first;
  }

  @Override
  void reserve(int slots) {
    super.reserve(slots);
    if (addressOfSlot.length > idOfSlot.length) {
      idOfSlot = Arrays.copyOf(idOfSlot, addressOfSlot.length);
      sizeOfSlot = Arrays.copyOf(sizeOfSlot, addressOfSlot.length);
    }
  }

  @Override
  void run(EventBatch batch, int from, int to) {
    for (int i = from; i < to; i++) {
      long event = batch.first() + i;
      switch (batch.operation[i]) {
        case EventBatch.ALLOCATE -> born(batch, i, port.allocate(batch.size[i]));
        case EventBatch.ZEROED -> zeroed(batch, i, event);
        case EventBatch.ALIGNED -> aligned(batch, i, event);
        case EventBatch.RESIZE -> resize(batch, i, event);
        case EventBatch.FREE -> {
          inspect(batch.slot[i], event);
          free(port, addressOfSlot[batch.slot[i]]);
        }
        default -> port = ports.forThread(batch.thread[i]);
      }
    }
  }

  @Override
  void inspect(int slot, long event) {
    long address = addressOfSlot[slot];
    long bytes = sizeOfSlot[slot];
    long id = idOfSlot[slot];
    if (address != 0 && isInside(address, bytes)) {
      compare(Corruption.Kind.CONTENT, event, id, address, bytes);
    }
  }

  private void zeroed(EventBatch batch, int i, long event) {
    long bytes = batch.bytes(i);
    long address = port.allocateZeroed(bytes);
    if (address != 0 && isInside(address, bytes)) {
      long offset = BlockPattern.notZero(window, address, bytes);
      if (offset != BlockPattern.SAME) {
        found(Corruption.Kind.NOT_ZERO, event, batch.id[i], address, offset, 0);
      }
    }
    born(batch, i, address);
  }

  private void aligned(EventBatch batch, int i, long event) {
    long address = port.allocateAligned(batch.extra[i], batch.size[i]);
    if ((address & (batch.extra[i] - 1)) != 0) {
      note(new Corruption(Corruption.Kind.MISALIGNED, event, batch.id[i], address, 0, 0, 0));
    }
    born(batch, i, address);
  }

  private void resize(EventBatch batch, int i, long event) {
    int dying = batch.oldSlot[i];
    inspect(dying, event);
    long old = addressOfSlot[dying];
    boolean whole = old != 0 && isInside(old, sizeOfSlot[dying]);
    long oldId = idOfSlot[dying];
    long kept = Math.min(sizeOfSlot[dying], batch.size[i]);
    long address = resize(port, old, batch.size[i]);
    if (whole && address != 0 && isInside(address, kept)) {
      compare(Corruption.Kind.NOT_PRESERVED, event, oldId, address, kept);
    }
    born(batch, i, address);
  }

  /** Notes the block of event {@code i} and fills it. */
  private void born(EventBatch batch, int i, long address) {
    int slot = batch.slot[i];
    long bytes = batch.bytes(i);
    long id = batch.id[i];
    born[i] = address;
    addressOfSlot[slot] = address;
    idOfSlot[slot] = id;
    sizeOfSlot[slot] = bytes;
    if (address == 0) {
      return;
    }
    if (isInside(address, bytes)) {
      BlockPattern.fill(window, address, bytes, id);
    } else {
      note(new Corruption(Corruption.Kind.OUTSIDE, batch.first() + i, id, address, 0, 0, 0));
    }
  }

  /** Addresses of the kernel half are negative as a {@code long}; offsets from the base are not. */
  private boolean isInside(long address, long bytes) {
    long offset = address - window.base();
    return offset >= 0 && offset <= window.size() && bytes <= window.size() - offset;
  }

  private void compare(Corruption.Kind kind, long event, long id, long address, long bytes) {
    long offset = BlockPattern.difference(window, address, bytes, id);
    if (offset != BlockPattern.SAME) {
      found(kind, event, id, address, offset, BlockPattern.byteAt(id, offset));
    }
  }

  private void found(
      Corruption.Kind kind, long event, long id, long address, long offset, int expected) {
    int there = window.getByte(address + offset) & 0xff;
    note(new Corruption(kind, event, id, address, offset, expected, there));
  }

  private void note(Corruption corruption) {
    corruptions++;
    if (first.size() < ReplayResult.KEPT_CORRUPTIONS) {
      first.add(corruption);
    }
  }
}
