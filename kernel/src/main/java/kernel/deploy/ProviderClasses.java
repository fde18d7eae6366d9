package kernel.deploy;

import allocator.api.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * The classes of a bundle that implement a provider's interface, read from its class files: nothing
 * is loaded, so that a class that cannot be linked is seen too.
 */
final class ProviderClasses {
  private static final int JAVA_OFFSET = 44; // class file version 45 is Java 1
  private static final int LEAST_BYTES = 8; // magic number and version
  private static final Map<String, Tier> INTERFACES =
      Map.of(
          "physmem.api.FrameProvider", Tier.PHYSMEM,
          "vmem.api.AddressProvider", Tier.VMEM,
          "heap.api.HeapProvider", Tier.HEAP);

  /** What a class file says at its head. */
  private record Head(String name, List<String> parents, boolean concrete) {}

  private final Map<String, Head> heads = new TreeMap<>();
  private String newest = "";
  private int newestJava;

  private ProviderClasses() {}

  /** Reads the class files of a bundle. */
  static ProviderClasses of(Bundle bundle) {
    ProviderClasses classes = new ProviderClasses();
    Enumeration<URL> files = bundle.findEntries("/", "*.class", true);
    while (files != null && files.hasMoreElements()) {
      classes.read(files.nextElement());
    }
    return classes;
  }

  // What cannot be read is no class that we could say something of.
  private void read(URL file) {
    try (InputStream in = file.openStream()) {
      read(file.getPath(), in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      heads.remove(file.getPath());
    }
  }

  private void read(String path, byte[] bytes) {
    if (bytes.length < LEAST_BYTES || path.endsWith("module-info.class")) {
      return;
    }
    int java = ((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF) - JAVA_OFFSET;
    if (java > newestJava) {
      newestJava = java;
      newest = path.substring(1).replace('/', '.').replaceAll("\\.class$", "");
    }
    Head head = head(ClassFile.of().parse(bytes));
    heads.put(head.name(), head);
  }

  private static Head head(ClassModel model) {
    List<String> parents =
        java.util.stream.Stream.concat(model.superclass().stream(), model.interfaces().stream())
            .map(entry -> entry.asInternalName().replace('/', '.'))
            .toList();
    boolean concrete =
        !model.flags().has(AccessFlag.ABSTRACT) && !model.flags().has(AccessFlag.INTERFACE);
    return new Head(model.thisClass().asInternalName().replace('/', '.'), parents, concrete);
  }

  /** {@return the concrete classes that implement providers, by name, and of which tiers} */
  Map<String, Set<Tier>> implementors() {
    Map<String, Set<Tier>> found = new LinkedHashMap<>();
    for (Head head : heads.values()) {
      Set<Tier> tiers = head.concrete() ? tiers(head.name()) : Set.of();
      if (!tiers.isEmpty()) {
        found.put(head.name(), tiers);
      }
    }
    return found;
  }

  private Set<Tier> tiers(String type) {
    Set<Tier> tiers = EnumSet.noneOf(Tier.class);
    Optional.ofNullable(INTERFACES.get(type)).ifPresent(tiers::add);
    @Nullable Head head = heads.get(type);
    List<String> parents = head == null ? Collections.emptyList() : head.parents();
    parents.forEach(parent -> tiers.addAll(tiers(parent)));
    return tiers;
  }

  /** {@return an API interface that the bundle holds itself, if it does} */
  Optional<String> copiedApi() {
    return INTERFACES.keySet().stream().filter(heads::containsKey).sorted().findFirst();
  }

  /** {@return the class that is compiled for the newest Java, if that is newer than this one} */
  Optional<String> tooNew() {
    return newestJava > Runtime.version().feature() ? Optional.of(newest) : Optional.empty();
  }

  /** {@return the newest Java that a class was compiled for} */
  int newestJava() {
    return newestJava;
  }

  /** {@return the tier of a provider's interface, if it is one} */
  static Optional<Tier> tier(String type) {
    return Optional.ofNullable(INTERFACES.get(type));
  }

  /** {@return the simple name of a tier's provider interface} */
  static String simpleName(Tier tier) {
    String name = typeName(tier);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** {@return the name of a tier's provider interface} */
  static String typeName(Tier tier) {
    return INTERFACES.entrySet().stream()
        .filter(entry -> entry.getValue() == tier)
        .map(Map.Entry::getKey)
        .findFirst()
        .map(Objects::requireNonNull)
        .orElseThrow();
  }
}
