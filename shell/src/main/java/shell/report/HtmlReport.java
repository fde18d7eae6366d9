package shell.report;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a comparison as one HTML file that loads nothing: styles, script, the plotting library
 * (Chart.js) and the figures are in it. See {@code docs/decisions/0010-report-page.md}.
 */
public final class HtmlReport {
  private static final String FOLDER = "/shell/report/";

  // As the WebJar has it; the version is that in pom.xml, which the test compares.
  private static final String CHART =
      "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

  private HtmlReport() {}

  /**
   * Writes the page.
   *
   * @param file where to; replaced if it exists
   * @param figures the comparison, as {@code --json} writes it
   * @param version the version of Quarry
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, JsonObject figures, String version) throws IOException {
    Files.writeString(file, page(figures, version));
  }

  /**
   * {@return the page}
   *
   * @param figures the comparison
   * @param version the version of Quarry
   * @throws IOException if a part of the page is missing from the bundle
   */
  static String page(JsonObject figures, String version) throws IOException {
    JsonObject data = figures.deepCopy();
    data.addProperty("version", version);
    return resource("report.html")
        .replace("@style@", resource("report.css"))
        .replace("@chart@", script(resource(CHART)))
        .replace("@script@", script(resource("report.js")))
        .replace("@data@", embedded(data));
  }

  // In a script element, no text may look like the end of the element or begin a comment.
  private static String embedded(JsonObject data) {
    return data.toString().replace("<", "\\u003c");
  }

  private static String script(String text) {
    return text.replace("</script", "<\\/script").replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  private static String resource(String name) throws IOException {
    String path = name.startsWith("/") ? name : FOLDER + name;
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("the shell's bundle has no " + path + "; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
