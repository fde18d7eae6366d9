package verify;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.api.Bundles;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SettingInfo;
import org.osgi.framework.BundleContext;
import tck.Check;
import tck.Kit;
import tck.Options;
import tck.Outcome;
import tck.Outcome.Verdict;
import tck.Runner;
import tck.Script;
import tck.Skipped;
import tck.tiers.Kits;
import verify.Verification.Verified;

/**
 * Verifies bundles in this framework, which should be a fresh one: a provider that hangs or leaves
 * something behind is not cleaned up after.
 */
public final class Verifier {
  private static final Duration KIT_LIMIT = Duration.ofMinutes(1);
  private static final Duration SYSTEM_LIMIT = Duration.ofMinutes(2);
  private static final Duration BROKEN_LIMIT = Duration.ofSeconds(20); // of what has failed already
  private static final int MOST_HUNG = 2; // checks; the rest is not tried then

  private final BundleContext context;
  private final Kernel kernel;
  private final Bundles bundles;
  private final FirmwareMaps maps;

  /**
   * Makes a verifier.
   *
   * @param context knows the bundles
   * @param kernel knows the providers and boots machines
   * @param bundles brings the bundle in
   * @param maps reads the map
   */
  public Verifier(BundleContext context, Kernel kernel, Bundles bundles, FirmwareMaps maps) {
    this.context = context;
    this.kernel = kernel;
    this.bundles = bundles;
    this.maps = maps;
  }

  /**
   * Installs a bundle, runs the checks on each of its providers, and leaves it installed.
   *
   * @param request what to verify
   * @param listener is told how it goes
   * @return what came of it
   * @throws VerifyException if the bundle is of no use, with the reason
   * @throws hardware.api.map.MapException if the map cannot be read
   */
  public Verification run(VerifyRequest request, VerifyListener listener) throws VerifyException {
    FirmwareMap map = maps.read(request.map(), MapOptions.DEFAULTS);
    Candidate candidate = Candidate.install(context, kernel, bundles, request.jar());
    List<Verified> verified = new ArrayList<>();
    for (ProviderInfo provider : candidate.providers()) {
      verified.add(verify(candidate, provider, map, request, listener));
    }
    return new Verification(
        request.jar().toString(), candidate.name(), candidate.version(), request.seed(), verified);
  }

  private Verified verify(
      Candidate candidate,
      ProviderInfo provider,
      FirmwareMap map,
      VerifyRequest request,
      VerifyListener listener)
      throws VerifyException {
    listener.provider(provider);
    Options options = options(candidate, request);
    List<Outcome> outcomes =
        new ArrayList<>(
            run(alone(candidate.service(provider), provider, request), options, request, listener));
    candidate.letGo();
    if (request.script().isEmpty()) {
      List<Check> inSystem = new SystemChecks(kernel, map, request, candidate, provider).all();
      boolean good = outcomes.stream().allMatch(Outcome::good);
      Options others = limited(options, good ? SYSTEM_LIMIT : BROKEN_LIMIT);
      outcomes.addAll(run(inSystem, others, request, listener));
    }
    return new Verified(provider.tier().label(), provider.name(), provider.model(), outcomes);
  }

  private static Options limited(Options options, Duration limit) {
    return new Options(options.seed(), options.effort(), limit, options.settings());
  }

  private static List<Check> alone(
      AllocatorProvider service, ProviderInfo provider, VerifyRequest request)
      throws VerifyException {
    Kit kit = Kits.of(provider.tier());
    if (request.script().isEmpty()) {
      return kit.checks(service);
    }
    Script script = request.script().get();
    if (script.tier() != provider.tier()) {
      throw new VerifyException(
          "the script is for tier %s, and %s is a provider of tier %s"
              .formatted(script.tier().label(), provider.name(), provider.tier().label()));
    }
    return List.of(new Check("script", List.of(), trial -> kit.play(service, script, trial)));
  }

  private static List<Outcome> run(
      List<Check> checks, Options options, VerifyRequest request, VerifyListener listener) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Check check : checks) {
      if (request.script().isPresent() || request.wants(check.name())) {
        listener.begins(check);
        Outcome outcome = run(check, options, hung(outcomes));
        outcomes.add(outcome);
        listener.ended(outcome);
      }
    }
    return outcomes;
  }

  private static List<String> hung(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> outcome.verdict() == Verdict.HUNG)
        .map(Outcome::check)
        .toList();
  }

  // What hangs once hangs again, and goes on in the background: the report is to come all the same.
  private static Outcome run(Check check, Options options, List<String> hung) {
    if (hung.isEmpty()) {
      return Runner.run(check, options);
    }
    if (hung.size() < MOST_HUNG) {
      return Runner.run(check, limited(options, BROKEN_LIMIT));
    }
    String why = "not tried: %s hung before".formatted(String.join(" and ", hung));
    Check untried =
        new Check(
            check.name(),
            check.clauses(),
            trial -> {
              throw new Skipped(why);
            });
    return Runner.run(untried, options);
  }

  private Options options(Candidate candidate, VerifyRequest request) {
    Map<String, String> values = new HashMap<>();
    for (SettingInfo each : kernel.settings()) {
      if (each.name().equals(candidate.name())) {
        values.put(each.key(), each.value());
      }
    }
    String prefix = candidate.name() + ":";
    for (String each : request.settings()) {
      int equals = each.indexOf('=');
      if (each.startsWith(prefix) && equals > 0) {
        values.put(each.substring(prefix.length(), equals), each.substring(equals + 1));
      }
    }
    return new Options(
        request.seed(), request.effort(), KIT_LIMIT, new Settings(candidate.name(), values));
  }
}
