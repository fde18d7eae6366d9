package kernel.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kernel.api.BundleFinding;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Why a bundle cannot be resolved: what it requires and nobody here offers. */
final class Requirements {
  private static final String EXTENDER = "osgi.extender"; // of the compendium, not the core
  private static final String COMPONENTS = "osgi.component";
  private static final Pattern ANNOTATIONS = Pattern.compile("(^|\\.)annotations?(\\.|$)");
  private static final Pattern FLOOR = Pattern.compile("\\(version>=([^)]+)\\)");
  private static final Pattern CEILING = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");
  private static final Pattern EXACT = Pattern.compile("\\(version=([^)]+)\\)");

  private final BundleContext context;
  private final Shipped shipped;
  private final Bundle bundle;
  private final String where;

  Requirements(BundleContext context, Shipped shipped, Bundle bundle) {
    this.context = context;
    this.shipped = shipped;
    this.bundle = bundle;
    this.where = Diagnosis.label(bundle);
  }

  /** {@return a finding for each mandatory requirement that nothing meets} */
  List<BundleFinding> unmet() {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null) {
      return List.of();
    }
    List<BundleFinding> found = new ArrayList<>();
    for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
      if (isMandatory(requirement)) {
        judge(requirement, found);
      }
    }
    return found;
  }

  private static boolean isMandatory(BundleRequirement requirement) {
    Map<String, String> directives = requirement.getDirectives();
    boolean optional =
        Constants.RESOLUTION_OPTIONAL.equals(directives.get(Constants.RESOLUTION_DIRECTIVE));
    String effective = directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, "resolve");
    return !optional && effective.equals("resolve");
  }

  private void judge(BundleRequirement requirement, List<BundleFinding> found) {
    List<BundleCapability> meeting =
        capabilities(requirement.getNamespace()).stream()
            .filter(c -> meets(requirement, c))
            .toList();
    if (meeting.isEmpty()) {
      found.add(missing(requirement));
    } else if (meeting.stream().noneMatch(Requirements::isResolved)) {
      BundleCapability broken = meeting.getFirst();
      if (!broken.getRevision().getBundle().equals(bundle)) {
        found.add(dependsOnBroken(requirement, broken.getRevision().getBundle()));
      }
    }
  }

  private List<BundleCapability> capabilities(String namespace) {
    return Arrays.stream(context.getBundles())
        .map(each -> each.adapt(BundleRevision.class))
        .filter(revision -> revision != null)
        .flatMap(revision -> revision.getDeclaredCapabilities(namespace).stream())
        .toList();
  }

  private static boolean meets(BundleRequirement requirement, BundleCapability capability) {
    String filter = filter(requirement);
    try {
      return filter.isEmpty()
          || FrameworkUtil.createFilter(filter).matches(capability.getAttributes());
    } catch (InvalidSyntaxException e) {
      return false; // the framework would not have taken the bundle
    }
  }

  private static boolean isResolved(BundleCapability capability) {
    return capability.getRevision().getWiring() != null;
  }

  private static String filter(BundleRequirement requirement) {
    return requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
  }

  private BundleFinding dependsOnBroken(BundleRequirement requirement, Bundle other) {
    return new BundleFinding(
        where,
        "needs %s of bundle %s, which does not resolve itself"
            .formatted(subject(requirement), Diagnosis.label(other)),
        "mend that one first: start " + other.getSymbolicName());
  }

  private static String subject(BundleRequirement requirement) {
    String namespace = requirement.getNamespace();
    Matcher name =
        Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]+)\\)")
            .matcher(filter(requirement));
    return name.find() ? name.group(1) : namespace + " " + filter(requirement);
  }

  private BundleFinding missing(BundleRequirement requirement) {
    return switch (requirement.getNamespace()) {
      case PackageNamespace.PACKAGE_NAMESPACE -> missingPackage(requirement);
      case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> wrongJava(requirement);
      case EXTENDER -> missingExtender(requirement);
      default ->
          new BundleFinding(
              where,
              "requires %s %s, which nothing here offers"
                  .formatted(requirement.getNamespace(), filter(requirement)),
              "put the bundle that offers it beside it, or drop the requirement");
    };
  }

  // ------------------------------------------------------------------------------------ packages

  private BundleFinding missingPackage(BundleRequirement requirement) {
    String name = subject(requirement);
    String range = range(filter(requirement));
    List<BundleCapability> offers =
        capabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
            .filter(
                each -> name.equals(each.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)))
            .toList();
    return offers.isEmpty() ? unknownPackage(name, range) : wrongVersion(name, range, offers);
  }

  private BundleFinding wrongVersion(String name, String range, List<BundleCapability> offers) {
    Version here = version(offers.getFirst());
    TreeSet<String> versions = new TreeSet<>();
    offers.forEach(each -> versions.add(version(each).toString()));
    boolean ours = shipped.has(offers.getFirst().getRevision().getBundle());
    return new BundleFinding(
        where,
        "imports %s %s, and %s %s"
            .formatted(
                name,
                range,
                ours ? "this Quarry has" : "what is here is",
                String.join(", ", versions)),
        remedy(name, here, range, ours));
  }

  private static String remedy(String name, Version here, String range, boolean ours) {
    if (!ours) {
      return "put a bundle beside it that offers such a version, or rebuild it against this one";
    }
    boolean newer = here.compareTo(Version.parseVersion(floor(range))) < 0;
    return newer
        ? "it was built for a newer Quarry: get that one, or rebuild it against the %s of this one"
            .formatted(name)
        : "it was built for an older Quarry: rebuild it against the %s of this one".formatted(name);
  }

  private static String floor(String range) {
    return range.replaceAll("[\\[(]", "").split("[,)\\]]", 2)[0].replace(" or newer", "").strip();
  }

  private static Version version(BundleCapability offer) {
    return offer.getAttributes().get(Constants.VERSION_ATTRIBUTE) instanceof Version version
        ? version
        : Version.emptyVersion;
  }

  private BundleFinding unknownPackage(String name, String range) {
    String what =
        "imports package " + name + (range.isEmpty() ? "" : " " + range) + ", which no bundle ";
    @Nullable Bundle inside = holderOf(name);
    if (inside != null) {
      return new BundleFinding(
          where,
          what + "exports: it is internal to " + Diagnosis.label(inside),
          "use the API's packages only, or put a copy of what you need into your jar");
    }
    return ANNOTATIONS.matcher(name).find()
        ? new BundleFinding(
            where,
            what + "here exports",
            "annotations are not needed at run time: put `Import-Package: !%s, *` into bnd.bnd"
                .formatted(name))
        : new BundleFinding(
            where,
            what + "here exports",
            ("put it into your jar (bnd: -includeresource: @LIBRARY.jar, or -privatepackage: %s),"
                    + " or put the bundle that exports it beside yours")
                .formatted(name));
  }

  // Providers export nothing, so their packages can be seen in their jars only.
  private @Nullable Bundle holderOf(String name) {
    return Arrays.stream(context.getBundles())
        .filter(each -> !each.equals(bundle) && shipped.has(each))
        .filter(each -> each.getEntryPaths("/" + name.replace('.', '/') + "/") != null)
        .findFirst()
        .orElse(null);
  }

  /** {@return a range of versions as a header has it, or nothing} */
  static String range(String filter) {
    Matcher ceiling = CEILING.matcher(filter);
    Matcher floor = FLOOR.matcher(ceiling.reset().replaceAll(""));
    Matcher exact = EXACT.matcher(filter);
    if (exact.find()) {
      return exact.group(1);
    }
    boolean bounded = ceiling.reset().find();
    if (!floor.find()) {
      return bounded ? "[0," + plain(ceiling.group(1)) + ")" : "";
    }
    return bounded
        ? "[" + plain(floor.group(1)) + "," + plain(ceiling.group(1)) + ")"
        : plain(floor.group(1)) + " or newer";
  }

  // 2.0.0 as people write it.
  private static String plain(String version) {
    return version.endsWith(".0") && version.chars().filter(c -> c == '.').count() == 2
        ? version.substring(0, version.length() - 2)
        : version;
  }

  // ------------------------------------------------------------------------------------ the rest

  private BundleFinding wrongJava(BundleRequirement requirement) {
    String wanted = range(filter(requirement)).replace(" or newer", "");
    int here = Runtime.version().feature();
    return new BundleFinding(
        where,
        "needs Java " + wanted + ", and this is Java " + here,
        compileFor(here) + ", or run Quarry on Java " + wanted);
  }

  /** {@return how to build for a Java} */
  static String compileFor(int feature) {
    return "compile it for Java %d (javac --release %1$d; Maven: maven.compiler.release)"
        .formatted(feature);
  }

  private BundleFinding missingExtender(BundleRequirement requirement) {
    String name = subject(requirement);
    String range = range(filter(requirement));
    return name.equals(COMPONENTS)
        ? new BundleFinding(
            where,
            "needs Declarative Services " + range + ", which is newer than Quarry's",
            "put `-dsannotations-options: version;maximum=1.5.1` into its bnd.bnd")
        : new BundleFinding(
            where,
            "needs the extender " + name + " " + range + ", which is not here",
            "put the bundle that is it beside yours, or do without");
  }

  /** Which bundles came with Quarry: those of its own directory. */
  record Shipped(String prefix) {
    static Shipped of(BundleContext context) {
      String home = context.getProperty("quarry.home");
      return new Shipped(home == null ? "" : Path.of(home, "bundles").toUri().getPath());
    }

    boolean has(Bundle bundle) {
      String location = bundle.getLocation().replace("%2B", "+");
      return bundle.getBundleId() == 0 || (!prefix.isEmpty() && location.contains(prefix));
    }
  }
}
