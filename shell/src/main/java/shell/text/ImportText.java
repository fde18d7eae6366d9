package shell.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import trace.TraceFormat;
import trace.importing.ImportReport;
import trace.importing.ImportReport.Part;

/** What a trace file is, for people and for programs. */
public final class ImportText {
  private static final double NANOS_PER_SECOND = 1e9;

  private ImportText() {}

  /** Prints a report: a line for the file, then for each tier a table of what it holds. */
  public static void print(ImportReport report, PrintStream out) {
    String variant = report.variant().isEmpty() ? "" : ", " + report.variant();
    out.println(report.file() + ": " + report.format().title() + variant);
    for (Part part : report.parts()) {
      out.println();
      print(part, out);
    }
  }

  /** Returns the report as one JSON object on one line. */
  public static String json(ImportReport report) {
    JsonObject object = new JsonObject();
    object.addProperty("file", report.file().toString());
    object.addProperty("format", report.format().key());
    object.addProperty("variant", report.variant());
    JsonArray parts = new JsonArray();
    report.parts().forEach(part -> parts.add(json(part)));
    object.add("parts", parts);
    return object.toString();
  }

  private static void print(Part part, PrintStream out) {
    String of = part.program().isEmpty() ? "" : " of " + part.program();
    String in = part.span().map(span -> " in " + seconds(span)).orElse("");
    out.printf(
        Locale.ROOT, "%s%s: %,d operations%s%n", tier(part.tier()), of, part.operations(), in);
    part.figures().forEach((what, number) -> figure(what, number, out));
    if (!part.oddities().isEmpty()) {
      out.println("  odd:");
      part.oddities()
          .forEach((what, number) -> out.printf(Locale.ROOT, "%,15d  %s%n", number, what));
    }
    part.written().ifPresent(path -> out.println("  written to " + path));
  }

  private static void figure(String what, long number, PrintStream out) {
    boolean bytes = what.contains("bytes") && number >= 1024;
    String size = bytes ? " (" + Sizes.bytes(number) + ")" : "";
    out.printf(Locale.ROOT, "%,15d  %s%s%n", number, what, size);
  }

  private static String tier(TraceFormat.Tier tier) {
    return switch (tier) {
      case HEAP -> "heap";
      case PHYSMEM -> "page frames";
      case VMEM -> "address ranges";
    };
  }

  private static String seconds(Duration span) {
    return String.format(Locale.ROOT, "%.3f s", span.toNanos() / NANOS_PER_SECOND);
  }

  private static JsonObject json(Part part) {
    JsonObject object = new JsonObject();
    object.addProperty("tier", part.tier().name().toLowerCase(Locale.ROOT));
    object.addProperty("program", part.program());
    object.addProperty("operations", part.operations());
    part.span().ifPresent(span -> object.addProperty("spanNanos", span.toNanos()));
    object.add("figures", json(part.figures()));
    object.add("oddities", json(part.oddities()));
    part.written().ifPresent(path -> object.addProperty("written", path.toString()));
    return object;
  }

  private static JsonObject json(Map<String, Long> numbers) {
    JsonObject object = new JsonObject();
    numbers.forEach(object::addProperty);
    return object;
  }
}
