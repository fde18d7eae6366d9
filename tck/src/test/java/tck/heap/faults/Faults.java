package tck.heap.faults;

import java.util.List;

/** All faults, each with the clauses of which one must be found broken. */
public final class Faults {
  private Faults() {}

  /** {@return the faults} */
  public static List<Fault> all() {
    return List.of(
        Fault.of(HotFaults.Overlap::new, "heap.3"),
        Fault.of(HotFaults.MisalignedAt4096::new, "heap.11"),
        Fault.of(HotFaults.TooShort::new, "heap.6"),
        Fault.of(HotFaults.ZeroBytesShared::new, "heap.7", "heap.3"),
        Fault.of(HotFaults.NegativeSizeTaken::new, "heap.8"),
        Fault.of(HotFaults.DirtyZeroed::new, "heap.10"),
        Fault.of(HotFaults.DirtyGroup::new, "heap.10"),
        Fault.of(HotFaults.HalfGroup::new, "heap.12", "allocator.5"),
        Fault.of(HotFaults.ResizeLosesTail::new, "heap.13"),
        Fault.of(HotFaults.FailedResizeFrees::new, "heap.14"),
        Fault.of(HotFaults.InPlaceLies::new, "heap.15"),
        Fault.of(FreeFaults.DoubleFreeAccepted::new, "heap.17"),
        Fault.of(FreeFaults.FreeInsideAccepted::new, "heap.17"),
        Fault.of(FreeFaults.BulkSkipsLast::new, "heap.19", "allocator.5"),
        Fault.of(FreeFaults.BulkClearsBeyond::new, "heap.19"),
        Fault.of(FreeFaults.SizeOtherThanWalk::new, "heap.20", "allocator.5"),
        Fault.of(FreeFaults.NeverReuses::new, "heap.9", "heap.16"),
        Fault.of(HotFaults.SlowHang::new),
        Fault.of(HotFaults.UndocumentedException::new, "allocator.19", "heap.9"),
        Fault.of(HotFaults.RaceOnCounter::new, "allocator.18"),
        Fault.of(HotFaults.SharedStaticState::new, "allocator.20", "heap.1"),
        Fault.of(ColdFaults.CountsTwice::new, "allocator.9"),
        Fault.of(ColdFaults.CensusMissesCached::new, "allocator.5"),
        Fault.of(ColdFaults.WalkGoesOn::new, "allocator.6"),
        Fault.of(ColdFaults.DrainWrites::new, "heap.6"),
        Fault.of(ColdFaults.ReportFailsWhenEmpty::new, "allocator.4"),
        Fault.of(ColdFaults.SecondCloseThrows::new, "allocator.17"),
        Fault.of(ColdFaults.BlindInvariants::new, "allocator.10"),
        Fault.of(ColdFaults.RehearsalChanges::new, "allocator.15"),
        Fault.of(ColdFaults.RebuildForgetsOne::new, "allocator.14"),
        Fault.of(ColdFaults.AdoptForgetsOne::new, "allocator.13"),
        Fault.of(ColdFaults.RefusesWithoutReason::new, "allocator.16"),
        Fault.of(ColdFaults.KeepsHandedOver::new, "allocator.13", "heap.4", "heap.6", "heap.22"),
        Fault.of(ColdFaults.ExplainAllocates::new, "heap.29"),
        Fault.of(ColdFaults.ExplainsElsewhere::new, "heap.29"),
        Fault.of(ColdFaults.RelievedForgets::new, "allocator.21"),
        Fault.of(BelowFaults.LeaksOnFailedImport::new, "heap.22", "heap.26"),
        Fault.of(BelowFaults.LosesSpanWhenReleaseThrows::new, "heap.22", "heap.26"),
        Fault.of(BelowFaults.TrimGivesLive::new, "heap.21", "heap.6", "allocator.7"),
        Fault.of(BelowFaults.ReleasesTwice::new, "heap.27"),
        Fault.of(BelowFaults.UnpagedImport::new, "heap.27"),
        Fault.of(BelowFaults.PassesLimit::new, "heap.24"),
        Fault.of(BelowFaults.PeakFalls::new, "heap.23"),
        Fault.of(BelowFaults.GrowsEachRound::new, "heap.28"),
        Fault.of(BelowFaults.UnconstructedObject::new, "heap.25"),
        Fault.of(BelowFaults.ConstructsAgain::new, "heap.25"),
        Fault.of(BelowFaults.ClosesLiveCache::new, "heap.25"));
  }
}
