package shell.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shell.text.Comparisons;
import workbench.compare.CostModel;
import workbench.compare.Figures;

final class HtmlReportTest {
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  @TempDir private Path directory;

  private String page() throws IOException {
    JsonObject figures =
        new Figures(CostModel.shipped(), 600e3).json(Comparisons.results(), Comparisons.PLAN);
    Path file = directory.resolve("index.html");
    HtmlReport.write(file, figures, "1.2.3");
    return Files.readString(file);
  }

  private static JsonObject data(String page) {
    Matcher matcher = DATA.matcher(page);
    assertTrue(matcher.find());
    return JsonParser.parseString(matcher.group(1)).getAsJsonObject();
  }

  @Test
  void shouldHoldAllThatItNeeds() throws IOException {
    String page = page();
    assertTrue(page.contains("Chart.js v"), "the library");
    String own = page.replaceAll("https?://(www\\.)?(chartjs\\.org|github\\.com)[^\\s\"'*]*", "");
    for (String load : List.of(" src=", "<link", "@import", "fetch(", "url(", "sourceMappingURL")) {
      assertFalse(own.contains(load), load);
    }
    for (String placeholder : List.of("@style@", "@chart@", "@script@", "@data@")) {
      assertFalse(page.contains(placeholder), placeholder);
    }
  }

  // What a failed cell says must not end the element that holds the data.
  @Test
  void shouldEmbedTheFiguresOfEveryPlot() throws IOException {
    JsonObject data = data(page());
    assertEquals("1.2.3", data.get("version").getAsString());
    JsonObject group = data.getAsJsonArray("groups").get(0).getAsJsonObject();
    assertEquals(6, group.getAsJsonArray("sizes").size());
    JsonArray cells = group.getAsJsonArray("cells");
    assertEquals(3, cells.size());
    assertEquals("no heap </script>", failure(cells));
    for (int i = 0; i < 2; i++) {
      JsonObject cell = cells.get(i).getAsJsonObject();
      assertTrue(cell.get("good").getAsBoolean());
      assertTrue(cell.get("pareto").getAsBoolean());
      JsonObject run = cell.getAsJsonArray("runs").get(0).getAsJsonObject();
      assertTrue(run.get("modelledCyclesPerOperation").getAsDouble() > 0);
      assertEquals(2, run.getAsJsonArray("reuse").size());
      assertEquals(2, cell.getAsJsonObject("series").getAsJsonArray("event").size());
      JsonObject shot = cell.getAsJsonArray("shot").get(0).getAsJsonObject();
      assertEquals(1, shot.getAsJsonArray("ram").size());
      JsonObject clock = cell.getAsJsonObject("wallClock");
      assertEquals(4, clock.getAsJsonArray("latency").size());
      assertEquals(i + 1, rank(cell, "wallClock"));
      assertEquals(2 - i, rank(cell, "modelled"));
    }
  }

  private static String failure(JsonArray cells) {
    return cells.get(2).getAsJsonObject().get("failure").getAsString();
  }

  private static int rank(JsonObject cell, String by) {
    return cell.getAsJsonObject("ranks").getAsJsonObject(by).get("rank").getAsInt();
  }
}
