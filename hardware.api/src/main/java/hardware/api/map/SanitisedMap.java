package hardware.api.map;

import java.util.List;
import java.util.Map;

/**
 * What an operating system may do with a machine's addresses: the firmware map with its overlaps
 * resolved in favour of the more restrictive type, and rounded to whole pages.
 *
 * <p>Usable bytes are those of the merged usable entries without any byte that another entry
 * covers, rounded inward; reserved bytes are those of the merged other entries, rounded outward.
 * The two never share a page. Loader and boot-services entries count as usable or as reserved, as
 * the options say.
 *
 * @param pageSize bytes per page
 * @param usable maximal usable spans in ascending order; no two touch
 * @param byNode the same spans, cut where the NUMA node changes
 * @param reserved ranges that entries which are not usable cover, rounded outward, merged,
 *     ascending
 * @param holes ranges between the lowest and the highest entry that no entry covers, unrounded
 * @param usableBytes sum of {@code usable}
 * @param reservedBytes sum of {@code reserved}
 * @param loaderBytes bytes of EFI loader types after overlaps were resolved, before rounding
 * @param bootServicesBytes bytes of EFI boot-services types after overlaps, before rounding
 * @param totals bytes by type after overlaps were resolved, before rounding; types without bytes
 *     are absent
 * @param decisions everything decided, in the order of the steps
 */
public record SanitisedMap(
    long pageSize,
    List<UsableSpan> usable,
    List<UsableSpan> byNode,
    List<AddressRange> reserved,
    List<AddressRange> holes,
    long usableBytes,
    long reservedBytes,
    long loaderBytes,
    long bootServicesBytes,
    Map<MemoryType, Long> totals,
    List<Decision> decisions) {

  /** Copies the collections. */
  public SanitisedMap {
    usable = List.copyOf(usable);
    byNode = List.copyOf(byNode);
    reserved = List.copyOf(reserved);
    holes = List.copyOf(holes);
    totals = Map.copyOf(totals);
    decisions = List.copyOf(decisions);
  }

  /**
   * {@return usable bytes at addresses below a limit}
   *
   * @param limit an address in bytes
   */
  public long usableBelow(long limit) {
    return usable.stream().mapToLong(s -> Math.max(0, Math.min(s.end(), limit) - s.start())).sum();
  }

  /** {@return address in bytes after the last usable byte; 0 if nothing is usable} */
  public long top() {
    return usable.isEmpty() ? 0 : usable.getLast().end();
  }
}
