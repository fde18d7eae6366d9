package kernel.config;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Doubles of the framework's services for settings, made from our configuration annotations. */
public final class Metatypes {
  private static final Map<String, String> ANNOTATIONS =
      Map.of(
          "kernel", "kernel.config.KernelSettings",
          "machine", "hardware.sim.MachineConfig",
          "physmem.buddy", "physmem.buddy.BuddyConfiguration",
          "vmem.arena", "vmem.arena.ArenaConfiguration",
          "heap.dl", "heap.dl.DlConfiguration",
          "org.example.heap", "kernel.config.KernelSettings",
          "org.apache.felix.fileinstall", "kernel.config.KernelSettings");

  private Metatypes() {}

  /** A catalogue over the real metatypes and the given configurations. */
  public static SettingsCatalog catalog(Map<String, Map<String, String>> etc) {
    List<Bundle> bundles =
        ANNOTATIONS.keySet().stream()
            .sorted(Comparator.reverseOrder())
            .map(name -> bundle(name, Version.emptyVersion))
            .toList();
    BundleContext context =
        proxy(BundleContext.class, (self, method, arguments) -> bundles.toArray(new Bundle[0]));
    MetaTypeService metatypes =
        proxy(
            MetaTypeService.class,
            (self, method, arguments) -> information(((Bundle) arguments[0]).getSymbolicName()));
    return new SettingsCatalog(context, metatypes, admin(etc));
  }

  /** A bundle that knows its name and version. */
  public static Bundle bundle(String name, Version version) {
    return proxy(
        Bundle.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getSymbolicName", "getLocation" -> name;
              case "getVersion" -> version;
              case "getBundleId" -> 7L;
              case "getLastModified" -> 1L;
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  /** Configurations that are kept in a map. */
  public static ConfigurationAdmin admin(Map<String, Map<String, String>> etc) {
    return proxy(
        ConfigurationAdmin.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "listConfigurations" -> list(etc, (String) arguments[0]);
              case "getConfiguration" -> configuration(etc, (String) arguments[0]);
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private static Configuration @Nullable [] list(
      Map<String, Map<String, String>> etc, String filter) {
    String wanted = filter.substring("(service.pid=".length(), filter.length() - 1);
    Configuration[] found =
        etc.keySet().stream()
            .filter(pid -> wanted.equals("*") || wanted.equals(pid))
            .map(pid -> configuration(etc, pid))
            .toArray(Configuration[]::new);
    return found.length == 0 ? null : found; // as Configuration Admin has it
  }

  private static Configuration configuration(Map<String, Map<String, String>> etc, String pid) {
    return proxy(
        Configuration.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getPid" -> pid;
              case "getFactoryPid" -> null;
              case "getProperties" -> properties(pid, etc.getOrDefault(pid, Map.of()));
              case "updateIfDifferent" ->
                  etc.put(pid, values((Dictionary<?, ?>) arguments[0])) == null;
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private static Dictionary<String, Object> properties(String pid, Map<String, String> values) {
    Map<String, Object> properties = new HashMap<>(values);
    properties.put("service.pid", pid);
    return FrameworkUtil.asDictionary(properties);
  }

  private static Map<String, String> values(Dictionary<?, ?> properties) {
    Map<String, String> values = new HashMap<>();
    for (var keys = properties.keys(); keys.hasMoreElements(); ) {
      Object key = keys.nextElement();
      values.put(key.toString(), properties.get(key).toString());
    }
    return values;
  }

  private static MetaTypeInformation information(String name) {
    return proxy(
        MetaTypeInformation.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getPids" -> new String[] {name};
              case "getObjectClassDefinition" -> definition(name);
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private static ObjectClassDefinition definition(String name) {
    Map<String, String> defaults = defaults(name);
    AttributeDefinition[] attributes =
        defaults.entrySet().stream()
            .map(entry -> attribute(entry.getKey(), entry.getValue()))
            .toArray(AttributeDefinition[]::new);
    return proxy(ObjectClassDefinition.class, (self, method, arguments) -> attributes);
  }

  private static Map<String, String> defaults(String name) {
    try {
      Map<String, String> defaults = new LinkedHashMap<>();
      Method[] methods = Class.forName(ANNOTATIONS.getOrDefault(name, name)).getDeclaredMethods();
      Arrays.sort(methods, Comparator.comparing(Method::getName));
      for (Method method : methods) {
        String key = method.getName().replace('_', '.'); // as the metatype specification has it
        defaults.put(key, String.valueOf(method.getDefaultValue()));
      }
      return defaults;
    } catch (ClassNotFoundException e) {
      throw new LinkageError(name, e);
    }
  }

  private static AttributeDefinition attribute(String key, String value) {
    return proxy(
        AttributeDefinition.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getID" -> key;
              case "getDefaultValue" -> value.isEmpty() ? null : new String[] {value};
              case "getDescription" -> null;
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Metatypes.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
