package trace;

import java.util.Optional;
import java.util.Set;
import trace.tool.BadLineException;
import trace.tool.FtraceLine;

/**
 * Reads the slab events of Linux's {@code kmem} trace events: {@code kmalloc} and {@code
 * kmem_cache_alloc}, with {@code _node} or without, are births of {@code bytes_req} bytes, {@code
 * kfree} and {@code kmem_cache_free} deaths. Page events are those of {@code trace.frames}.
 *
 * <p>The threads are the CPUs: the kernel's allocators keep their caches per CPU. A trace begins in
 * the middle of a kernel's life, so frees of older objects are normal. A resize ({@code krealloc})
 * shows as a birth and a death; which objects are zeroed or aligned is not told here.
 */
final class FtraceReader extends AddressReader {
  private static final Set<String> BIRTHS =
      Set.of("kmalloc", "kmalloc_node", "kmem_cache_alloc", "kmem_cache_alloc_node");
  private static final Set<String> DEATHS = Set.of("kfree", "kmem_cache_free");

  FtraceReader(LineSource lines) {
    super(TraceFormat.FTRACE, lines);
  }

  @Override
  public String program() {
    return "linux";
  }

  @Override
  void line(EventBatch batch) throws TraceException {
    try {
      line(FtraceLine.parse(lines.text()), batch);
    } catch (BadLineException e) {
      throw lines.fail(e.reason(), LineSource.FORMAT_REMEDY);
    }
  }

  private void line(FtraceLine line, EventBatch batch) throws BadLineException, TraceException {
    switch (line.kind()) {
      case EVENT -> event(line, batch);
      case LOST -> odd("places where the tool lost events");
      case OTHER -> {}
    }
  }

  private void event(FtraceLine line, EventBatch batch) throws BadLineException, TraceException {
    boolean birth = BIRTHS.contains(line.event());
    if (!birth && !DEATHS.contains(line.event())) {
      odd(line.event().startsWith("mm_page") ? "page events" : "events of other kinds");
      return;
    }
    clock.at(line.nanos());
    Optional<Long> pointer = line.pointer("ptr");
    if (pointer.isEmpty()) {
      odd("events whose pointer the kernel hid, left out");
    } else if (pointer.get() == 0) {
      ignore();
    } else {
      long bytes = birth ? line.number("bytes_req") : 0;
      thread(line.cpu(), batch);
      event(birth, pointer.get(), bytes, batch);
    }
  }

  private void event(boolean birth, long pointer, long bytes, EventBatch batch) {
    if (birth) {
      allocate(pointer, bytes, batch);
    } else {
      free(pointer, batch);
    }
  }
}
