package workbench.explain;

import heap.api.HeapEngine;
import heap.api.HeapPort;
import heap.api.HeapRequest;
import heap.api.HeapRequest.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kernel.api.BootedSystem;
import trace.EventBatch;
import trace.TraceException;
import trace.TraceReader;

/**
 * Replays a trace one event at a time, slowly, and knows of each live block which line gave birth
 * to it. It makes the same calls as {@link trace.Replayer}, so that blocks land where they land
 * there.
 *
 * <p>Not safe for use by several threads.
 */
public final class Stepper {
  /**
   * A block that is live.
   *
   * @param id its id in the trace
   * @param address where it is; 0 if its allocation failed
   * @param bytes what was asked for
   * @param event the number of the event that gave birth to it, from 1
   * @param line the line of the trace
   */
  public record Block(long id, long address, long bytes, long event, long line) {}

  private final BootedSystem system;
  private final TraceReader reader;
  private final EventBatch batch = new EventBatch(1);
  private final Map<Integer, HeapPort> ports = new HashMap<>();
  private final Map<Integer, Block> bySlot = new HashMap<>();
  private final TreeMap<Long, Block> byAddress = new TreeMap<>(Long::compareUnsigned);
  private long event;
  private int at; // of the events that the line yielded

  /**
   * Begins before the first event.
   *
   * @param system whose heap is called
   * @param reader the trace, not read yet
   */
  public Stepper(BootedSystem system, TraceReader reader) {
    this.system = system;
    this.reader = reader;
  }

  /**
   * Goes to the next event, without executing it.
   *
   * @return false at the end of the trace
   * @throws TraceException if the trace cannot be read on
   */
  public boolean next() throws TraceException {
    at++;
    if (at >= batch.length()) {
      at = 0;
      if (!reader.read(batch)) {
        return false;
      }
    }
    event++;
    return true;
  }

  /** {@return the number of the event, from 1} */
  public long event() {
    return event;
  }

  /** {@return the line of the event, from 1} */
  public long line() {
    return reader.line();
  }

  /** {@return whether the event is a call and not a change of the thread} */
  public boolean isCall() {
    return batch.operation(at) != EventBatch.THREAD;
  }

  /** {@return the id of the block that the event is about} */
  public long id() {
    return batch.id(at);
  }

  /** {@return the CPU that makes the call} */
  public int cpu() {
    return batch.thread(at) % system.machine().cpus();
  }

  /** {@return the call that the event is} */
  public HeapRequest request() {
    long bytes = batch.bytes(at);
    return switch (batch.operation(at)) {
      case EventBatch.ALLOCATE -> new HeapRequest(Kind.ALLOCATE, cpu(), 0, 0, bytes);
      case EventBatch.ZEROED -> new HeapRequest(Kind.ZEROED, cpu(), 0, 0, bytes);
      case EventBatch.ALIGNED -> new HeapRequest(Kind.ALIGNED, cpu(), 0, batch.extra(at), bytes);
      case EventBatch.RESIZE -> resize(addressOf(batch.oldSlot(at)), bytes);
      case EventBatch.FREE -> new HeapRequest(Kind.FREE, cpu(), addressOf(batch.slot(at)), 0, 0);
      default -> throw new IllegalStateException("event " + event + " is no call");
    };
  }

  private HeapRequest resize(long old, long bytes) {
    return old == HeapEngine.NULL
        ? new HeapRequest(Kind.ALLOCATE, cpu(), 0, 0, bytes)
        : new HeapRequest(Kind.RESIZE, cpu(), old, 0, bytes);
  }

  private long addressOf(int slot) {
    Block block = bySlot.get(slot);
    return block == null ? HeapEngine.NULL : block.address();
  }

  /**
   * Executes the event.
   *
   * @return the address of the block that was born, or 0 if none was
   */
  public long execute() {
    if (!isCall()) {
      return HeapEngine.NULL;
    }
    HeapRequest request = request();
    HeapPort port = ports.computeIfAbsent(request.cpu(), system.heap()::open);
    return switch (request.kind()) {
      case ALLOCATE -> resized(port.allocate(request.bytes()));
      case ZEROED -> born(port.allocateZeroed(request.bytes()));
      case ALIGNED -> born(port.allocateAligned(request.align(), request.bytes()));
      case RESIZE -> resize(port, request);
      case FREE -> free(port, request);
    };
  }

  private long resized(long address) {
    if (batch.operation(at) == EventBatch.RESIZE) {
      forget(batch.oldSlot(at));
    }
    return born(address);
  }

  private long resize(HeapPort port, HeapRequest request) {
    long moved = port.resize(request.address(), request.bytes());
    if (moved == HeapEngine.NULL) {
      port.free(request.address()); // to the program it is dead
    }
    forget(batch.oldSlot(at));
    return born(moved);
  }

  private long free(HeapPort port, HeapRequest request) {
    if (request.address() != HeapEngine.NULL) {
      port.free(request.address());
    }
    forget(batch.slot(at));
    return HeapEngine.NULL;
  }

  private void forget(int slot) {
    Block gone = bySlot.remove(slot);
    if (gone != null) {
      byAddress.remove(gone.address());
    }
  }

  private long born(long address) {
    Block block = new Block(batch.id(at), address, batch.bytes(at), event, line());
    bySlot.put(batch.slot(at), block);
    if (address != HeapEngine.NULL) {
      byAddress.put(address, block);
    }
    return address;
  }

  /** {@return the live blocks by rising address} */
  public List<Block> live() {
    return new ArrayList<>(byAddress.values());
  }

  /** {@return the live block that lies next below an address, or next above it, if there is one} */
  public Optional<Block> neighbour(long address, boolean below) {
    Map.Entry<Long, Block> found =
        below ? byAddress.lowerEntry(address) : byAddress.higherEntry(address);
    return Optional.ofNullable(found).map(Map.Entry::getValue);
  }

  /** Frees what is live. */
  public void freeAll() {
    HeapPort port = ports.computeIfAbsent(0, system.heap()::open);
    byAddress.keySet().forEach(port::free);
    byAddress.clear();
    bySlot.clear();
  }
}
