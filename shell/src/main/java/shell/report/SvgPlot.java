package shell.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;
import workbench.answers.Plot;

/**
 * Draws a plot as SVG: XChart lays it out, Batik writes what it draws. The ground is white whatever
 * the page's is, so that it can be read in light and dark. Needs no screen, but a font on the host.
 * See {@code docs/decisions/0012-plots-as-svg.md}.
 */
public final class SvgPlot {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final int WIDTH = 860;
  private static final int HEIGHT = 440;
  private static final int TEXT = 13;
  private static final int TITLE = 15;
  private static final int MARK = 7;
  private static final int APART = 90; // from one label of an axis to the next
  private static final float LINE = 2;

  // Okabe and Ito's colours, which are told apart by the colour-blind too; yellow is left out.
  private static final Color[] COLOURS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0x56B4E9),
    new Color(0xE69F00),
    new Color(0x444444),
  };

  private static final List<Marker> MARKS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.CROSS);

  private static final Color GRID = new Color(0xE4E4E4);

  private static final int MARKED = 40; // longer lines are better without marks

  private SvgPlot() {}

  /**
   * Draws into a file.
   *
   * @param plot what to draw
   * @param file where to; replaced if it exists
   * @throws IOException if it cannot be written
   */
  public static void write(Plot plot, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      SVGGraphics2D graphics = new SVGGraphics2D(context(), false);
      graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
      chart(plot).paint(graphics, WIDTH, HEIGHT);
      graphics.stream(out, true);
    } catch (SVGGraphics2DIOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static SVGGeneratorContext context() {
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(NAMESPACE, "svg", null);
      SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
      context.setComment("Drawn by quarry answers");
      context.setPrecision(1); // labels are outlines: more digits are most of the file
      return context;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java parses XML", e);
    }
  }

  private static XYChart chart(Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.horizontal().label())
            .yAxisTitle(plot.vertical().label())
            .build();
    style(chart.getStyler(), plot);
    for (int i = 0; i < plot.series().size(); i++) {
      add(chart, plot.series().get(i), i);
    }
    return chart;
  }

  private static void style(XYStyler styler, Plot plot) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotGridVerticalLinesVisible(!plot.horizontal().logarithmic());
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setMarkerSize(MARK);
    styler.setXAxisTickMarkSpacingHint(APART);
    styler.setYAxisTickMarkSpacingHint(APART);
    Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, TITLE));
    styler.setAxisTitleFont(plain);
    styler.setAxisTickLabelsFont(plain);
    styler.setLegendFont(plain);
    styler.setXAxisLogarithmic(plot.horizontal().logarithmic());
    styler.setYAxisLogarithmic(plot.vertical().logarithmic());
    if (!plot.vertical().logarithmic()) {
      styler.setYAxisMin(least(plot));
    }
  }

  // From 0, unless there is less.
  private static double least(Plot plot) {
    return plot.series().stream()
        .flatMap(series -> series.ys().stream())
        .mapToDouble(y -> y)
        .reduce(0, Math::min);
  }

  private static void add(XYChart chart, Plot.Series series, int number) {
    XYSeries drawn = chart.addSeries(series.name(), series.xs(), series.ys());
    Color colour = COLOURS[number % COLOURS.length];
    drawn.setLineColor(colour);
    drawn.setMarkerColor(colour);
    drawn.setLineStyle(new BasicStroke(LINE));
    drawn.setMarker(
        series.joined() && series.xs().size() > MARKED
            ? SeriesMarkers.NONE
            : MARKS.get(number % MARKS.size()));
    if (!series.joined()) {
      drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }
}
