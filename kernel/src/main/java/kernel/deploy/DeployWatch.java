package kernel.deploy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import kernel.api.BundleFinding;
import kernel.api.Bundles;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the directories that Felix File Install watches and logs, once for each jar, why it is
 * of no use: File Install passes over what is no bundle, and does not know what a provider is.
 */
@Component(
    service = {},
    immediate = true)
public final class DeployWatch {
  private static final Logger LOG = LoggerFactory.getLogger("quarry.deploy");
  private static final String DIRECTORIES = "quarry.deploy"; // comma separated
  private static final long PERIOD_SECONDS = 1;
  private static final int ROUNDS = 4; // File Install looks every two seconds and then installs
  private static final int LATE_ROUNDS = 15; // when it should have, on a busy machine too

  /** A jar as it was when it was looked at last, and for how many rounds it has been so. */
  private record Seen(long size, FileTime modified, int rounds) {
    Seen again() {
      return new Seen(size, modified, rounds + 1);
    }

    boolean isSame(BasicFileAttributes now) {
      return size == now.size() && modified.equals(now.lastModifiedTime());
    }
  }

  private final List<Path> directories;
  private final Bundles bundles;
  private final ScheduledFuture<?> looking;
  private final Map<Path, Seen> seen = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("quarry-deploy").factory());

  /**
   * Made by Declarative Services.
   *
   * @param context says which directories
   * @param bundles knows what is wrong with a bundle
   */
  @Activate
  public DeployWatch(BundleContext context, @Reference Bundles bundles) {
    String text = Optional.ofNullable(context.getProperty(DIRECTORIES)).orElse("");
    this.directories =
        Arrays.stream(text.split(","))
            .filter(each -> !each.isBlank())
            .map(each -> Path.of(each.strip()))
            .toList();
    this.bundles = bundles;
    this.looking =
        clock.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  // The clock would stop for good at an exception.
  private void look() {
    for (Path directory : directories) {
      try {
        look(directory);
      } catch (IOException | RuntimeException e) {
        LOG.warn("{} cannot be looked at: {}", directory, e.toString());
      }
    }
  }

  private void look(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path jar : jars) {
        look(jar, Files.readAttributes(jar, BasicFileAttributes.class));
      }
    }
    seen.keySet().removeIf(jar -> Files.notExists(jar));
  }

  private void look(Path jar, BasicFileAttributes now) {
    Seen last = seen.get(jar);
    Seen next =
        last != null && last.isSame(now)
            ? last.again()
            : new Seen(now.size(), now.lastModifiedTime(), 0);
    seen.put(jar, next);
    if (next.rounds() == ROUNDS || next.rounds() == LATE_ROUNDS) {
      List<BundleFinding> findings = bundles.diagnose(jar);
      boolean late = next.rounds() == LATE_ROUNDS;
      if (late == isNotInstalled(findings, jar)) {
        findings.forEach(finding -> LOG.warn("{}: {}", jar.getFileName(), text(finding, jar)));
      }
    }
  }

  // A sound file that is no bundle here: it may be on its way.
  private boolean isNotInstalled(List<BundleFinding> findings, Path jar) {
    return findings.stream().anyMatch(finding -> finding.where().equals(jar.toString()))
        && bundles.inspect(jar).isEmpty();
  }

  private static String text(BundleFinding finding, Path jar) {
    return finding.where().equals(jar.toString())
        ? finding.what() + "; " + finding.remedy()
        : finding.text();
  }

  /** Called by Declarative Services. */
  @Deactivate
  void stop() {
    looking.cancel(true);
    clock.shutdownNow();
  }
}
