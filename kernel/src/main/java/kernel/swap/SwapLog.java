package kernel.swap;

import kernel.api.ProviderInfo;
import kernel.api.SwapRecord;

/** Who writes down what happened to providers. Called with no gate closed. */
public interface SwapLog {
  /** Takes note of an exchange that was made or called off. */
  void made(SwapRecord record);

  /** Takes note that a provider will not be chosen any more. */
  void quarantined(ProviderInfo provider, String why);
}
