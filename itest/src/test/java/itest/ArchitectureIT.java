package itest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, checked over the bundles of the distribution as built. */
final class ArchitectureIT {
  /** Each of our bundles with those of ours that it may see: the dependency law. */
  private static final Map<String, Set<String>> MAY_SEE = law();

  private static final List<String> EXPORTING =
      List.of(
          "allocator.api",
          "allocator.arena",
          "hardware.api",
          "physmem.api",
          "vmem.api",
          "heap.api",
          "kernel",
          "trace",
          "tck",
          "verify",
          "workbench");

  /**
   * Classes of API bundles that are neither interface, record, enum, exception nor annotation, each
   * with its reason.
   */
  private static final Set<String> API_CLASSES =
      Set.of(
          // Hot paths read and write simulated memory through final classes, never an interface.
          "hardware.api.Window",
          "hardware.api.DirectWindow",
          // Bits that cross the hot API as int or long, with their names.
          "hardware.api.PageFlags",
          "physmem.api.FrameFlags",
          // Counts the census of any tier, so that all count alike.
          "allocator.api.CensusCount");

  /** The one class that hands the process's streams to those who print. */
  private static final String STREAMS_OWNER = "shell.cli.Terminal";

  /** Fewer classes than this mean that the jars were not found or not read. */
  private static final int FEWEST_CLASSES = 50;

  private static final JavaClasses OURS = importBundles();

  private static Map<String, Set<String>> law() {
    var law = new LinkedHashMap<String, Set<String>>();
    law.put("allocator.api", Set.of());
    law.put("allocator.arena", Set.of("allocator.api"));
    law.put("hardware.api", Set.of("allocator.api"));
    law.put("physmem.api", Set.of("allocator.api", "hardware.api"));
    law.put("vmem.api", Set.of("allocator.api", "hardware.api", "physmem.api"));
    law.put("heap.api", Set.of("allocator.api", "hardware.api", "physmem.api", "vmem.api"));
    law.put("hardware.sim", Set.of("allocator.api", "hardware.api"));
    law.put("physmem.buddy", Set.of("allocator.api", "hardware.api", "physmem.api"));
    law.put("physmem.llfree", Set.of("allocator.api", "hardware.api", "physmem.api"));
    law.put("physmem.bitmap", Set.of("allocator.api", "hardware.api", "physmem.api"));
    law.put(
        "physmem.arena", Set.of("allocator.api", "allocator.arena", "hardware.api", "physmem.api"));
    law.put(
        "vmem.arena",
        Set.of("allocator.api", "allocator.arena", "hardware.api", "physmem.api", "vmem.api"));
    law.put("vmem.tree", Set.of("allocator.api", "hardware.api", "physmem.api", "vmem.api"));
    law.put("vmem.bump", Set.of("allocator.api", "hardware.api", "physmem.api", "vmem.api"));
    law.put("heap.dl", Set.of("allocator.api", "hardware.api", "vmem.api", "heap.api"));
    law.put("heap.zone", Set.of("allocator.api", "hardware.api", "vmem.api", "heap.api"));
    law.put(
        "heap.arena",
        Set.of("allocator.api", "allocator.arena", "hardware.api", "vmem.api", "heap.api"));
    law.put("heap.slab", Set.of("allocator.api", "hardware.api", "vmem.api", "heap.api"));
    var apis = Set.of("allocator.api", "hardware.api", "physmem.api", "vmem.api", "heap.api");
    law.put("kernel", apis);
    law.put("trace", apis);
    law.put("workbench", with(apis, "kernel", "trace"));
    law.put("watch", with(apis, "kernel"));
    law.put("tck", apis);
    law.put("verify", with(apis, "kernel", "trace", "workbench", "tck"));
    law.put("shell", with(apis, "kernel", "trace", "workbench", "tck", "verify"));
    return law;
  }

  private static Set<String> with(Set<String> some, String... more) {
    var all = new TreeSet<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private static JavaClasses importBundles() {
    var jars = new ArrayList<JarFile>();
    for (Path jar : Distribution.bundles(5)) {
      jars.add(open(jar));
    }
    // What a bundle embeds of others is not ours to judge.
    return new ClassFileImporter()
        .importJars(jars)
        .that(are("ours", type -> !bundleOf(type).isEmpty()));
  }

  private static JarFile open(Path jar) {
    try {
      return new JarFile(jar.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void shouldHaveSeenEnoughClasses() {
    assertTrue(OURS.size() >= FEWEST_CLASSES, () -> "saw only " + OURS.size() + " classes");
    var bundles = new TreeSet<String>();
    OURS.forEach(type -> bundles.add(bundleOf(type)));
    assertEquals(new TreeSet<>(MAY_SEE.keySet()), bundles, "bundles of which classes were seen");
  }

  @Test
  void shouldObeyTheDependencyLaw() {
    MAY_SEE.forEach((bundle, seen) ->
        noClasses()
            .that(are("in bundle " + bundle, type -> bundleOf(type).equals(bundle)))
            .should()
            .dependOnClassesThat(
                are(
                    "ours but neither of " + bundle + " nor of " + seen,
                    type -> isForbidden(type, bundle, seen)))
            .check(OURS));
  }

  @Test
  void shouldHaveNoPackageCycles() {
    slices().matching("(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void shouldNotPrintOrLogBesideTheFramework() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        OURS.that(are("not " + STREAMS_OWNER, type -> !type.getName().equals(STREAMS_OWNER))));
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(OURS);
  }

  @Test
  void shouldThrowExceptionsThatSayWhatTheyAre() {
    NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(OURS);
  }

  @Test
  void shouldMarkEveryPackageForNullness() {
    var unmarked = new TreeSet<String>();
    for (JavaClass type : OURS) {
      JavaPackage home = type.getPackage();
      if (!home.isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
        unmarked.add(home.getName());
      }
    }
    assertEquals(Set.of(), unmarked, "packages without @NullMarked");
  }

  @Test
  void shouldKeepAlgorithmsOutOfApiBundles() {
    classes()
        .that(are("in an API bundle", type -> bundleOf(type).endsWith(".api")))
        .should(ArchCondition.from(are("contracts or on the list", ArchitectureIT::isContract)))
        .check(OURS);
  }

  // What may be implemented by whom decides what a minor version is.
  @Test
  void shouldSayOfEachTypeOfAnApiWhoImplementsIt() {
    var unmarked = new TreeSet<String>();
    for (JavaClass type : OURS) {
      boolean open = type.isInterface() || !type.getModifiers().contains(JavaModifier.FINAL);
      boolean marked =
          type.isAnnotatedWith("org.osgi.annotation.versioning.ProviderType")
              != type.isAnnotatedWith("org.osgi.annotation.versioning.ConsumerType");
      if (bundleOf(type).endsWith(".api")
          && open
          && !marked
          && type.getModifiers().contains(JavaModifier.PUBLIC)
          && !type.isEnum()
          && !type.isAssignableTo(Throwable.class)) {
        unmarked.add(type.getName());
      }
    }
    assertEquals(Set.of(), unmarked, "types with neither or both of the annotations");
  }

  @Test
  void shouldNotKeepNamesOnTheShortListThatAreGone() {
    var gone = new TreeSet<>(API_CLASSES);
    OURS.forEach(type -> gone.remove(type.getName()));
    assertEquals(Set.of(), gone);
  }

  @Test
  void shouldExportFromApiBundlesOnly() throws IOException {
    var exporting = new ArrayList<String>();
    for (Path jar : Distribution.bundles(5)) {
      try (var file = new JarFile(jar.toFile())) {
        var main = Objects.requireNonNull(file.getManifest(), jar::toString).getMainAttributes();
        if (main.getValue("Export-Package") != null) {
          exporting.add(main.getValue("Bundle-SymbolicName"));
        }
      }
    }
    assertEquals(EXPORTING.stream().sorted().toList(), exporting.stream().sorted().toList());
  }

  private static boolean isForbidden(JavaClass type, String bundle, Set<String> seen) {
    String target = bundleOf(type);
    return !target.isEmpty() && !target.equals(bundle) && !seen.contains(target);
  }

  private static boolean isContract(JavaClass type) {
    return type.isInterface()
        || type.isRecord()
        || type.isEnum()
        || type.getEnclosingClass().map(outer -> outer.isEnum()).orElse(false)
        || type.isAssignableTo(Throwable.class)
        || type.getSimpleName().equals("package-info")
        || API_CLASSES.contains(type.getName());
  }

  /** {@return the bundle whose root package holds the class, or "" if it is none of ours} */
  private static String bundleOf(JavaClass type) {
    String name = type.getPackageName();
    return MAY_SEE.keySet().stream()
        .filter(bundle -> name.equals(bundle) || name.startsWith(bundle + "."))
        .findFirst()
        .orElse("");
  }

  private static DescribedPredicate<JavaClass> are(String what, Predicate<JavaClass> test) {
    return DescribedPredicate.describe(what, test);
  }
}
