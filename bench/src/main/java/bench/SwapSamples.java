package bench;

import allocator.api.Tier;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import kernel.api.SwapRecord;
import kernel.api.SwapState;
import org.HdrHistogram.Histogram;

/** What was seen of the swaps from one provider to another with so many ranges live. */
final class SwapSamples {
  static final String HEADING =
      "%-7s %-15s %-8s %9s %3s  %8s %8s %8s  %8s %8s  %9s %9s %9s %9s  %8s"
          .formatted(
              "tier", "swap", "form", "live", "k", "least", "pause", "most", "longest", "alone",
              "p50", "p99", "p99.9", "max", "swap");

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;

  private final Tier tier;
  private final String from;
  private final String to;
  private final int live;
  private final List<Long> pauses = new ArrayList<>(); // as the record has them
  private final List<Long> longest = new ArrayList<>(); // call of each round
  private final List<Long> longestAlone = new ArrayList<>();
  private final List<Long> whole = new ArrayList<>(); // from the wish to the record
  private final Histogram calls = SwapClients.histogram();
  private final List<String> calledOff = new ArrayList<>();
  private String form = "";

  SwapSamples(Tier tier, String from, String to, int live) {
    this.tier = tier;
    this.from = from;
    this.to = to;
    this.live = live;
  }

  void add(SwapRecord record, SwapClients.Calls seen) {
    form = record.form().label();
    pauses.add(record.pauseNanos());
    longest.add(seen.during().getMaxValue());
    longestAlone.add(seen.alone().getMaxValue());
    whole.add(
        record.phases().stream()
            .filter(phase -> phase.state() == SwapState.RETIRED)
            .mapToLong(phase -> phase.nanos())
            .findFirst()
            .orElse(0));
    calls.add(seen.during());
  }

  /** Notes a swap that was called off; the warm-up's as well. */
  void calledOff(SwapRecord record) {
    form = record.form().label();
    calledOff.add(record.reached() + ": " + record.message().lines().findFirst().orElse(""));
  }

  Tier tier() {
    return tier;
  }

  String pair() {
    return from + "->" + to;
  }

  int live() {
    return live;
  }

  /** {@return whether no swap was done, so that there is nothing to show} */
  boolean isEmpty() {
    return pauses.isEmpty();
  }

  /** {@return the least pause in nanoseconds: what others on the host disturbed least} */
  long leastPause() {
    return Collections.min(pauses);
  }

  /** {@return the median pause in nanoseconds} */
  long medianPause() {
    return quantile(pauses, 0.5);
  }

  /** {@return the nanoseconds that 99.9 % of the calls during the swaps stayed below} */
  long callsBelow() {
    return calls.getValueAtPercentile(99.9);
  }

  private static long quantile(List<Long> values, double part) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
  }

  /** {@return a line under {@link #HEADING}, and one more if swaps were called off} */
  String lines() {
    String figures =
        isEmpty() ? "%-7s %-15s %-8s %,9d".formatted(tier.label(), pair(), form, live) : line();
    return calledOff.isEmpty()
        ? figures
        : "%s%n        %d called off, the first at %s"
            .formatted(figures, calledOff.size(), calledOff.getFirst());
  }

  private String line() {
    return String.format(
        Locale.ROOT,
        "%-7s %-15s %-8s %,9d %3d  %8.3f %8.3f %8.3f  %8.2f %8.2f  %9.2f %9.2f %9.2f %9.0f  %8.1f",
        tier.label(),
        pair(),
        form,
        live,
        pauses.size(),
        leastPause() / NANOS_PER_MILLI,
        medianPause() / NANOS_PER_MILLI,
        Collections.max(pauses) / NANOS_PER_MILLI,
        quantile(longest, 0.5) / NANOS_PER_MILLI,
        quantile(longestAlone, 0.5) / NANOS_PER_MILLI,
        calls.getValueAtPercentile(50) / NANOS_PER_MICRO,
        calls.getValueAtPercentile(99) / NANOS_PER_MICRO,
        callsBelow() / NANOS_PER_MICRO,
        calls.getMaxValue() / NANOS_PER_MICRO,
        quantile(whole, 0.5) / NANOS_PER_MILLI);
  }

  /** {@return everything, in nanoseconds} */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("tier", tier.label());
    json.addProperty("from", from);
    json.addProperty("to", to);
    json.addProperty("form", form);
    json.addProperty("live", live);
    json.add("pauses", array(pauses));
    json.add("longestCalls", array(longest));
    json.add("longestCallsAlone", array(longestAlone));
    json.add("wholeSwaps", array(whole));
    json.addProperty("calledOff", calledOff.size());
    json.addProperty("calls", calls.getTotalCount());
    json.addProperty("p50", calls.getValueAtPercentile(50));
    json.addProperty("p99", calls.getValueAtPercentile(99));
    json.addProperty("p99.9", callsBelow());
    json.addProperty("max", calls.getMaxValue());
    return json;
  }

  private static JsonArray array(List<Long> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
