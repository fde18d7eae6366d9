package workbench.frames;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import physmem.api.FrameFlags;
import trace.TraceException;
import trace.frames.FrameEvent;
import trace.frames.FrameSource;

/**
 * A stretch of a frame trace in arrays, so that the timed loop neither reads nor looks ids up. A
 * block that is live has a slot; slots are used again.
 */
final class FrameBatch {
  private static final int CAPACITY = 1 << 13;
  private static final int ENGINE_FLAGS =
      FrameFlags.MOBILITY_MASK | FrameFlags.ZONE_MASK | FrameFlags.ATOMIC | FrameFlags.NO_RETRY;

  final boolean[] allocates = new boolean[CAPACITY];
  final int[] slot = new int[CAPACITY];
  final byte[] order = new byte[CAPACITY];
  final byte[] flags = new byte[CAPACITY];
  final int[] cpu = new int[CAPACITY];
  final long[] id = new long[CAPACITY];
  int length;

  private final Map<Long, Integer> slotOfId = new HashMap<>();
  private int[] vacant = new int[64];
  private int vacancies;
  private int slots;
  private byte[] orderOfSlot = new byte[64];

  /** Fills the batch; false if the trace had ended before. */
  boolean read(FrameSource source) throws TraceException {
    length = 0;
    while (length < CAPACITY) {
      @Nullable FrameEvent event = source.read();
      if (event == null) {
        return length > 0;
      }
      if (event.operation() != FrameEvent.Operation.CPU) {
        add(event);
      }
    }
    return true;
  }

  /** Returns the number of slots that there have been. */
  int slots() {
    return slots;
  }

  private void add(FrameEvent event) {
    boolean birth = event.operation() == FrameEvent.Operation.ALLOCATE;
    int at = birth ? birth(event) : death(event.id());
    allocates[length] = birth;
    slot[length] = at;
    order[length] = orderOfSlot[at];
    flags[length] = (byte) (event.flags() & ENGINE_FLAGS);
    cpu[length] = event.cpu();
    id[length] = event.id();
    length++;
  }

  private int birth(FrameEvent event) {
    int at = vacancies > 0 ? vacant[--vacancies] : slots++;
    if (at == orderOfSlot.length) {
      orderOfSlot = Arrays.copyOf(orderOfSlot, at * 2);
    }
    orderOfSlot[at] = (byte) event.order();
    slotOfId.put(event.id(), at);
    return at;
  }

  private int death(long block) {
    Integer at = slotOfId.remove(block);
    if (at == null) {
      throw new IllegalArgumentException("block " + block + " is not live");
    }
    if (vacancies == vacant.length) {
      vacant = Arrays.copyOf(vacant, vacancies * 2);
    }
    vacant[vacancies++] = at;
    return at;
  }
}
