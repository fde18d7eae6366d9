package workbench;

import allocator.api.Statistic;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A provider's own figures before and after a replay.
 *
 * @param before before the first event
 * @param after after the last event, before what is live then was freed
 */
public record Changes(List<Statistic> before, List<Statistic> after) {
  /** Copies the lists. */
  public Changes {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** {@return by how much each figure rose during the replay; may be negative} */
  public List<Statistic> rises() {
    Map<String, Long> old =
        before.stream()
            .collect(Collectors.toMap(Statistic::name, Statistic::value, (one, other) -> one));
    return after.stream()
        .map(now ->
            new Statistic(now.name(), now.value() - old.getOrDefault(now.name(), 0L), now.unit()))
        .toList();
  }

  /**
   * Puts both into an object, as {@code figures} and {@code changes}.
   *
   * @param object what they are added to
   */
  public void addTo(JsonObject object) {
    object.add("figures", json(after));
    object.add("changes", json(rises()));
  }

  private static JsonObject json(List<Statistic> statistics) {
    JsonObject object = new JsonObject();
    statistics.forEach(statistic -> object.addProperty(statistic.name(), statistic.value()));
    return object;
  }
}
