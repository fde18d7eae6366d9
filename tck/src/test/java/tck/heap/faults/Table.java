package tck.heap.faults;

import allocator.api.RangeVisitor;
import heap.api.HeapContext;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Ranges in a segment: how many, then address and bytes of each. */
final class Table {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private Table() {}

  /** {@return the ranges in memory from the machine} */
  static MemorySegment write(HeapContext context, Map<Long, Long> ranges) {
    MemorySegment table = context.reserveMetadata(8 + 16L * ranges.size());
    table.set(LONG, 0, ranges.size());
    long at = 8;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      table.set(LONG, at, range.getKey());
      table.set(LONG, at + 8, range.getValue());
      at += 16;
    }
    return table;
  }

  /** Shows the ranges. */
  static void read(MemorySegment table, RangeVisitor visitor) {
    for (long i = 0; i < table.get(LONG, 0); i++) {
      visitor.visit(table.get(LONG, 8 + 16 * i), table.get(LONG, 16 + 16 * i), 0);
    }
  }
}
