package kernel.slot;

import heap.api.HeapEngine;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import kernel.backing.OwnedSpans;

/** What the heap slot serves from, with the pages that the engine holds. */
public final class HeapBinding extends Binding<HeapEngine> {
  private final OwnedSpans spans;

  /**
   * Makes a binding.
   *
   * @param info the provider
   * @param raw the engine that the provider opened
   * @param face what is called: the engine, or a guard in front of it
   * @param memory the metadata that the engine has reserved
   * @param spans what the engine imports through
   */
  public HeapBinding(
      ProviderInfo info, HeapEngine raw, HeapEngine face, EngineMemory memory, OwnedSpans spans) {
    super(info, raw, face, memory);
    this.spans = spans;
  }

  /** {@return what the engine imports through} */
  public OwnedSpans spans() {
    return spans;
  }

  @Override
  public HeapBinding behind(HeapEngine other) {
    return new HeapBinding(info(), raw(), other, memory(), spans);
  }
}
