package launcher;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Asks Declarative Services which components are not satisfied.
 *
 * <p>By reflection: its types live in a bundle, and nothing here may load them from elsewhere. Only
 * used to explain a start that failed.
 */
final class Components {
  private static final String RUNTIME =
      "org.osgi.service.component.runtime.ServiceComponentRuntime";

  private final Object runtime;

  private Components(Object runtime) {
    this.runtime = runtime;
  }

  /** {@return one line per component that waits for something or failed; why, if it is known} */
  static List<String> waiting(BundleContext context) {
    ServiceReference<?> reference = context.getServiceReference(RUNTIME);
    if (reference == null) {
      return List.of("Declarative Services is not there: no service " + RUNTIME);
    }
    try {
      return new Components(context.getService(reference)).waiting();
    } catch (ReflectiveOperationException e) {
      return List.of("components could not be asked: " + e);
    }
  }

  private List<String> waiting() throws ReflectiveOperationException {
    var lines = new ArrayList<String>();
    for (Object component : descriptions()) {
      Object name = field(component, "name");
      for (Object state : configurations(component)) {
        lines.addAll(reasons(String.valueOf(name), state));
      }
    }
    return lines;
  }

  private static List<String> reasons(String name, Object state)
      throws ReflectiveOperationException {
    var lines = new ArrayList<String>();
    if (field(state, "unsatisfiedReferences") instanceof Object[] references) {
      for (Object reference : references) {
        lines.add(name + " waits for its reference '" + field(reference, "name") + "'");
      }
    }
    if (field(state, "failure") instanceof String trace) {
      lines.add(name + " failed: " + trace.lines().findFirst().orElse("no reason given"));
    }
    return lines;
  }

  private Collection<?> descriptions() throws ReflectiveOperationException {
    // No bundle means all bundles.
    Method method = runtimeType().getMethod("getComponentDescriptionDTOs", Bundle[].class);
    return (Collection<?>) method.invoke(runtime, (Object) new Bundle[0]);
  }

  private Collection<?> configurations(Object description) throws ReflectiveOperationException {
    Method method =
        runtimeType().getMethod("getComponentConfigurationDTOs", description.getClass());
    return (Collection<?>) method.invoke(runtime, description);
  }

  private Class<?> runtimeType() throws ClassNotFoundException {
    return runtime.getClass().getClassLoader().loadClass(RUNTIME);
  }

  private static @Nullable Object field(Object holder, String name)
      throws ReflectiveOperationException {
    return holder.getClass().getField(name).get(holder);
  }
}
