package heap.tlsf;

import allocator.api.Settings;
import heap.api.HeapContext;
import java.util.HashMap;
import java.util.Map;

/** Opens heaps as the kernel does. */
final class Heaps {
  private Heaps() {}

  static TlsfEngine open(HeapContext ground, String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return (TlsfEngine) new TlsfProvider().open(ground, new Settings("heap.tlsf", values));
  }
}
