package tck.heap.faults;

import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.function.Function;

/** Opens naive heaps, or what was made of them. */
public class NaiveProvider implements HeapProvider {
  private final Function<HeapContext, HeapEngine> opener;

  /** Opens heaps that keep the contract. */
  public NaiveProvider() {
    this(ExplainingHeap::new);
  }

  /** Opens others. */
  protected NaiveProvider(Function<HeapContext, HeapEngine> opener) {
    this.opener = opener;
  }

  @Override
  public String model() {
    return "sorted maps";
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return opener.apply(context);
  }
}
