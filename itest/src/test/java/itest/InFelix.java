package itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.nio.file.Path;
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
  private static final int COMMAND_LEVEL = 5;

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
        frameworkProperty("felix.fileinstall.dir").value(work.resolve("deploy").toString()),
        frameworkProperty("felix.fileinstall.tmpdir").value(work.toString()),
        frameworkProperty("felix.fileinstall.log.level").value("1"),
        junitBundles());
  }

  private static Option level(int level) {
    return composite(
        Distribution.bundles(level).stream()
            .map(jar -> bundle("reference:" + jar.toUri()).startLevel(level))
            .toArray(Option[]::new));
  }
}
