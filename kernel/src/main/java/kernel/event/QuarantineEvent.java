package kernel.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import kernel.api.ProviderInfo;

/** A provider failed and will not be chosen any more. */
@Name("quarry.Quarantine")
@Label("Quarantine")
@Description("A provider failed and will not be chosen any more")
@Category({"Quarry", "Exchange"})
public final class QuarantineEvent extends Event {
  @Label("Tier")
  String tier = "";

  @Label("Provider")
  String provider = "";

  @Label("Version")
  String version = "";

  @Label("Reason")
  String reason = "";

  private QuarantineEvent() {}

  /** Records a failure, if a recording wants it. */
  public static void record(ProviderInfo provider, String why) {
    QuarantineEvent event = new QuarantineEvent();
    if (event.isEnabled()) {
      event.tier = provider.tier().label();
      event.provider = provider.name();
      event.version = provider.version();
      event.reason = why;
      event.commit();
    }
  }
}
