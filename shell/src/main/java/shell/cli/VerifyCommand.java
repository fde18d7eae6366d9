package shell.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import kernel.api.ProviderInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import shell.text.VerifyText;
import tck.Check;
import tck.Options;
import tck.Outcome;
import tck.Script;
import trace.FormatDetector;
import trace.TraceFormat;
import verify.Verification;
import verify.VerificationJson;
import verify.VerificationXml;
import verify.Verifier;
import verify.VerifyException;
import verify.VerifyListener;
import verify.VerifyRequest;

/** {@code quarry verify}: holds the allocators of a bundle to the contract. */
@Command(
    name = "verify",
    description = {
      "Holds the allocators of a bundle to the contract of their tier: each alone with a model"
          + " beside it, then in a booted system between the other tiers.",
      "A bundle of the same name that comes with Quarry makes way for it. A random sequence that"
          + " fails is made short and printed as a script, which --script plays again.",
      "Exit status 1 if a check failed or hung, or the bundle is of no use."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "JAR", description = "The bundle.")
  @Nullable Path jar;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides all that is random: ${DEFAULT-VALUE}.")
  long seed = Options.USUAL.seed();

  @Option(
      names = "--effort",
      paramLabel = "FACTOR",
      description = "How many random calls: 0.1 is a quick look, 10 a long one. Default: 1.")
  double effort = 1;

  @Option(
      names = "--only",
      paramLabel = "CHECK",
      split = ",",
      description = "Only these checks, such as heap.random, or system for all of that group.")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Play this script, as a failed check printed it, instead of the checks.")
  @Nullable Path script;

  @Option(
      names = "--set",
      paramLabel = "NAME:KEY=VALUE",
      description = "A setting over the defaults; may be repeated.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON; - for standard output.")
  @Nullable String json;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML.")
  @Nullable Path junit;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  VerifyCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (!(effort > 0)) {
      throw new IllegalArgumentException("--effort " + effort + ": must be above 0");
    }
    boolean alone = "-".equals(json); // standard output belongs to the JSON then
    VerifyText text = new VerifyText(alone ? terminal.err() : terminal.out());
    try {
      Verification verification =
          new Verifier(house.context(), house.kernel(), house.bundles(), house.maps())
              .run(request(), listener(text));
      text.sum(verification);
      write(verification);
      return verification.good() ? 0 : 1;
    } catch (VerifyException e) {
      terminal.err().println("quarry: " + e.getMessage());
      return 1;
    }
  }

  private VerifyRequest request() throws IOException {
    Path file = Objects.requireNonNull(jar, "picocli demands it");
    Optional<Script> calls = Optional.empty();
    if (script != null) {
      calls = Optional.of(Script.parse(script.toString(), Files.readAllLines(script)));
    }
    return new VerifyRequest(
        file, seed, effort, only, calls, settings, house.samples().map(), traces());
  }

  private List<Path> traces() throws IOException {
    List<Path> traces = new ArrayList<>();
    Path directory = house.samples().trace().resolveSibling("");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.trace.gz")) {
      for (Path file : files) {
        if (FormatDetector.tierOf(file) == TraceFormat.Tier.HEAP) {
          traces.add(file);
        }
      }
    }
    traces.sort(Comparator.naturalOrder());
    return traces;
  }

  private VerifyListener listener(VerifyText text) {
    return new VerifyListener() {
      @Override
      public void provider(ProviderInfo provider) {
        text.provider(provider);
      }

      @Override
      public void begins(Check check) {
        if (terminal.live()) {
          text.begins(check);
        }
      }

      @Override
      public void ended(Outcome outcome) {
        text.ended(outcome);
      }
    };
  }

  private void write(Verification verification) throws IOException {
    String file = json;
    if (file != null && file.equals("-")) {
      terminal.out().println(VerificationJson.text(verification));
    } else if (file != null) {
      Files.writeString(Path.of(file), VerificationJson.text(verification) + "\n");
    }
    if (junit != null) {
      Files.writeString(junit, VerificationXml.text(verification));
    }
  }
}
