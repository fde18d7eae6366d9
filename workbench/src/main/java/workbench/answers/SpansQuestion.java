package workbench.answers;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** What ten to twenty ragged spans cost each frame allocator. */
final class SpansQuestion implements Question {
  private static final List<String> COUNTING = List.of("bitmap", "arena"); // of those, the steps
  private static final int RAGGED = 10; // spans
  private static final int BLOCK = 1 << FrameSurvey.ORDER;
  private static final int FRAME = 4096;
  private static final double NOTHING = 16; // bytes: where a logarithmic axis shows none
  private static final double MILLION = 1e6;
  private static final List<String> PROVIDERS = List.of("buddy", "llfree", "bitmap", "arena");

  @Override
  public String key() {
    return "spans";
  }

  /** A map with what each provider makes of it, and of as much RAM in one span. */
  private record Row(String map, List<FrameSurvey> surveys, List<FrameSurvey> wholes) {
    FrameSurvey any() {
      return surveys.getFirst();
    }

    FrameSurvey ragged(String provider) {
      return surveys.get(PROVIDERS.indexOf(provider));
    }

    FrameSurvey whole(String provider) {
      return wholes.get(PROVIDERS.indexOf(provider));
    }

    double extra(String provider) {
      return (double) (ragged(provider).metadata() - whole(provider).metadata());
    }
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Path file : lab.mapFiles()) {
      lab.progress().accept("spans: " + file.getFileName());
      rows.add(row(lab, file));
    }
    rows.sort(Comparator.comparingInt(row -> row.any().spans()));
    Findings findings = new Findings();
    maps(rows, findings);
    metadata(rows, findings);
    search(rows, findings);
    return findings;
  }

  private static void maps(List<Row> rows, Findings findings) {
    Grid grid =
        new Grid("map", "spans", "RAM", "outside of whole 2 MiB", "blocks of 2 MiB", "missing");
    long missing = 0;
    long lost = 0;
    double outside = 0;
    for (Row row : rows) {
      FrameSurvey one = row.any();
      long short2m = row.surveys().stream().mapToLong(FrameSurvey::missing).sum();
      double share = (one.free() - one.large() * (double) BLOCK) / one.free();
      missing += short2m;
      lost += row.surveys().stream().mapToLong(FrameSurvey::lost).sum();
      outside = Math.max(outside, share);
      grid.row(
          row.map(),
          Integer.toString(one.spans()),
          Shown.bytes((double) one.free() * FRAME),
          Shown.percent(share),
          Shown.count(one.fitting()),
          Shown.count(short2m));
    }
    findings.number("maps", rows.size());
    findings.number("boots", rows.size() * PROVIDERS.size() * 2.0);
    findings.number("spans.least", rows.getFirst().any().spans());
    findings.number("spans.most", rows.getLast().any().spans());
    findings.number("ragged", rows.stream().filter(row -> row.any().spans() >= RAGGED).count());
    findings.number("missing", missing);
    findings.number("lost", lost);
    findings.percent("outside", outside);
    findings.table("maps", grid);
  }

  private static void metadata(List<Row> rows, Findings findings) {
    Grid grid = new Grid("map", "buddy", "llfree", "bitmap", "arena");
    List<Curve> curves = new ArrayList<>();
    for (String provider : PROVIDERS) {
      Curve curve = Curve.points(provider);
      List<Double> usual = new ArrayList<>();
      double most = 0;
      double share = 0;
      for (Row row : rows) {
        curve.add(row.any().spans(), Math.max(NOTHING, row.extra(provider)));
        most = Math.max(most, row.extra(provider));
        usual.add(row.extra(provider));
        share = Math.max(share, row.extra(provider) / ((double) row.any().free() * FRAME));
      }
      curves.add(curve);
      Collections.sort(usual);
      findings.bytes(provider + ".usual", usual.get(usual.size() / 2));
      findings.bytes(provider + ".most", most);
      findings.percent(provider + ".frames", share * BLOCK);
      findings.figure(provider + ".share", share, Shown.number(share * MILLION) + " millionths");
    }
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.map()));
      for (String provider : PROVIDERS) {
        cells.add(
            Shown.bytes(row.ragged(provider).metadata())
                + ", "
                + (row.extra(provider) < 0 ? "" : "+")
                + Shown.bytes(row.extra(provider)));
      }
      grid.row(cells);
    }
    findings.table("metadata", grid);
    findings.plot(
        "spans-metadata",
        new Plot(
            "Metadata after boot, beyond that for as much RAM in one span",
            Plot.linear("usable spans"),
            Plot.logarithmic("bytes; 16 stands for none"),
            Curve.drawn(curves)));
  }

  private static void search(List<Row> rows, Findings findings) {
    double[] most = new double[2];
    double[] whole = new double[2];
    double shortest = 1;
    for (Row row : rows) {
      for (int i = 0; i < COUNTING.size(); i++) {
        FrameSurvey one = row.ragged(COUNTING.get(i));
        FrameSurvey flat = row.whole(COUNTING.get(i));
        most[i] = Math.max(most[i], one.steps() / (double) one.large());
        whole[i] = Math.max(whole[i], flat.steps() / (double) flat.large());
      }
      for (FrameSurvey one : row.surveys()) {
        shortest = Math.min(shortest, one.run() / (double) one.longest());
      }
    }
    for (int i = 0; i < COUNTING.size(); i++) {
      findings.number(COUNTING.get(i) + ".steps", most[i]);
      findings.number(COUNTING.get(i) + ".whole", whole[i]);
    }
    findings.percent("run", shortest);
  }

  private static Row row(Lab lab, Path file) {
    FirmwareMap map = lab.maps().read(file, MapOptions.DEFAULTS);
    long bytes = lab.maps().sanitise(map, MapOptions.DEFAULTS).usableBytes();
    String line = "BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(0, bytes - 1);
    FirmwareMap flat = lab.maps().read("one span", List.of(line), MapOptions.DEFAULTS);
    List<FrameSurvey> ragged = new ArrayList<>();
    List<FrameSurvey> whole = new ArrayList<>();
    for (String provider : PROVIDERS) {
      ragged.add(FrameSurvey.of(lab, lab.stack(map, provider, "arena", "dl")));
      whole.add(FrameSurvey.of(lab, lab.stack(flat, provider, "arena", "dl")));
    }
    return new Row(file.getFileName().toString().replace(".txt", ""), ragged, whole);
  }
}
