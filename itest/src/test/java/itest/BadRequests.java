package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import physmem.api.FrameConstraints;
import physmem.api.FramePort;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * Requests that make no sense, made of the providers that serve a system: each must be answered by
 * the documented value or a typed exception, and change nothing.
 */
final class BadRequests {
  private static final long HUGE = Long.MAX_VALUE;
  private static final long PAGE = 4096;
  private static final int SIZES = 40;

  private final BootedSystem system;
  private final String who;
  private int made;

  BadRequests(BootedSystem system, String who) {
    this.system = system;
    this.who = who;
  }

  /** {@return how many requests were made} */
  int made() {
    return made;
  }

  // ------------------------------------------------------------------------------------- what must
  // be

  private void refused(String what, Supplier<CensusSummary> census, Runnable request) {
    CensusSummary before = census.get();
    made++;
    try {
      request.run();
      fail(who + ": " + what + " was accepted");
    } catch (MisuseException | CorruptionException | IllegalArgumentException e) {
      assertNotEquals(who + ": " + what, "", String.valueOf(e.getMessage()));
    }
    assertEquals(who + ": after " + what, before, census.get());
  }

  private void none(String what, long value, long none) {
    made++;
    assertEquals(who + ": " + what, none, value);
  }

  /** Requires all invariants. */
  void good() {
    List<CheckLine> bad = system.check().stream().filter(line -> !line.good()).toList();
    assertTrue(who + ": " + bad, bad.isEmpty());
  }

  // --------------------------------------------------------------------------------------------
  // heap

  void ofHeap() {
    try (HeapPort port = system.heap().open(0)) {
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < SIZES; i++) {
        long bytes = 37L * i * i;
        long address = port.allocate(bytes);
        system.heap().window().fill(address, bytes, (byte) 0xa5);
        blocks.add(address);
      }
      sizes(port, blocks.get(5));
      for (long block : blocks) {
        places(port, block);
      }
      free(port, blocks);
    }
    good();
  }

  private void sizes(HeapPort port, long live) {
    Supplier<CensusSummary> census = system.heap()::census;
    long empty = port.allocate(0);
    long other = port.allocate(0);
    assertTrue(who + ": blocks of 0 bytes", empty != 0 && other != 0 && empty != other);
    port.free(empty);
    port.free(other);
    for (long negative : new long[] {-1, -4096, Long.MIN_VALUE}) {
      refused("allocate " + negative, census, () -> port.allocate(negative));
      refused("zeroed " + negative, census, () -> port.allocateZeroed(negative));
      refused("aligned " + negative, census, () -> port.allocateAligned(64, negative));
      refused("resize to " + negative, census, () -> port.resize(live, negative));
      refused("in place to " + negative, census, () -> port.resizeInPlace(live, negative));
    }
    for (long align : new long[] {0, -16, 3, 48, Long.MIN_VALUE + 1}) {
      refused("align " + align, census, () -> port.allocateAligned(align, 100));
    }
    for (long huge : new long[] {HUGE, HUGE - 4095, 1L << 62, 1L << 46, 1L << 40}) {
      none("allocate " + huge, port.allocate(huge), 0);
      none("zeroed " + huge, port.allocateZeroed(huge), 0);
      none("aligned " + huge, port.allocateAligned(PAGE, huge), 0);
      none("resize to " + huge, port.resize(live, huge), 0);
      none("in place to " + huge, port.resizeInPlace(live, huge) ? 1 : 0, 0);
    }
    none("align 2^62", port.allocateAligned(1L << 62, 100), 0);
  }

  private void places(HeapPort port, long block) {
    Supplier<CensusSummary> census = system.heap()::census;
    List<Long> wrong = new ArrayList<>(List.of(block + 1, block + 8, block - 1, block + 7));
    wrong.addAll(List.of(block ^ Long.MIN_VALUE, 0x1000L, 0xffff_ffff_ffff_fff0L, -1L));
    if (port.usableSize(block) >= 64) {
      wrong.add(block + 16);
      wrong.add(block + 32);
    }
    for (long address : wrong) {
      String at = "0x" + Long.toHexString(address);
      refused("free of " + at, census, () -> port.free(address));
      refused("resize of " + at, census, () -> port.resize(address, 100));
      refused("size of " + at, census, () -> port.usableSize(address));
    }
  }

  private void free(HeapPort port, List<Long> blocks) {
    Supplier<CensusSummary> census = system.heap()::census;
    for (int i = 0; i < blocks.size(); i += 2) {
      long block = blocks.get(i);
      port.free(block);
      refused("second free", census, () -> port.free(block));
      refused("resize of the dead", census, () -> port.resize(block, 10));
    }
    long[] some = {0, blocks.get(1), 0};
    port.freeBulk(some, 0, 3);
    assertEquals(0, some[1]);
    for (int i = 3; i < blocks.size(); i += 2) {
      port.free(blocks.get(i));
    }
    assertEquals(who, 0, census.get().liveCount());
  }

  // ------------------------------------------------------------------------------------------
  // frames

  void ofFrames() {
    try (FramePort port = system.frames().open(0)) {
      long block = port.allocate(3, 0);
      Supplier<CensusSummary> census = system.frames()::census;
      for (int order : new int[] {-1, 64, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        refused("order " + order, census, () -> port.allocate(order, 0));
        refused("free of order " + order, census, () -> port.free(block, order));
      }
      for (int order : new int[] {0, 1, 2, 4, 9}) {
        refused("free as order " + order, census, () -> port.free(block, order));
      }
      long outside = 1L << 40;
      for (long frame : new long[] {block + 1, block + 8, -1, HUGE, Long.MIN_VALUE, 0, outside}) {
        refused("free of frame " + frame, census, () -> port.free(frame, 3));
        refused("free of a run at " + frame, census, () -> port.freeRange(frame, 16));
      }
      for (long count : new long[] {0, -1, HUGE}) {
        refused("run of " + count, census, () -> port.freeRange(block, count));
        if (count != HUGE) {
          refused("named " + count, census, () -> port.allocateAt(block, count, 0));
          refused(
              "contiguous " + count,
              census,
              () -> port.allocateContiguous(count, FrameConstraints.ANYWHERE, 0));
        }
      }
      none("contiguous all", port.allocateContiguous(1L << 50, FrameConstraints.ANYWHERE, 0), -1);
      none("taken", port.allocateAt(block, 8, 0) ? 1 : 0, 0);
      none("outside", port.allocateAt(outside, 8, 0) ? 1 : 0, 0);
      long[] dead = {block + 8, block};
      refused("bulk with a dead one first", census, () -> port.freeBulk(3, dead, 0, 2));
      port.free(block, 3);
      refused("second free", census, () -> port.free(block, 3));
    }
    good();
  }

  // ---------------------------------------------------------------------------------------
  // addresses

  void ofAddresses() {
    try (AddressArena arena =
        system.addresses().createArena(ArenaSpec.of("bad requests of " + who, PAGE))) {
      Supplier<CensusSummary> census = system.addresses()::census;
      spans(arena, census);
      long range = arena.allocate(0, 5 * PAGE, FitPolicy.INSTANT);
      refused("size 0", census, () -> arena.allocate(0, 0, FitPolicy.BEST));
      none("huge", arena.allocate(0, HUGE & -PAGE, FitPolicy.FIRST), -1);
      none("2^64 - a page", arena.allocate(0, -PAGE, FitPolicy.INSTANT), -1);
      constraints(arena, census);
      for (long base : new long[] {range + PAGE, range - PAGE, range + 1, 0, -1, Long.MIN_VALUE}) {
        refused("free at " + base, census, () -> arena.free(0, base, 5 * PAGE));
        refused("constrained free", census, () -> arena.freeConstrained(0, base, 5 * PAGE));
      }
      for (long size : new long[] {0, PAGE, 4 * PAGE, 6 * PAGE, -1, HUGE}) {
        refused("free of size " + size, census, () -> arena.free(0, range, size));
      }
      refused("close with live ranges", census, arena::close);
      arena.free(0, range, 5 * PAGE);
      refused("second free", census, () -> arena.free(0, range, 5 * PAGE));
    }
    good();
  }

  private void spans(AddressArena arena, Supplier<CensusSummary> census) {
    arena.addSpan(1 << 30, 1 << 20);
    refused("span again", census, () -> arena.addSpan(1 << 30, 1 << 20));
    refused("span that overlaps", census, () -> arena.addSpan((1 << 30) + PAGE, 1 << 24));
    refused("empty span", census, () -> arena.addSpan(1 << 28, 0));
    refused("span off the quantum", census, () -> arena.addSpan((1 << 28) + 1, PAGE));
    refused("span of half a quantum", census, () -> arena.addSpan(1 << 28, PAGE / 2));
    refused("span past the end", census, () -> arena.addSpan(-PAGE, 2 * PAGE));
  }

  private void constraints(AddressArena arena, Supplier<CensusSummary> census) {
    List<AddressConstraints> wrong =
        List.of(
            new AddressConstraints(3 * PAGE, 0, 0, 0, 0),
            new AddressConstraints(PAGE / 2, 0, 0, 0, 0),
            new AddressConstraints(2 * PAGE, 2 * PAGE, 0, 0, 0),
            new AddressConstraints(2 * PAGE, 1, 0, 0, 0),
            new AddressConstraints(0, 0, 3 * PAGE, 0, 0),
            new AddressConstraints(0, 0, PAGE, 0, 0));
    for (AddressConstraints each : wrong) {
      refused(
          each.toString(),
          census,
          () -> arena.allocateConstrained(0, 2 * PAGE, each, FitPolicy.BEST));
    }
    AddressConstraints narrow = new AddressConstraints(0, 0, 0, 1 << 30, (1 << 30) + PAGE);
    none(
        "limits that are too close",
        arena.allocateConstrained(0, 2 * PAGE, narrow, FitPolicy.BEST),
        -1);
  }
}
