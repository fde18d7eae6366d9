package kernel.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import kernel.api.BundleFinding;
import kernel.api.BundleRefusedException;
import kernel.api.Bundles;
import kernel.boot.Failure;
import kernel.boot.ProviderRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings other people's bundles in and says what is wrong with them. */
@Component(service = Bundles.class, immediate = true)
public final class BundlesService implements Bundles {
  private static final Logger LOG = LoggerFactory.getLogger("quarry.deploy");

  private static final String WATCHED = "felix.fileinstall.dir"; // comma separated

  private final BundleContext context;
  private final ProviderRegistry registry;
  private final Diagnosis diagnosis;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   * @param registry the providers present
   * @param runtime knows the components
   */
  @Activate
  public BundlesService(
      BundleContext context,
      @Reference ProviderRegistry registry,
      @Reference ServiceComponentRuntime runtime) {
    this.context = context;
    this.registry = registry;
    this.diagnosis = new Diagnosis(context, registry, runtime, Requirements.Shipped.of(context));
    registry.explainBy(this::named);
    List<String> watched = watched(context);
    registry.watching(location -> watched.stream().anyMatch(location::startsWith));
  }

  // File Install calls a bundle by the URI of its file, as java.io.File writes it: file:/x.
  private static List<String> watched(BundleContext context) {
    String text = Optional.ofNullable(context.getProperty(WATCHED)).orElse("");
    return Arrays.stream(text.split(","))
        .filter(each -> !each.isBlank())
        .map(each -> Path.of(each.strip()).toAbsolutePath().normalize().toFile().toURI().toString())
        .toList();
  }

  // ------------------------------------------------------------------------------------ diagnosis

  @Override
  public List<BundleFinding> diagnose(Bundle bundle) {
    return diagnosis.of(bundle);
  }

  @Override
  public List<BundleFinding> diagnose() {
    return strangers()
        .filter(diagnosis::isForTier)
        .flatMap(bundle -> diagnosis.of(bundle).stream())
        .toList();
  }

  @Override
  public boolean isStranger(Bundle bundle) {
    return !diagnosis.isShipped(bundle);
  }

  private Stream<Bundle> strangers() {
    return Arrays.stream(context.getBundles()).filter(this::isStranger);
  }

  // A user who asks for my-heap@1.0 means my-heap, and perhaps my.heap.
  private List<BundleFinding> named(String name) {
    String wanted = plain(name.split("@", 2)[0]);
    return strangers()
        .filter(bundle -> isLike(plain(String.valueOf(bundle.getSymbolicName())), wanted))
        .flatMap(bundle -> diagnosis.of(bundle).stream())
        .toList();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static boolean isLike(String one, String other) {
    return !other.isEmpty() && (one.contains(other) || other.contains(one));
  }

  @Override
  public Optional<BundleFinding> inspect(Path jar) {
    return JarFacts.of(jar).finding();
  }

  @Override
  public List<BundleFinding> diagnose(Path jar) {
    JarFacts facts = JarFacts.of(jar);
    if (facts.finding().isPresent()) {
      return List.of(facts.finding().get());
    }
    Optional<Bundle> bundle = facts.installed(context);
    return bundle
        .map(this::tried)
        .orElseGet(() ->
            List.of(
                new BundleFinding(
                    jar.toString(),
                    "bundle " + facts.symbolicName() + " was not installed",
                    "the reason stands in the lines above")));
  }

  // The framework says it only when it is asked to start.
  private List<BundleFinding> tried(Bundle bundle) {
    boolean stands = bundle.getState() == Bundle.RESOLVED || bundle.getState() == Bundle.INSTALLED;
    return stands
        ? started(bundle, Bundle.START_TRANSIENT).orElseGet(() -> diagnosis.of(bundle))
        : diagnosis.of(bundle);
  }

  @Override
  public void start(Bundle bundle) {
    started(bundle, 0)
        .ifPresent(findings -> {
          throw new BundleRefusedException(findings);
        });
  }

  /** Starts a bundle; says why it does not start, in our words or the framework's. */
  private Optional<List<BundleFinding>> started(Bundle bundle, int how) {
    try {
      bundle.start(how);
      return Optional.empty();
    } catch (BundleException e) {
      List<BundleFinding> known =
          e.getType() == BundleException.RESOLVE_ERROR ? diagnosis.unresolved(bundle) : List.of();
      return Optional.of(known.isEmpty() ? List.of(refusal(bundle, e)) : known);
    }
  }

  private static BundleFinding refusal(Bundle bundle, BundleException e) {
    String what =
        e.getCause() == null
            ? String.valueOf(e.getMessage())
            : "its activator threw " + Failure.text(e);
    return new BundleFinding(
        Diagnosis.label(bundle), "does not start: " + what, "mend it and put the jar there again");
  }

  // -------------------------------------------------------------------------------- installation

  @Override
  public List<Bundle> install(List<Path> jars) {
    List<Bundle> ours = new ArrayList<>();
    try {
      for (Path jar : jars) {
        ours.add(install(jar));
      }
      requireGood(ours);
      return List.copyOf(ours);
    } catch (BundleRefusedException e) {
      ours.forEach(BundlesService::remove);
      throw e;
    }
  }

  private void requireGood(List<Bundle> ours) {
    List<BundleFinding> bad = new ArrayList<>();
    for (Bundle bundle : ours) {
      started(bundle, 0).ifPresent(bad::addAll);
    }
    if (bad.isEmpty()) {
      ours.forEach(bundle -> bad.addAll(diagnosis.of(bundle)));
    }
    if (!bad.isEmpty()) {
      throw new BundleRefusedException(bad);
    }
  }

  private static void remove(Bundle bundle) {
    try {
      bundle.uninstall();
    } catch (BundleException e) {
      LOG.warn("{} stays installed: {}", Diagnosis.label(bundle), e.toString());
    }
  }

  private Bundle install(Path jar) {
    JarFacts facts = JarFacts.of(jar);
    facts
        .finding()
        .ifPresent(finding -> {
          throw new BundleRefusedException(List.of(finding));
        });
    for (Bundle other : context.getBundles()) {
      if (facts.symbolicName().equals(other.getSymbolicName())) {
        makeRoom(jar, other);
      }
    }
    try (InputStream in = Files.newInputStream(jar)) {
      return context.installBundle(jar.toAbsolutePath().normalize().toUri().toString(), in);
    } catch (IOException | BundleException e) {
      throw refused(jar, "cannot be installed: " + e.getMessage(), "see whether the file is whole");
    }
  }

  private static BundleRefusedException refused(Path jar, String what, String remedy) {
    return new BundleRefusedException(List.of(new BundleFinding(jar.toString(), what, remedy)));
  }

  // Of a provider's bundle there is one; what others are wired to is not exchanged underneath them.
  private void makeRoom(Path jar, Bundle other) {
    if (diagnosis.isShipped(other) && !registry.offers(other)) {
      throw refused(
          jar,
          "has the symbolic name of " + Diagnosis.label(other) + ", which is a part of Quarry",
          "give yours another Bundle-SymbolicName");
    }
    LOG.warn("{} takes the place of {}", jar, Diagnosis.label(other));
    remove(other);
  }

  /** Called by Declarative Services. */
  @Deactivate
  void stop() {
    registry.explainBy(name -> List.of());
    registry.watching(location -> false);
  }
}
