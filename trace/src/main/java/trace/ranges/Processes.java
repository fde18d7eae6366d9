package trace.ranges;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import trace.ranges.RangeEvent.Operation;
import trace.tool.BadLineException;

/**
 * The processes and threads of a log with their address spaces, and the events that their calls
 * make. Addresses become ids and offsets here.
 *
 * <p>A process that begins to call before the log shows what its parent's {@code clone} returned is
 * taken for a child of the oldest clone that has not returned.
 */
final class Processes {
  private static final long LARGEST_ADDRESS = Long.MAX_VALUE - RangeEvent.PAGE;

  private static final long NAMELESS = -1;

  /** A process or thread of the system: its index and its address space. */
  private static final class Task {
    final int thread;
    int space;

    Task(int thread, int space) {
      this.thread = thread;
      this.space = space;
    }
  }

  private final Consumer<String> odd;
  private final Map<Long, Task> tasks = new HashMap<>();
  private final Map<Integer, AddressMap> maps = new HashMap<>();
  private final Map<Integer, Integer> usersOf = new HashMap<>();

  /** Parents whose clone has not returned, with whether their child shares their memory. */
  private final Map<Long, Boolean> cloning = new LinkedHashMap<>();

  private final Deque<RangeEvent> due = new ArrayDeque<>();
  private int threads;
  private int spaces;
  private int thread;
  private int space;
  private int livePieces;
  private long nextId;
  private AddressMap map = new AddressMap();

  Processes(Consumer<String> odd) {
    this.odd = odd;
  }

  boolean hasEvent() {
    return !due.isEmpty();
  }

  @Nullable RangeEvent event() {
    return due.poll();
  }

  /** Makes this process the one that the following calls are of. */
  void at(long pid) throws BadLineException {
    Task task = known(pid);
    enter(task == null ? meet(pid) : task);
  }

  void map(long address, long size, int protection, boolean fixed) throws BadLineException {
    long end = end(address, size);
    AddressMap.@Nullable Piece inside = fixed ? map.around(address, end) : null;
    if (inside != null) {
      add(Operation.OVERLAY, inside.id(), 0, inside.offset(), inside.bytes(), protection);
      return;
    }
    vacate(address, end, fixed);
    Operation operation = fixed ? Operation.MAP_AT : Operation.MAP;
    add(operation, nextId, fixed ? address : 0, 0, end - address, protection);
    birth(address, end - address);
  }

  void unmap(long address, long size) throws BadLineException {
    if (!removeAll(address, end(address, size))) {
      odd.accept("unmapped ranges that were mapped before the log, left out");
    }
  }

  void protect(long address, long size, int protection) throws BadLineException {
    if (size == 0) {
      return;
    }
    var pieces = map.between(address, end(address, size));
    for (AddressMap.Piece piece : pieces) {
      add(Operation.PROTECT, piece.id(), 0, piece.offset(), piece.bytes(), protection);
    }
    if (pieces.isEmpty()) {
      odd.accept("protected ranges that were mapped before the log, left out");
    }
  }

  void remap(long old, long oldSize, long newSize, long address) throws BadLineException {
    if (oldSize == 0) {
      map(address, newSize, RangeEvent.READ | RangeEvent.WRITE | RangeEvent.SHARED, false);
      return;
    }
    long oldEnd = end(old, oldSize);
    long newEnd = end(address, newSize);
    AddressMap.@Nullable Piece piece = map.around(old, oldEnd);
    if (piece != null && map.isWhole(old, oldEnd)) {
      map.remove(piece);
      livePieces--;
      vacate(address, newEnd, true);
      add(Operation.RESIZE, nextId, piece.id(), 0, newEnd - address, 0);
    } else {
      odd.accept("resizes of a part of a range: unmapped and mapped");
      removeAll(old, oldEnd);
      vacate(address, newEnd, true);
      int protection = RangeEvent.READ | RangeEvent.WRITE;
      add(Operation.MAP, nextId, 0, 0, newEnd - address, protection);
    }
    birth(address, newEnd - address);
  }

  void moveBreak(long address) {
    if (map.heapStart < 0 || address < map.heapStart) {
      if (map.heapEnd > map.heapStart) {
        add(Operation.BREAK, 0, 0, 0, 0, 0);
      }
      map.heapStart = address;
      map.heapEnd = address;
    } else if (address != map.heapEnd) {
      map.heapEnd = address;
      add(Operation.BREAK, 0, 0, 0, address - map.heapStart, 0);
    }
  }

  /** The process runs another program: in its space if no other uses it, or in a fresh one. */
  void exec() throws BadLineException {
    Task task = current();
    if (usersOf.getOrDefault(space, 1) > 1) {
      usersOf.merge(space, -1, Integer::sum);
      task.space = freshSpace();
      usersOf.merge(task.space, 1, Integer::sum);
      enter(task);
    } else {
      clear();
    }
  }

  void exit(long pid) throws BadLineException {
    Task task = known(pid);
    if (task == null) {
      return;
    }
    enter(task);
    tasks.values().remove(task);
    if (usersOf.merge(space, -1, Integer::sum) == 0) {
      clear();
      maps.remove(space);
    }
  }

  void willClone(long pid, boolean shares) throws BadLineException {
    at(pid);
    cloning.put(pid, shares);
  }

  void didClone(long pid, Optional<Long> child, boolean shares) throws BadLineException {
    at(pid);
    if (cloning.remove(pid) == null) {
      cloning.remove(NAMELESS);
    }
    if (child.isEmpty() || child.get() == 0) {
      odd.accept("calls that failed, left out");
    } else if (!tasks.containsKey(child.get())) {
      birth(child.get(), current(), shares);
    }
  }

  private Task current() {
    for (Task task : tasks.values()) {
      if (task.thread == thread) {
        return task;
      }
    }
    throw new IllegalStateException("no process calls");
  }

  /** Gives a process that calls for the first time its place. */
  private Task meet(long pid) throws BadLineException {
    if (tasks.isEmpty() && threads == 0) {
      return newTask(pid, freshSpace());
    }
    for (Map.Entry<Long, Boolean> clone : cloning.entrySet()) {
      Task parent = known(clone.getKey());
      if (parent != null) {
        cloning.remove(clone.getKey());
        return birth(pid, parent, clone.getValue());
      }
    }
    Task nameless = tasks.remove(NAMELESS);
    if (nameless != null) {
      tasks.put(pid, nameless);
      return nameless;
    }
    odd.accept("processes whose beginning the log lacks");
    return newTask(pid, freshSpace());
  }

  /** Where there is one process only, strace does not say which, unless it writes to a file. */
  private @Nullable Task known(long pid) {
    Task task = tasks.get(pid);
    return task == null && pid == NAMELESS && !tasks.isEmpty()
        ? Collections.min(tasks.values(), Comparator.comparingInt(each -> each.thread))
        : task;
  }

  private Task birth(long pid, Task parent, boolean shares) throws BadLineException {
    if (shares) {
      return newTask(pid, parent.space);
    }
    enter(parent);
    int copy = freshSpace();
    AddressMap copied = new AddressMap(map);
    bound(copied.size());
    maps.put(copy, copied);
    add(Operation.COPY, 0, copy, 0, 0, 0);
    return newTask(pid, copy);
  }

  private Task newTask(long pid, int inSpace) throws BadLineException {
    if (threads == RangeEvent.SPACE_LIMIT) {
      throw new BadLineException("more than " + threads + " processes and threads");
    }
    Task task = new Task(threads, inSpace);
    threads++;
    tasks.put(pid, task);
    usersOf.merge(inSpace, 1, Integer::sum);
    return task;
  }

  private int freshSpace() throws BadLineException {
    if (spaces == RangeEvent.SPACE_LIMIT) {
      throw new BadLineException("more than " + spaces + " address spaces");
    }
    maps.put(spaces, new AddressMap());
    spaces++;
    return spaces - 1;
  }

  private void enter(Task task) {
    map = maps.computeIfAbsent(task.space, none -> new AddressMap());
    if (task.thread != thread) {
      thread = task.thread;
      add(Operation.THREAD, 0, 0, 0, 0, 0);
    }
    if (task.space != space) {
      space = task.space;
      add(Operation.SPACE, 0, 0, 0, 0, 0);
    }
  }

  private void clear() {
    if (!map.isEmpty()) {
      add(Operation.CLEAR, 0, 0, 0, 0, 0);
    }
    livePieces -= map.size();
    map.clear();
  }

  /** Makes room for a range; what is in the way was unmapped unless the call itself does so. */
  private void vacate(long from, long to, boolean replaces) {
    if (removeAll(from, to) && !replaces) {
      odd.accept("unmappings that the log lacks, put in");
    }
  }

  private boolean removeAll(long from, long to) {
    var pieces = map.between(from, to);
    livePieces -= map.size();
    for (AddressMap.Piece piece : pieces) {
      add(Operation.UNMAP, piece.id(), 0, piece.offset(), piece.bytes(), 0);
      map.remove(piece);
    }
    livePieces += map.size();
    return !pieces.isEmpty();
  }

  private void birth(long address, long bytes) throws BadLineException {
    bound(1);
    map.add(address, bytes, nextId);
    nextId++;
  }

  /** Counts pieces that are about to be, within the bound that the text's reader has, too. */
  private void bound(int more) throws BadLineException {
    livePieces += more;
    if (livePieces > Spaces.MOST_PIECES) {
      throw new BadLineException("more than " + Spaces.MOST_PIECES + " ranges");
    }
  }

  /** Returns the address behind a range, whose size is rounded up to pages. */
  private static long end(long address, long size) throws BadLineException {
    if (address % RangeEvent.PAGE != 0) {
      throw new BadLineException("address 0x" + Long.toHexString(address) + " is in mid-page");
    }
    if (size == 0 || size > LARGEST_ADDRESS - address) {
      throw new BadLineException("size " + size + " is 0, or too large for its address");
    }
    return address + (size + RangeEvent.PAGE - 1) / RangeEvent.PAGE * RangeEvent.PAGE;
  }

  private void add(
      Operation operation, long id, long other, long offset, long bytes, int protection) {
    due.add(new RangeEvent(operation, id, other, offset, bytes, protection, space, thread));
  }
}
