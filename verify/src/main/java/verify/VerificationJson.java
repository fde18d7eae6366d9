package verify;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import tck.Contract;
import tck.Outcome;
import tck.Script;
import verify.Verification.Verified;

/** A verification as JSON; {@code docs/formats.md} describes it. */
public final class VerificationJson {
  private static final int FORMAT = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private VerificationJson() {}

  /** {@return one JSON object, over several lines} */
  public static String text(Verification verification) {
    JsonObject whole = new JsonObject();
    whole.addProperty("format", FORMAT);
    whole.addProperty("file", verification.file());
    whole.addProperty("bundle", verification.bundle());
    whole.addProperty("version", verification.version());
    whole.addProperty("seed", verification.seed());
    whole.addProperty("good", verification.good());
    JsonArray providers = new JsonArray();
    verification.providers().forEach(each -> providers.add(provider(each)));
    whole.add("providers", providers);
    return GSON.toJson(whole);
  }

  private static JsonObject provider(Verified verified) {
    JsonObject provider = new JsonObject();
    provider.addProperty("tier", verified.tier());
    provider.addProperty("name", verified.name());
    provider.addProperty("model", verified.model());
    provider.addProperty("good", verified.good());
    JsonArray checks = new JsonArray();
    verified.outcomes().forEach(each -> checks.add(check(each)));
    provider.add("checks", checks);
    return provider;
  }

  private static JsonObject check(Outcome outcome) {
    JsonObject check = new JsonObject();
    check.addProperty("name", outcome.check());
    check.addProperty("verdict", outcome.verdict().label());
    check.addProperty("facts", outcome.facts());
    check.addProperty("wallNanos", outcome.nanos());
    outcome
        .clause()
        .ifPresent(id -> {
          check.addProperty("clause", id);
          check.addProperty("text", Contract.clause(id).text());
        });
    if (!outcome.seen().isEmpty()) {
      check.addProperty("seen", outcome.seen());
    }
    outcome.script().map(Script::text).ifPresent(text -> check.addProperty("script", text));
    return check;
  }
}
