package heap.arena;

import allocator.api.Settings;
import java.util.HashMap;
import java.util.Map;
import tck.heap.HeapGround;

/** Plain memory to stand this heap on. */
final class Ground extends HeapGround {
  Ground(long bytes) {
    super(bytes, 2);
  }

  Ground(long bytes, int cpus) {
    super(bytes, cpus);
  }

  Ground(long bytes, int cpus, int page) {
    super(bytes, cpus, page);
  }

  ArenaHeap heap(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new ArenaHeap(this, new Settings("heap.arena", values));
  }
}
