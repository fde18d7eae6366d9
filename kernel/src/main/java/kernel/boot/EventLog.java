package kernel.boot;

import java.util.Locale;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.event.ExchangeEvent;
import kernel.event.QuarantineEvent;
import kernel.swap.SwapLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes exchanges to the log, those that nobody asked for and those that failed as warnings, and
 * to Flight Recorder.
 */
final class EventLog implements SwapLog {
  private static final Logger LOG = LoggerFactory.getLogger("quarry.swap");
  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public void made(SwapRecord record) {
    ExchangeEvent.record(record);
    String text = text(record);
    if (record.cause() == SwapCause.COMMAND) {
      LOG.info(text); // whoever asked has the record
    } else {
      LOG.warn(text);
    }
  }

  private static String text(SwapRecord record) {
    String what =
        String.format(
            Locale.ROOT,
            "%s: %s -> %s, %s, %s (%s); %d live, callers waited %.3f ms",
            record.tier().label(),
            record.from(),
            record.to(),
            record.form().label(),
            record.outcome(),
            record.cause().label() + " " + record.who(),
            record.after().liveCount(),
            record.pauseNanos() / NANOS_PER_MILLI);
    return record.message().isEmpty() ? what : what + ": " + record.message();
  }

  @Override
  public void quarantined(ProviderInfo provider, String why) {
    QuarantineEvent.record(provider, why);
    LOG.warn(
        "{} provider {} {} is quarantined: {}",
        provider.tier().label(),
        provider.name(),
        provider.version(),
        why);
  }
}
