package shell.command;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets commands that take a bundle be given its number or its symbolic name, with or without the
 * prompt's terminal: {@code stop heap.dl}.
 */
@Component(property = "osgi.converter.classes=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
  private final BundleContext context;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   */
  @Activate
  public BundleConverter(BundleContext context) {
    this.context = context;
  }

  @Override
  public @Nullable Object convert(Class<?> wanted, Object from) {
    if (wanted != Bundle.class || !(from instanceof CharSequence)) {
      return null; // as the contract has it: somebody else's
    }
    String name = from.toString();
    return Arrays.stream(context.getBundles())
        .filter(bundle -> named(bundle, name))
        .max((one, other) -> one.getVersion().compareTo(other.getVersion()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no bundle has the number or symbolic name %s; named like it: %s"
                    .formatted(name, like(name))));
  }

  /** {@return whether a bundle has a number or symbolic name} */
  static boolean named(Bundle bundle, String name) {
    return name.equals(bundle.getSymbolicName())
        || name.equals(Long.toString(bundle.getBundleId()));
  }

  private String like(String name) {
    String close =
        Arrays.stream(context.getBundles())
            .map(bundle -> String.valueOf(bundle.getSymbolicName()))
            .filter(each -> each.contains(name))
            .collect(Collectors.joining(", "));
    return close.isEmpty() ? "none" : close;
  }

  @Override
  public @Nullable CharSequence format(Object target, int level, Converter escape) {
    return null; // bundles are printed by the commands that list them
  }
}
