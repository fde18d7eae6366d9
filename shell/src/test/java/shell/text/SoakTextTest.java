package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import kernel.api.FrameUsage;
import kernel.api.LodgingStatus;
import kernel.api.SwapCause;
import kernel.api.SwapForm;
import kernel.api.SwapRecord;
import kernel.api.SwapState;
import org.junit.jupiter.api.Test;

final class SoakTextTest {
  private static SwapRecord record(SwapForm form, SwapState outcome, long micros, String message) {
    return new SwapRecord(
        1,
        Instant.EPOCH,
        Tier.HEAP,
        "dl 1",
        "slab 1",
        SwapCause.COMMAND,
        "test",
        form,
        outcome,
        SwapState.BLOCKED,
        false,
        false,
        List.of(),
        micros * 1000,
        CensusSummary.EMPTY,
        CensusSummary.EMPTY,
        message);
  }

  @Test
  void shouldShowALinePerFormAndWhatWasCalledOff() {
    List<SwapRecord> records =
        List.of(
            record(SwapForm.LODGE, SwapState.RETIRED, 30, ""),
            record(SwapForm.ADOPT, SwapState.RETIRED, 1, ""),
            record(SwapForm.LODGE, SwapState.ABORTED, 9999, "busy"),
            record(SwapForm.LODGE, SwapState.RETIRED, 1000, ""),
            record(SwapForm.LODGE, SwapState.RETIRED, 20, ""));
    assertEquals(
        List.of(
            "TIER  FORM   MADE  CALLED OFF  P50 US  P99 US  MAX US",
            "heap  adopt     1           0       1       1       1",
            "heap  lodge     3           1      30   1,000   1,000",
            "called off after BLOCKED, dl 1 serves on: busy"),
        Capture.lines(out -> SoakText.exchanges(records, out)));
  }

  @Test
  void shouldTakePercentilesByRank() {
    long[] hundred = LongStream.rangeClosed(1, 100).toArray();
    assertEquals(50, SoakText.percentile(hundred, 50));
    assertEquals(99, SoakText.percentile(hundred, 99));
    assertEquals(100, SoakText.percentile(hundred, 100));
    assertEquals(7, SoakText.percentile(new long[] {7}, 1));
    assertEquals(0, SoakText.percentile(new long[0], 50));
  }

  @Test
  void shouldShowWhatIsLeft() {
    List<LodgingStatus> lodgings =
        List.of(
            new LodgingStatus("dl 1", 3, 300, 65_536, true, ""),
            new LodgingStatus("slab 1", 4, 400, 65_536, false, "the walk broke"));
    FrameUsage usage = new FrameUsage(2000, 10, 1234, 5, 16, 7);
    assertEquals(
        List.of(
            "left: 2 blocks of the load, 7 lodgers of 2 former heaps in 128 KiB",
            "the walk broke",
            "frames: 1,234 free, 10 own, 5 tables, 16 ranges, 7 held"),
        Capture.lines(out -> SoakText.rest(2, lodgings, usage, out)));
  }
}
