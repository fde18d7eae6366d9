package watch;

import java.util.Map;

/** A tier of the running system, for JMX; texts are empty and numbers 0 while none runs. */
public interface TierMXBean {
  /** {@return the provider that serves; empty if the tier is vacant} */
  String getProvider();

  /** {@return {@code active}, {@code guarded}, {@code vacant} …, as {@code tiers} has it} */
  String getState();

  /** {@return the Bundle-SymbolicName that the provider comes from} */
  String getBundle();

  /** {@return the bundle's version} */
  String getVersion();

  /** {@return the number of live ranges; counting them stops callers for a moment} */
  long getLiveRanges();

  /** {@return what is live, in frames for physmem and bytes for vmem and heap} */
  long getLiveUnits();

  /** {@return what the provider holds from below, in the same unit} */
  long getManagedUnits();

  /** {@return the figures that the provider counts, by name} */
  Map<String, Long> getFigures();

  /** {@return the providers that could serve, the preferred one first} */
  String[] getCandidates();

  /**
   * Exchanges the provider.
   *
   * @param provider the successor
   * @return what became of it, in a line
   */
  String swap(String provider);
}
