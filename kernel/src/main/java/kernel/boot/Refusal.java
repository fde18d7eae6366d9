package kernel.boot;

import allocator.api.AllocatorProvider;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import kernel.api.BundleFinding;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a service with a provider's interface is not taken as a provider. */
final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  // What stands between names on the command line and in settings cannot be in one.
  private static final Pattern NAME = Pattern.compile("[^\\s,@:=]+");
  private static final String EVERYONE = "all"; // what the command line calls every provider

  private Refusal() {}

  /** {@return the finding, or nothing if the service will do} */
  static Optional<BundleFinding> of(ServiceReference<?> reference, AllocatorProvider provider) {
    Object name = reference.getProperty(AllocatorProvider.NAME);
    if (name == null) {
      return Optional.of(
          finding(
              reference,
              "the provider %s has no name: its service has no property %s"
                  .formatted(type(provider), AllocatorProvider.NAME),
              "write @Component(…, property = AllocatorProvider.NAME + \"=NAME\")"));
    }
    return name instanceof String text && NAME.matcher(text).matches() && !text.equals(EVERYONE)
        ? model(reference, provider)
        : Optional.of(badName(reference, provider, name));
  }

  private static BundleFinding badName(
      ServiceReference<?> reference, AllocatorProvider provider, Object name) {
    String text = name instanceof Object[] many ? Arrays.toString(many) : "\"" + name + "\"";
    return finding(
        reference,
        "the provider %s cannot be named %s (%s)"
            .formatted(type(provider), text, AllocatorProvider.NAME),
        "take one word without , @ : = that is not `all`");
  }

  private static Optional<BundleFinding> model(
      ServiceReference<?> reference, AllocatorProvider provider) {
    String what = type(provider) + ".model()";
    try {
      return provider.model() == null
          ? Optional.of(
              finding(reference, what + " returned null", "return what it is modelled on"))
          : Optional.empty();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOG.warn("{} threw", what, e);
      return Optional.of(finding(reference, what + " threw " + Failure.text(e), Failure.REMEDY));
    }
  }

  private static String type(AllocatorProvider provider) {
    return provider.getClass().getName();
  }

  private static BundleFinding finding(ServiceReference<?> reference, String what, String remedy) {
    Bundle bundle = reference.getBundle();
    return new BundleFinding(
        "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion(), what, remedy);
  }
}
