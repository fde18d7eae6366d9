package shell.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import workbench.answers.Plot;

final class SvgPlotTest {
  private static final Plot PLOT =
      new Plot(
          "Title",
          new Plot.Axis("bytes", true),
          new Plot.Axis("frames", false),
          List.of(
              new Plot.Series("one", List.of(1.0, 10.0, 100.0), List.of(3.0, 4.0, 9.0), true),
              new Plot.Series("two", List.of(1.0, 100.0), List.of(0.0, 5.0), false)));

  @TempDir private Path directory;

  private static Element parsed(Path file) throws Exception {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    builder.setEntityResolver((name, address) -> new InputSource(new StringReader("")));
    return builder.parse(file.toFile()).getDocumentElement();
  }

  @Test
  void shouldWriteAnImageOnAWhiteGround() throws Exception {
    Path file = directory.resolve("plot.svg");
    SvgPlot.write(PLOT, file);
    Element svg = parsed(file);
    assertEquals("svg", svg.getTagName());
    assertEquals("860", svg.getAttribute("width"));
    assertTrue(svg.getElementsByTagName("path").getLength() > 5, "labels are outlines");
    assertEquals(0, svg.getElementsByTagName("image").getLength());
    Element ground = (Element) svg.getElementsByTagName("rect").item(0);
    assertTrue(((Element) ground.getParentNode()).getAttribute("style").contains("fill:white"));
  }

  @Test
  void shouldDrawTheSamePlotTwiceAlike() throws Exception {
    Path one = directory.resolve("one.svg");
    Path two = directory.resolve("two.svg");
    SvgPlot.write(PLOT, one);
    SvgPlot.write(PLOT, two);
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }
}
