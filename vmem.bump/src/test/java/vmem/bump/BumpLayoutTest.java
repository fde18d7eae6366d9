package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.Settings;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** A bump engine that takes over from another: frontiers and counts stay. */
class BumpLayoutTest {
  private static final long Q = 0x10;

  private final BumpEngine engine = open();

  private static BumpEngine open() {
    return new BumpEngine(Settings.none("vmem.bump"));
  }

  private AddressArena filled() {
    AddressArena arena = engine.createArena(ArenaSpec.of("größe", Q));
    arena.addSpan(0x1000, 0x100);
    arena.addSpan(-0x100, 0x100);
    arena.allocate(0, 5, FitPolicy.FIRST);
    long gone = arena.allocate(0, 0x40, FitPolicy.FIRST);
    arena.free(0, gone, 0x40);
    arena.allocate(0, 0x100, FitPolicy.FIRST); // to the end of the address space
    return arena;
  }

  @Test
  void shouldCarryFrontiersAndCountsOver() {
    AddressArena before = filled();
    engine.createArena(new ArenaSpec("pid", 1, Optional.empty(), 8, true));
    BumpEngine heir = open();
    assertEquals(List.of(BumpLayout.FORM), engine.exportForms());
    assertEquals(engine.exportForms(), heir.importForms());
    heir.adopt(engine.exportState(BumpLayout.FORM));
    assertTrue(heir.checkInvariants() > 20);
    assertEquals(engine.census(), heir.census());
    assertEquals(
        engine.arenas().stream().map(AddressArena::spec).toList(),
        heir.arenas().stream().map(AddressArena::spec).toList());
    AddressArena after = heir.arenas().getFirst();
    assertEquals(Arenas.shown(before::walkFree), Arenas.shown(after::walkFree));
    for (String figure : List.of("alloc", "free", "consumed", "skipped", "left", "calls_left")) {
      assertEquals(Arenas.figure(before, figure), Arenas.figure(after, figure), figure);
    }
    assertEquals(0x1050, after.allocate(0, Q, FitPolicy.FIRST)); // not 0x1010, which was freed
    assertThrows(MisuseException.class, () -> after.free(0, 0x1010, 0x40));
    after.free(0, 0x1000, 5);
    heir.checkInvariants();
  }

  @Test
  void shouldNotOfferTheLayoutWithAnArenaThatImports() {
    AddressArena parent = filled();
    Optional<vmem.api.AddressSource> source = Optional.of(new ArenaSource(parent));
    engine.createArena(new ArenaSpec("child", Q, source, 0, false));
    assertEquals(List.of(), engine.exportForms());
    assertThrows(TransferRefusedException.class, () -> engine.exportState(BumpLayout.FORM));
  }

  @Test
  void shouldRefuseAStateThatContradictsItself() {
    filled();
    LayoutState good = engine.exportState(BumpLayout.FORM);
    refused("has no figure 0.bumped", figure(good, "0.bumped", null));
    refused("has no figure arenas", figure(good, "arenas", null));
    refused("2 arenas have 3 segments", figure(good, "arenas", 2L));
    refused("no power of two", figure(good, "0.quantum", 0x30L));
    refused("must have whole quanta", figure(good, "0.quantum", 0x1000L));
    refused("2 live ranges", figure(good, "0.free", 0L));
    refused("cut short", segment(good, 1, 0x1000, 0x100));
    refused("cut short", segment(good, 2, 0x1000));
    refused("overlaps", segment(good, 1, 0x1000, 0x100, 0x1010, 0x1080, 0x100, 0x1080));
    refused("does not lie in one span", segment(good, 2, 0x2000, 0x10, 0x1000, 5));
    for (long frontier : new long[] {0x1000, 0x1018, 0x1110, 0xff0, 0}) {
      refused(
          "cannot have its frontier at 0x%x".formatted(frontier),
          segment(good, 1, 0x1000, 0x100, frontier, -0x100, 0x100, 0));
    }
    TransferForm other = new TransferForm("vmem.bump", 2);
    refused("is vmem.bump/2", new LayoutState(other, good.segments(), good.figures()));
    assertThrows(TransferRefusedException.class, () -> engine.exportState(other));
    assertThrows(TransferRefusedException.class, () -> engine.adopt(good)); // it has arenas
  }

  private static LayoutState figure(LayoutState good, String name, @Nullable Long value) {
    Map<String, Long> figures = new HashMap<>(good.figures());
    figures.remove(name);
    if (value != null) {
      figures.put(name, value);
    }
    return new LayoutState(good.form(), good.segments(), figures);
  }

  private static LayoutState segment(LayoutState good, int index, long... words) {
    List<MemorySegment> segments = new ArrayList<>(good.segments());
    segments.set(index, MemorySegment.ofArray(words));
    return new LayoutState(good.form(), segments, good.figures());
  }

  private static void refused(String why, LayoutState state) {
    BumpEngine heir = open();
    String message =
        assertThrows(TransferRefusedException.class, () -> heir.adopt(state), why).toString();
    assertTrue(message.contains(why), message);
    assertEquals(0, heir.arenas().size());
  }
}
