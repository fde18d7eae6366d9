package launcher;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/** What went wrong while bundles were started, in the order in which it happened. Thread-safe. */
final class FailureLog implements FrameworkListener {
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR) {
      lines.add(describe(event.getBundle(), event.getThrowable()));
    }
  }

  /** {@return one line per failure: the bundle, what happened to it and why} */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  private static String describe(Bundle bundle, Throwable failure) {
    String what =
        failure instanceof BundleException e && e.getType() == BundleException.RESOLVE_ERROR
            ? " did not resolve: "
            : " did not start: ";
    return bundle.getSymbolicName() + " " + bundle.getVersion() + what + reasons(failure);
  }

  private static String reasons(Throwable failure) {
    var reasons = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      reasons.append("; because of ").append(cause);
    }
    return reasons.toString();
  }
}
