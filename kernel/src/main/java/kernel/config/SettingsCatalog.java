package kernel.config;

import allocator.api.BadSettingException;
import allocator.api.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.api.SettingInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Knows every setting: the metatype of each bundle says which names and keys there are and what
 * their defaults are, Configuration Admin holds what {@code etc/} says, and overrides come on top.
 *
 * <p>A name or key that no metatype knows is refused with the list of those that are known, so that
 * a misspelt setting never goes unnoticed. Safe for use by several threads.
 */
@Component(service = SettingsCatalog.class)
public final class SettingsCatalog {
  private static final String OWN_PREFIX = "service."; // what Configuration Admin adds by itself

  private static final List<String> INFRASTRUCTURE =
      List.of("org.apache.felix.", "org.apache.aries.", "org.ops4j.pax.", "org.osgi.");

  private final BundleContext context;
  private final MetaTypeService metatypes;
  private final ConfigurationAdmin admin;

  /**
   * Made by Declarative Services.
   *
   * @param context this bundle's context
   * @param metatypes reads the metatype of every bundle
   * @param admin holds configurations
   */
  @Activate
  public SettingsCatalog(
      BundleContext context,
      @Reference MetaTypeService metatypes,
      @Reference ConfigurationAdmin admin) {
    this.context = context;
    this.metatypes = metatypes;
    this.admin = admin;
  }

  /** {@return everything that can be set, by name, keys in the order of their definition} */
  public List<SettingInfo> all() {
    List<SettingInfo> all = new ArrayList<>();
    definitions()
        .forEach((name, definition) -> {
          for (AttributeDefinition attribute : attributes(definition)) {
            all.add(info(name, attribute));
          }
        });
    return all;
  }

  private static SettingInfo info(String name, AttributeDefinition attribute) {
    String description = attribute.getDescription();
    return new SettingInfo(
        name, attribute.getID(), defaultOf(attribute), description == null ? "" : description);
  }

  private static AttributeDefinition[] attributes(ObjectClassDefinition definition) {
    AttributeDefinition[] found = definition.getAttributeDefinitions(ObjectClassDefinition.ALL);
    return found == null ? new AttributeDefinition[0] : found;
  }

  private static String defaultOf(AttributeDefinition attribute) {
    String[] values = attribute.getDefaultValue();
    return values == null || values.length == 0 ? "" : values[0];
  }

  private Map<String, ObjectClassDefinition> definitions() {
    Map<String, ObjectClassDefinition> found = new TreeMap<>();
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation information = metatypes.getMetaTypeInformation(bundle);
      if (information != null && bundle.getSymbolicName() != null && ours(bundle)) {
        for (String pid : information.getPids()) {
          found.put(pid, information.getObjectClassDefinition(pid, null));
        }
      }
    }
    return found;
  }

  // The framework's own bundles have metatypes as well, which are no settings of a system.
  private static boolean ours(Bundle bundle) {
    return INFRASTRUCTURE.stream().noneMatch(bundle.getSymbolicName()::startsWith);
  }

  /**
   * Collects the settings of one name: defaults, then configuration, then overrides.
   *
   * @param name the configuration's name
   * @param overrides each {@code NAME:KEY=VALUE}; those of other names are passed over
   * @return the settings
   * @throws BadSettingException if a key in the configuration is not known
   */
  public Settings resolve(String name, List<String> overrides) {
    Map<String, String> values = new LinkedHashMap<>();
    ObjectClassDefinition definition = definitions().get(name);
    if (definition != null) {
      for (AttributeDefinition attribute : attributes(definition)) {
        values.put(attribute.getID(), defaultOf(attribute));
      }
    }
    configured(name)
        .forEach((key, value) -> {
          requireKey(name, key, "etc/" + name + ".cfg");
          values.put(key, value);
        });
    for (Assignment override : parse(overrides)) {
      if (override.name().equals(name)) {
        values.put(override.key(), override.value());
      }
    }
    return new Settings(name, values);
  }

  private Map<String, String> configured(String name) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Configuration found : find("(service.pid=" + name + ")")) {
      Dictionary<String, Object> properties = found.getProperties();
      for (String key : Collections.list(properties.keys())) {
        if (!key.startsWith(OWN_PREFIX) && !key.startsWith("felix.")) {
          values.put(key, String.valueOf(properties.get(key)));
        }
      }
    }
    return values;
  }

  private List<Configuration> find(String filter) {
    try {
      Configuration[] found = admin.listConfigurations(filter);
      return found == null ? List.of() : List.of(found);
    } catch (IOException | InvalidSyntaxException e) {
      throw new BadSettingException("configurations cannot be read: " + e.getMessage());
    }
  }

  private record Assignment(String name, String key, String value) {}

  /**
   * Checks overrides and configurations before anything is booted.
   *
   * @param overrides each {@code NAME:KEY=VALUE}
   * @throws BadSettingException if one is malformed or names what is not known
   */
  public void validate(List<String> overrides) {
    parse(overrides).forEach(each -> requireKey(each.name(), each.key(), "--set"));
    for (String name : configuredNames()) {
      configured(name).keySet().forEach(key -> requireKey(name, key, "etc/" + name + ".cfg"));
    }
  }

  // Those that a file in etc/ may have made; bundles of the framework look after their own.
  private List<String> configuredNames() {
    return find("(service.pid=*)").stream()
        .filter(found -> found.getFactoryPid() == null)
        .map(Configuration::getPid)
        .filter(pid -> INFRASTRUCTURE.stream().noneMatch(pid::startsWith))
        .sorted()
        .toList();
  }

  private static List<Assignment> parse(List<String> overrides) {
    return overrides.stream().map(SettingsCatalog::parse).toList();
  }

  private static Assignment parse(String override) {
    int colon = override.indexOf(':');
    int equals = override.indexOf('=', colon + 1);
    if (colon <= 0 || equals <= colon + 1) {
      throw new BadSettingException(
          "--set " + override + " is malformed; it takes NAME:KEY=VALUE, such as machine:cpus=2");
    }
    return new Assignment(
        override.substring(0, colon).strip(),
        override.substring(colon + 1, equals).strip(),
        override.substring(equals + 1).strip());
  }

  private void requireKey(String name, String key, String where) {
    Map<String, ObjectClassDefinition> known = definitions();
    ObjectClassDefinition definition = known.get(name);
    if (definition == null) {
      throw new BadSettingException(
          "%s: no configuration is named %s; known are %s"
              .formatted(where, name, String.join(", ", known.keySet())));
    }
    List<String> keys =
        Arrays.stream(attributes(definition)).map(AttributeDefinition::getID).toList();
    if (!keys.contains(key)) {
      throw new BadSettingException(
          "%s: %s has no setting %s; known are %s"
              .formatted(where, name, key, String.join(", ", keys)));
    }
  }
}
