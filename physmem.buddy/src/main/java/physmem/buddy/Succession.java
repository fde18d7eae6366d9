package physmem.buddy;

import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import physmem.api.InheritedRam;

/**
 * Takes over from a predecessor: first what it had taken out of service leaves service here too,
 * then its live ranges are represented. If one cannot be, or for a rehearsal, the frames return.
 *
 * <p>Frames that leave are absent as after an offline, so that they can be put into service again.
 */
final class Succession {
  private final FrameContext context;
  private final Hotplug hotplug;

  Succession(FrameContext context, Hotplug hotplug) {
    this.context = context;
    this.hotplug = hotplug;
  }

  /**
   * Takes over, or finds out whether it could.
   *
   * @throws allocator.api.TransferRefusedException if the predecessor had frames that are not here,
   *     or a live range is not free here; nothing has changed then
   */
  void run(Estate estate, Takeover takeover, boolean dryRun) {
    List<FrameSpan> out = new ArrayList<>();
    boolean kept = false;
    try {
      for (FrameSpan span : InheritedRam.of(context, estate).missing()) {
        if (!hotplug.offline(span, (from, to, order) -> false)) {
          throw new TransferRefusedException(
              "frames [0x%x, 0x%x) are out of service there and not all free here"
                  .formatted(span.start(), span.end()));
        }
        out.add(span);
      }
      takeover.run(estate, dryRun);
      kept = !dryRun;
    } finally {
      if (!kept) {
        out.forEach(this::putBack);
      }
    }
  }

  private void putBack(FrameSpan span) {
    if (!hotplug.online(span)) {
      throw new CorruptionException(
          "frames [0x%x, 0x%x) went out of service and cannot return"
              .formatted(span.start(), span.end()));
    }
  }
}
