package shell.command;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import shell.text.Table;

/** The command {@code health}: runs the Felix Health Checks that are there. */
@Component(
    service = HealthCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=health"})
public final class HealthCommand {
  private final BundleContext context;

  /**
   * Made by Declarative Services.
   *
   * @param context finds the checks
   */
  @Activate
  public HealthCommand(BundleContext context) {
    this.context = context;
  }

  /**
   * Runs the health checks.
   *
   * @param session the prompt
   * @param tags only checks that have one of these tags; all if none is given
   * @throws IllegalStateException if one is not well, so that a script fails
   */
  @Descriptor("health [TAG...]: the health of each tier: vacant, nearly exhausted, quarantined")
  public void health(CommandSession session, @Descriptor("tags") String... tags)
      throws InvalidSyntaxException {
    PrintStream out = session.getConsole();
    Table table = new Table("check", "status", "what");
    boolean good = true;
    Collection<ServiceReference<HealthCheck>> found =
        context.getServiceReferences(HealthCheck.class, null);
    for (ServiceReference<HealthCheck> each : sorted(found)) {
      if (tags.length == 0 || tags(each).stream().anyMatch(List.of(tags)::contains)) {
        good &= run(each, table);
      }
    }
    table.print(out);
    if (!good) {
      throw new IllegalStateException("something is not well; see above");
    }
  }

  private static List<ServiceReference<HealthCheck>> sorted(
      Collection<ServiceReference<HealthCheck>> found) {
    return found.stream()
        .sorted(Comparator.comparing((ServiceReference<HealthCheck> each) -> each))
        .toList()
        .reversed();
  }

  private static List<String> tags(ServiceReference<HealthCheck> check) {
    return switch (check.getProperty(HealthCheck.TAGS)) {
      case String[] several -> Arrays.asList(several);
      case String one -> List.of(one);
      case null, default -> List.of();
    };
  }

  private boolean run(ServiceReference<HealthCheck> reference, Table table) {
    HealthCheck check = context.getService(reference);
    if (check == null) {
      return true; // gone in the meantime
    }
    try {
      Result result = check.execute();
      String name = String.valueOf(reference.getProperty(HealthCheck.NAME));
      for (ResultLog.Entry entry : result) {
        table.row(name, entry.getStatus(), entry.getMessage());
        name = "";
      }
      return result.isOk();
    } finally {
      context.ungetService(reference);
    }
  }
}
