package itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/**
 * What a test in Felix extends: the framework holds the bundles of the distribution at the
 * launcher's start levels, all but the prompt's; one framework serves all methods of a class.
 *
 * <p>The methods of such a test run inside the framework. They are public and JUnit 4's.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class InFelix {
  /** Above it stands only the prompt. */
  static final int COMMAND_LEVEL = 5;

  /** The file that tests drop into the watched directory. */
  static final String DROPPED = "dropped.jar";

  /** Another one. */
  static final String MARKER = "also-" + DROPPED;

  /** {@return the content of the framework} */
  @Configuration
  public Option[] configuration() {
    Path work = Path.of(System.getProperty("java.io.tmpdir"));
    return options(
        composite(
            IntStream.of(1, 3, COMMAND_LEVEL).mapToObj(InFelix::level).toArray(Option[]::new)),
        frameworkStartLevel(COMMAND_LEVEL),
        frameworkProperty("quarry.home").value(Distribution.home().toString()),
        frameworkProperty("quarry.cwd").value(work.toString()),
        frameworkProperty("quarry.run").value(work.toString()),
        frameworkProperty("felix.fileinstall.dir").value(watched(work).toString()),
        frameworkProperty("felix.fileinstall.tmpdir").value(work.toString()),
        frameworkProperty("felix.fileinstall.poll").value("200"),
        frameworkProperty("felix.fileinstall.noInitialDelay").value("true"),
        frameworkProperty("felix.fileinstall.log.level").value("1"),
        junitBundles());
  }

  // Without what an earlier run left there, which would be installed.
  private static Path watched(Path work) {
    Path deploy = work.resolve("deploy");
    try {
      Files.createDirectories(deploy);
      for (String name : List.of(DROPPED, MARKER)) {
        Files.deleteIfExists(deploy.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return deploy;
  }

  private static Option level(int level) {
    return composite(
        Distribution.bundles(level).stream()
            .map(jar -> bundle("reference:" + jar.toUri()).startLevel(level))
            .toArray(Option[]::new));
  }
}
