package verify;

import kernel.api.ProviderInfo;
import tck.Check;
import tck.Outcome;

/** Is told how a verification goes on, on the thread that verifies. */
public interface VerifyListener {
  /** The checks of a provider begin. */
  void provider(ProviderInfo provider);

  /** A check begins. */
  void begins(Check check);

  /** A check has ended. */
  void ended(Outcome outcome);
}
