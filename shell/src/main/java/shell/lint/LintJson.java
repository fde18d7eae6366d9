package shell.lint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import hardware.api.map.Decision;
import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.util.Locale;

/**
 * Map lint for programs, one JSON object:
 *
 * <pre>{@code
 * {"usableSpans": 2, "usableBytes": 536342528,
 *  "usable": [{"start": "0x0", "end": "0x9f000"}, {"start": "0x100000", "end": "0x1ffe0000"}],
 *  "reservedBytes": 12885295104,
 *  "findings": [{"severity": "info", "code": "rounded-inward", "line": 2, "message": "..."}]}
 * }</pre>
 *
 * <p>Ends are exclusive. Usable spans are whole pages: the merged usable entries without any byte
 * that another entry covers, rounded inward. Reserved bytes are those of the pages that entries
 * which are not usable touch, each page once. Findings are those of the reader followed by the
 * sanitiser's decisions; a line of 0 means the whole input. The format is an interface: keys may be
 * added within findings, none changes its meaning.
 */
public final class LintJson {
  private LintJson() {}

  /** The object for the given map and what was made of it. */
  public static JsonObject of(FirmwareMap map, SanitisedMap sane) {
    JsonObject object = new JsonObject();
    object.addProperty("usableSpans", sane.usable().size());
    object.addProperty("usableBytes", sane.usableBytes());
    object.add("usable", spans(sane));
    object.addProperty("reservedBytes", sane.reservedBytes());
    object.add("findings", findings(map, sane));
    return object;
  }

  /** The object as one line of text, without a line break at the end. */
  public static String render(FirmwareMap map, SanitisedMap sane) {
    return of(map, sane).toString();
  }

  private static JsonArray spans(SanitisedMap sane) {
    JsonArray array = new JsonArray();
    for (UsableSpan span : sane.usable()) {
      JsonObject object = new JsonObject();
      object.addProperty("start", "0x" + Long.toHexString(span.start()));
      object.addProperty("end", "0x" + Long.toHexString(span.end()));
      array.add(object);
    }
    return array;
  }

  private static JsonArray findings(FirmwareMap map, SanitisedMap sane) {
    JsonArray array = new JsonArray();
    for (Finding f : map.findings()) {
      array.add(finding(f));
    }
    for (Decision d : sane.decisions()) {
      String code = d.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
      array.add(finding(new Finding(d.kind().severity(), code, d.entry().line(), d.message())));
    }
    return array;
  }

  private static JsonObject finding(Finding finding) {
    JsonObject object = new JsonObject();
    object.addProperty("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    object.addProperty("code", finding.code());
    object.addProperty("line", finding.line());
    object.addProperty("message", finding.message());
    return object;
  }
}
