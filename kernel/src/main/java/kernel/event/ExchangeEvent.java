package kernel.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import kernel.api.SwapRecord;

/** An exchange of a tier's provider, made or called off. */
@Name("quarry.Exchange")
@Label("Exchange")
@Description("A tier's provider was exchanged, or the exchange was called off")
@Category({"Quarry", "Exchange"})
@StackTrace(false)
public final class ExchangeEvent extends Event {
  @Label("Tier")
  String tier = "";

  @Label("From")
  String from = "";

  @Label("To")
  String to = "";

  @Label("Form")
  String form = "";

  @Label("Outcome")
  String outcome = "";

  @Label("Cause")
  String cause = "";

  @Label("Who")
  String who = "";

  @Label("Live Ranges")
  long live;

  @Label("Pause")
  @Description("How long callers were kept waiting at most")
  @Timespan(Timespan.NANOSECONDS)
  long pause;

  @Label("Message")
  String message = "";

  private ExchangeEvent() {}

  /** Records an exchange, if a recording wants it. */
  public static void record(SwapRecord swap) {
    ExchangeEvent event = new ExchangeEvent();
    if (event.isEnabled()) {
      event.tier = swap.tier().label();
      event.from = swap.from();
      event.to = swap.to();
      event.form = swap.form().label();
      event.outcome = swap.outcome().name();
      event.cause = swap.cause().label();
      event.who = swap.who();
      event.live = swap.after().liveCount();
      event.pause = swap.pauseNanos();
      event.message = swap.message();
      event.commit();
    }
  }
}
