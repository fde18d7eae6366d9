package workbench.compare;

import allocator.api.Tier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exchange of a provider in the midst of a counted run.
 *
 * @param at the event after which it is made, or, if it is a share, percent of the trace's events
 * @param share whether {@code at} is in percent
 * @param tier the tier
 * @param provider the successor, as {@code swap} takes it
 */
public record SwapAt(long at, boolean share, Tier tier, String provider) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})(%?):(\\w+)=(.+)");
  private static final int WHOLE = 100;

  /**
   * {@return the exchange in a text}
   *
   * @param text {@code EVENT:TIER=PROVIDER} or {@code PERCENT%:TIER=PROVIDER}
   */
  public static SwapAt parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    Optional<Tier> tier = matcher.matches() ? tier(matcher.group(3)) : Optional.empty();
    if (tier.isEmpty()) {
      throw new IllegalArgumentException(
          "--swap " + text + ": write EVENT:TIER=PROVIDER, like 5000:heap=slab or 50%:vmem=bump");
    }
    boolean share = !matcher.group(2).isEmpty();
    long at = Long.parseLong(matcher.group(1));
    if (share && at > WHOLE) {
      throw new IllegalArgumentException("--swap " + text + ": at most 100%");
    }
    return new SwapAt(at, share, tier.get(), matcher.group(4));
  }

  private static Optional<Tier> tier(String label) {
    return Arrays.stream(Tier.values())
        .filter(tier -> tier.label().equals(label.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** Returns the number, from 0, of the event of a trace after which this exchange is made. */
  long event(TraceShape trace) {
    return Math.max(0, Math.min(trace.events(), share ? trace.events() * at / WHOLE : at) - 1);
  }
}
