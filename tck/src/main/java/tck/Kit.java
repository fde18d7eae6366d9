package tck;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.List;

/** What a tier's providers are held to: the checks, and the player of scripts. */
public interface Kit {
  /** {@return whose kit it is} */
  Tier tier();

  /** {@return the interface that the tier's providers implement} */
  Class<? extends AllocatorProvider> type();

  /**
   * {@return the checks, the quick and telling ones first}
   *
   * @param provider the provider to try; opened as often as needed
   */
  List<Check> checks(AllocatorProvider provider);

  /**
   * Opens an engine and makes the calls of a script on it, with a model beside it that knows what
   * must come back.
   *
   * @param provider the provider to try
   * @param script the calls
   * @param trial counts the facts
   * @throws Broken if a clause does not hold
   * @throws IllegalArgumentException if a step is not understood; the message says which
   */
  void play(AllocatorProvider provider, Script script, Trial trial);
}
