package physmem.arena;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import allocator.arena.Heritage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;

/** What the zones take over from a predecessor, in arenas of their own until it is settled. */
final class Inheritance {
  private final FrameContext context;
  private final List<ZoneArena> made;
  private final ZoneArenas map;
  private final IdentityHashMap<ZoneArena, Heritage> heritages = new IdentityHashMap<>();

  Inheritance(FrameContext context, FrameSettings settings) {
    this.context = context;
    this.made = ZoneArenas.zones(context, settings);
    this.map = new ZoneArenas(made, context);
    for (ZoneArena zone : made) {
      Heritage heritage = new Heritage(zone.arena().shape(), settings.tuning().segmentsMax());
      zone.managed().forEach(span -> heritage.addSpan(span.start(), span.frames(), false));
      heritages.put(zone, heritage);
    }
  }

  /**
   * Reads and checks what the predecessor leaves.
   *
   * @throws TransferRefusedException naming the first range that cannot be taken over
   */
  void read(Estate estate) {
    estate.live((base, size, attributes) -> {
      add(base, size, attributes);
      return true;
    });
    heritages.values().forEach(Heritage::check);
  }

  private void add(long base, long size, long attributes) {
    int flags = FrameFlags.flags(attributes);
    long end = base + size;
    boolean run = FrameFlags.order(attributes) == FrameFlags.RUN || !Notes.isBlock(base, size, 0);
    for (long at = base; at < end || size < 1; ) {
      int span = size < 1 ? -1 : map.spanOf(at);
      if (span < 0) {
        throw new TransferRefusedException(
            "live frames [0x%x, 0x%x) are not all managed here".formatted(base, end));
      }
      long to = Math.min(end, map.endOf(span));
      boolean whole = at == base && to == end;
      int note = run || !whole ? Notes.run(flags, at != base, to != end) : Notes.block(flags);
      Objects.requireNonNull(heritages.get(map.zoneOf(span))).addLive(at, to - at, note);
      at = to;
    }
  }

  /** {@return the zones with what {@link #read} has read} */
  ZoneArenas settle() {
    List<ZoneArena> settled = new ArrayList<>(made);
    settled.forEach(zone -> zone.arena().adopt(Objects.requireNonNull(heritages.get(zone))));
    return new ZoneArenas(settled, context);
  }
}
