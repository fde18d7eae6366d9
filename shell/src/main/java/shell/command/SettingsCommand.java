package shell.command;

import java.util.List;
import java.util.stream.Collectors;
import kernel.api.Kernel;
import kernel.api.SettingInfo;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Wrap;

/** The command {@code settings}: shows everything that can be set. */
@Component(
    service = SettingsCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=settings"})
public final class SettingsCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public SettingsCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows everything that can be set.
   *
   * @param session the prompt
   * @param names the configurations to show; all if none is named
   */
  @Descriptor(
      "settings [NAME...]: everything that --set NAME:KEY=VALUE and etc/NAME.cfg can set, with"
          + " defaults")
  public void settings(
      CommandSession session, @Descriptor("names to show, all by default") String... names) {
    List<SettingInfo> all = kernel.settings();
    for (String name : names) {
      if (all.stream().noneMatch(info -> info.name().equals(name))) {
        throw new IllegalArgumentException(
            "no configuration is named %s; known are %s"
                .formatted(
                    name,
                    all.stream()
                        .map(SettingInfo::name)
                        .distinct()
                        .collect(Collectors.joining(", "))));
      }
    }
    for (SettingInfo info : all) {
      if (names.length == 0 || List.of(names).contains(info.name())) {
        String value = info.value().isEmpty() ? "(empty)" : info.value();
        session.getConsole().println(info.name() + ":" + info.key() + "=" + value);
        Wrap.print("    ", "    ", info.description(), session.getConsole());
      }
    }
  }
}
