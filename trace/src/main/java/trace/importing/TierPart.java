package trace.importing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import trace.EventSource;
import trace.RecordingReader;
import trace.TraceException;
import trace.TraceFormat;
import trace.TraceReader;
import trace.TraceSummary;
import trace.TraceWriter;
import trace.frames.FrameReader;
import trace.frames.FrameSummary;
import trace.frames.FrameWriter;
import trace.importing.ImportReport.Part;
import trace.ranges.RangeReader;
import trace.ranges.RangeSummary;
import trace.ranges.RangeWriter;

/** What a file holds for one tier, and how it is written. */
record TierPart(
    TraceFormat.Tier tier,
    String variant,
    String program,
    long operations,
    Optional<Duration> span,
    Map<String, Long> figures,
    Map<String, Long> oddities,
    Record summary) {

  static TierPart read(Path file, TraceFormat format, TraceFormat.Tier tier) throws TraceException {
    return switch (tier) {
      case HEAP -> format == TraceFormat.RECORDING ? recording(file) : heap(file, format);
      case PHYSMEM -> frames(file, format);
      case VMEM -> ranges(file, format);
    };
  }

  Part report(Optional<Path> written) {
    return new Part(tier, program, operations, span, figures, oddities, written);
  }

  void write(Path file, TraceFormat format, Path out) throws TraceException {
    String remark = "converted by Quarry; source: " + format.title();
    switch (summary) {
      case TraceSummary heap -> {
        try (EventSource source = events(file, format);
            TraceWriter writer = TraceWriter.create(out)) {
          writer.header(heap, program);
          writer.comment(remark);
          writer.writeAll(source);
        }
      }
      case FrameSummary frames -> {
        try (FrameReader source = FrameReader.open(file, format);
            FrameWriter writer = FrameWriter.create(out)) {
          writer.header(frames, remark);
          writer.writeAll(source);
        }
      }
      case RangeSummary ranges -> {
        try (RangeReader source = RangeReader.open(file, format);
            RangeWriter writer = RangeWriter.create(out)) {
          writer.header(ranges, remark);
          writer.writeAll(source);
        }
      }
      default -> throw new IllegalStateException("no writer for " + summary);
    }
  }

  private static EventSource events(Path file, TraceFormat format) throws TraceException {
    return format == TraceFormat.RECORDING
        ? RecordingReader.open(file)
        : TraceReader.open(file, format);
  }

  private static TierPart heap(Path file, TraceFormat format) throws TraceException {
    try (TraceReader reader = TraceReader.open(file, format)) {
      TraceSummary summary = TraceSummary.of(reader);
      return heap(reader.variant(), summary, reader.span(), reader.oddities());
    }
  }

  private static TierPart recording(Path file) throws TraceException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      TraceSummary summary = TraceSummary.of(reader);
      return heap("", summary, reader.span(), reader.oddities());
    }
  }

  private static TierPart heap(
      String variant, TraceSummary sum, Optional<Duration> span, Map<String, Long> oddities) {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("allocations", sum.allocates());
    figures.put("zeroed", sum.zeroed());
    figures.put("aligned", sum.aligned());
    figures.put("resizes", sum.resizes());
    figures.put("frees", sum.frees());
    figures.put("threads", (long) sum.threads());
    figures.put("peak live bytes", sum.peakLiveBytes());
    figures.put("peak live blocks", sum.peakLiveBlocks());
    figures.put("live bytes at the end", sum.finalLiveBytes());
    figures.put("live blocks at the end", sum.finalLiveBlocks());
    figures.put("bytes asked for", sum.requestedBytes());
    return new TierPart(
        TraceFormat.Tier.HEAP,
        variant,
        sum.program(),
        sum.operations(),
        span,
        figures,
        oddities,
        sum);
  }

  private static TierPart frames(Path file, TraceFormat format) throws TraceException {
    try (FrameReader reader = FrameReader.open(file, format)) {
      FrameSummary sum = FrameSummary.of(reader);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("blocks allocated", sum.allocations());
      figures.put("blocks freed", sum.frees());
      for (int order = 0; order < sum.ofOrder().size(); order++) {
        figures.put("blocks of order " + order, sum.ofOrder().get(order));
      }
      figures.put("CPUs", (long) sum.cpus());
      figures.put("peak live frames", sum.peakFrames());
      figures.put("live frames at the end", sum.finalFrames());
      return new TierPart(
          TraceFormat.Tier.PHYSMEM,
          "",
          sum.program(),
          sum.operations(),
          reader.span(),
          figures,
          reader.oddities(),
          sum);
    }
  }

  private static TierPart ranges(Path file, TraceFormat format) throws TraceException {
    try (RangeReader reader = RangeReader.open(file, format)) {
      RangeSummary sum = RangeSummary.of(reader);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("ranges mapped", sum.maps() - sum.resizes());
      figures.put("ranges resized", sum.resizes());
      figures.put("parts unmapped", sum.unmaps());
      figures.put("parts mapped over", sum.overlays());
      figures.put("changes of protection", sum.protects());
      figures.put("moves of the break", sum.breaks());
      figures.put("address spaces", (long) sum.spaces());
      figures.put("processes and threads", (long) sum.threads());
      figures.put("peak mapped bytes", sum.peakBytes());
      figures.put("peak live ranges", sum.peakRanges());
      figures.put("mapped bytes at the end", sum.finalBytes());
      return new TierPart(
          TraceFormat.Tier.VMEM,
          "",
          sum.program(),
          sum.operations(),
          reader.span(),
          figures,
          reader.oddities(),
          sum);
    }
  }
}
