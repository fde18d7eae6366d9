package verify;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import physmem.api.FrameConstraints;
import physmem.api.FrameProvider;
import physmem.api.ZoneReport;
import physmem.bitmap.BitmapProvider;
import physmem.buddy.BuddyProvider;
import verify.Fault.Maker;
import verify.Fault.Twist;

/** Faults that are put into frame allocators, and by which clause each is to be found. */
final class FrameFaults {
  private static final int ORDER_MASK = 0xFF;

  private FrameFaults() {}

  static List<Fault<?>> all() {
    List<Fault<?>> all = new ArrayList<>();
    all.addAll(answers());
    all.addAll(refusals());
    all.addAll(frees());
    all.addAll(figures());
    all.addAll(services());
    all.addAll(transfers());
    return all;
  }

  private static Fault<?> in(FrameProvider provider, String name, Maker maker, String... clauses) {
    return new Fault<>(name, provider, FrameProvider.class, maker, Set.of(clauses));
  }

  private static Fault<?> frames(String name, Maker maker, String... clauses) {
    return in(new BitmapProvider(), name, maker, clauses);
  }

  private static Fault<?> frames(String name, Twist twist, String... clauses) {
    return frames(name, () -> twist, clauses);
  }

  private static Fault<?> buddy(String name, Twist twist, String... clauses) {
    return in(new BuddyProvider(), name, () -> twist, clauses);
  }

  private static Object shifted(Object frame) {
    return (long) frame == 0 ? frame : (long) frame + 1;
  }

  // A call whose refusals are passed over.
  private static Twist accepting(String call, Object answer) {
    return (real, method, arguments) -> {
      try {
        return real.call(arguments);
      } catch (MisuseException e) {
        if (method.equals(call)) {
          return answer;
        }
        throw e;
      }
    };
  }

  private static List<Fault<?>> answers() {
    return List.of(
        frames(
            "a block aligned to less than its size",
            (real, method, arguments) ->
                method.equals("allocate") && (int) arguments[1] == 3
                    ? shifted(real.call(arguments))
                    : real.call(arguments),
            "physmem.5"),
        frames(
            "a block above the zone",
            (real, method, arguments) ->
                method.equals("allocate") && ((int) arguments[2] & 12) != 0
                    ? real.call(arguments[0], arguments[1], 0)
                    : real.call(arguments),
            "physmem.6"),
        frames(
            "a free count that lags",
            () -> {
              AtomicLong calls = new AtomicLong();
              return (real, method, arguments) ->
                  method.equals("freeFrames") && calls.incrementAndGet() > 5
                      ? (long) real.call(arguments) - 1
                      : real.call(arguments);
            },
            "physmem.16"),
        frames(
            "runs that ignore their boundary",
            (real, method, arguments) ->
                method.equals("allocateContiguous")
                    ? real.call(arguments[0], arguments[1], FrameConstraints.ANYWHERE, arguments[3])
                    : real.call(arguments),
            "physmem.13"),
        frames(
            "allocateAt refuses what is free",
            (real, method, arguments) ->
                method.equals("allocateAt") && (long) arguments[2] > 50
                    ? false
                    : real.call(arguments),
            "physmem.12"),
        frames(
            "an order too large accepted",
            (real, method, arguments) ->
                method.equals("allocate") && (int) arguments[1] < 0 ? -1L : real.call(arguments),
            "physmem.7"),
        frames(
            "blocks that never come back",
            (real, method, arguments) ->
                method.equals("free") && (int) arguments[2] == 0 && (long) arguments[1] % 64 == 5
                    ? Fault.NOTHING
                    : real.call(arguments),
            "physmem.16",
            "physmem.8",
            "physmem.9",
            "allocator.5"),
        frames(
            "an order forgotten in the walk",
            (real, method, arguments) ->
                method.equals("walk") ? real.call(orderless(arguments)) : real.call(arguments),
            "physmem.23"),
        frames(
            "a rehearsal that changes something",
            (real, method, arguments) ->
                method.equals("rebuild") ? real.call(arguments[0], false) : real.call(arguments),
            "allocator.15",
            "allocator.14"));
  }

  private static List<Fault<?>> refusals() {
    return List.of(
        frames(
            "a block refused now and then",
            () -> {
              AtomicLong calls = new AtomicLong();
              return (real, method, arguments) ->
                  method.equals("allocate")
                          && (int) arguments[1] == 2
                          && calls.incrementAndGet() % 3 == 0
                      ? -1L
                      : real.call(arguments);
            },
            "physmem.8"),
        frames(
            "an order that was exhausted stays so",
            () -> {
              BitSet exhausted = new BitSet();
              return (real, method, arguments) -> {
                boolean known = method.equals("allocate") && (int) arguments[1] >= 0;
                if (known && exhausted.get((int) arguments[1])) {
                  return -1L;
                }
                Object frame = real.call(arguments);
                if (known && (long) frame == -1) {
                  exhausted.set((int) arguments[1]);
                }
                return frame;
              };
            },
            "physmem.8"),
        frames(
            "long runs refused",
            (real, method, arguments) ->
                method.equals("allocateContiguous") && (long) arguments[1] > 300
                    ? -1L
                    : real.call(arguments),
            "physmem.14"),
        frames(
            "a bulk call that writes behind what it filled",
            (real, method, arguments) -> {
              Object got = real.call(arguments);
              if (method.equals("allocateBulk") && (int) got < (int) arguments[5]) {
                ((long[]) arguments[3])[(int) arguments[4] + (int) got] = 99;
              }
              return got;
            },
            "physmem.10"),
        frames(
            "a bulk call that ends early",
            (real, method, arguments) ->
                method.equals("allocateBulk") && (int) arguments[5] > 20
                    ? real.call(
                        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], 20)
                    : real.call(arguments),
            "physmem.10"));
  }

  private static List<Fault<?>> frees() {
    return List.of(
        frames(
            "a free beyond all RAM passed over",
            (real, method, arguments) ->
                method.equals("free") && (long) arguments[1] >= 1L << 31
                    ? Fault.NOTHING
                    : real.call(arguments),
            "physmem.9"),
        frames(
            "a bulk free that passes over what is not live",
            accepting("freeBulk", Fault.NOTHING),
            "physmem.11"),
        frames(
            "a bulk free that goes on behind its range",
            (real, method, arguments) ->
                method.equals("freeBulk") && (int) arguments[3] == 1
                    ? real.call(
                        arguments[0], arguments[1], arguments[2], 0, ((long[]) arguments[2]).length)
                    : real.call(arguments),
            "physmem.11"),
        frames(
            "a run freed again of which a part was",
            accepting("freeRange", Fault.NOTHING),
            "physmem.15"));
  }

  private static List<Fault<?>> figures() {
    return List.of(
        frames(
            "a model that changes",
            () -> {
              AtomicLong calls = new AtomicLong();
              return (real, method, arguments) ->
                  method.equals("model") && calls.incrementAndGet() > 1
                      ? "another"
                      : real.call(arguments);
            },
            "allocator.2"),
        frames(
            "a largest order that shrinks",
            () -> {
              AtomicLong calls = new AtomicLong();
              return (real, method, arguments) ->
                  method.equals("maxOrder") && calls.incrementAndGet() > 1
                      ? 9
                      : real.call(arguments);
            },
            "physmem.2"),
        frames(
            "no figures for another thread",
            () -> {
              Thread opener = Thread.currentThread();
              return (real, method, arguments) -> {
                if (method.equals("statistics") && !Thread.currentThread().equals(opener)) {
                  throw new IllegalStateException("figures change");
                }
                return real.call(arguments);
              };
            },
            "allocator.3"),
        frames(
            "free blocks that do not add up",
            (real, method, arguments) ->
                method.equals("zones")
                    ? ((List<?>) real.call(arguments))
                        .stream().map(zone -> miscounted((ZoneReport) zone)).toList()
                    : real.call(arguments),
            "physmem.18"));
  }

  private static ZoneReport miscounted(ZoneReport zone) {
    List<Long> blocks = new ArrayList<>(zone.freeBlocks());
    blocks.set(0, blocks.getFirst() + 1);
    return new ZoneReport(
        zone.node(),
        zone.name(),
        zone.start(),
        zone.spanned(),
        zone.present(),
        zone.managed(),
        zone.free(),
        zone.cached(),
        zone.min(),
        zone.low(),
        zone.high(),
        blocks);
  }

  private static List<Fault<?>> services() {
    return List.of(
        buddy(
            "moves that are not counted",
            (real, method, arguments) -> {
              Object moved = real.call(arguments);
              return method.equals("compact") ? 0L : moved;
            },
            "physmem.19"),
        buddy(
            "frames that may not come back",
            (real, method, arguments) -> method.equals("online") ? false : real.call(arguments),
            "physmem.20"),
        buddy(
            "frames said to be out of service",
            (real, method, arguments) -> method.equals("offline") ? true : real.call(arguments),
            "physmem.21",
            "physmem.16"),
        buddy(
            "a frame with a fault that is handed out",
            (real, method, arguments) -> method.equals("poison") ? true : real.call(arguments),
            "physmem.22"),
        buddy("poison of a frame that is not in service", accepting("poison", true), "physmem.22"));
  }

  private static List<Fault<?>> transfers() {
    return List.of(
        frames(
            "a refusal without a reason",
            (real, method, arguments) -> {
              try {
                return real.call(arguments);
              } catch (TransferRefusedException e) {
                throw new TransferRefusedException("");
              }
            },
            "allocator.16"),
        frames(
            "frames out of service are in service again",
            (real, method, arguments) ->
                method.equals("rebuild")
                    ? real.call(gapless((Estate) arguments[0]), arguments[1])
                    : real.call(arguments),
            "physmem.24",
            "physmem.16"),
        frames(
            "a relieved engine that shows nothing to others",
            () -> {
              Thread opener = Thread.currentThread();
              return (real, method, arguments) ->
                  method.equals("walk") && !Thread.currentThread().equals(opener)
                      ? Fault.NOTHING
                      : real.call(arguments);
            },
            "allocator.21"));
  }

  // Where nothing but what is out of service lies between two ranges, it is managed as well.
  private static Estate gapless(Estate estate) {
    return (Estate)
        Fault.proxy(
            Estate.class,
            estate,
            (real, method, arguments) -> {
              if (!method.equals("managed")) {
                return real.call(arguments);
              }
              List<long[]> ranges = new ArrayList<>();
              RangeVisitor all = (base, size, attributes) -> ranges.add(new long[] {base, size});
              real.call(all);
              long first = ranges.getFirst()[0];
              long end = ranges.getLast()[0] + ranges.getLast()[1];
              return ((RangeVisitor) arguments[0]).visit(first, end - first, 0);
            });
  }

  private static Object[] orderless(Object[] arguments) {
    RangeVisitor visitor = (RangeVisitor) arguments[0];
    return new Object[] {
      (RangeVisitor)
          (base, size, attributes) -> visitor.visit(base, size, attributes & ~(long) ORDER_MASK)
    };
  }
}
