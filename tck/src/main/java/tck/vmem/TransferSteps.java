package tck.vmem;

import allocator.api.CensusSummary;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.List;
import java.util.Optional;
import tck.Broken;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;

/** Steps that hand an engine's arenas over to another. For one thread. */
final class TransferSteps {
  private final AddressScene scene;
  private final Trial trial;

  TransferSteps(AddressScene scene) {
    this.scene = scene;
    this.trial = scene.trial;
  }

  /** {@return the forms that an engine exports and adopts} */
  static List<TransferForm> forms(AddressEngine engine) {
    return engine.exportForms().stream().filter(engine.importForms()::contains).toList();
  }

  /** Hands over in one of the forms that both ends know. */
  void adopt(String form) {
    Optional<TransferForm> wanted =
        forms(scene.engine).stream().filter(each -> each.toString().equals(form)).findFirst();
    if (wanted.isEmpty()) {
      return; // not offered as things are now
    }
    scene.noFailure();
    scene.engine.drain();
    CensusSummary before = scene.engine.census();
    AddressEngine next = scene.open();
    scene.done("allocator.13", () -> next.adopt(scene.engine.exportState(wanted.get())));
    scene.engine.handedOver();
    succeed(next, before, "allocator.13");
  }

  /** Tries a rebuild that must change nothing. */
  void rehearse() {
    scene.noFailure();
    scene.engine.drain();
    CensusSummary before = scene.engine.census();
    AddressEngine next = scene.open();
    try {
      next.rebuild(WrittenArenas.of(scene.engine), true);
    } catch (TransferRefusedException e) {
      requireReason(e);
    }
    trial.require(
        "allocator.15",
        next.arenas().isEmpty() && next.census().liveCount() == 0,
        () -> "a rehearsal changed the successor");
    scene.ended(next);
    requireCensus("allocator.15", before);
  }

  /** Hands over by what is live. */
  void rebuild() {
    scene.noFailure();
    scene.engine.drain();
    WrittenArenas estate = WrittenArenas.of(scene.engine);
    AddressEngine next = scene.open();
    boolean rehearsed = false;
    try {
      next.rebuild(estate, true);
      rehearsed = true;
      next.rebuild(estate, false);
    } catch (TransferRefusedException e) {
      requireReason(e);
      if (rehearsed) {
        throw Broken.by("allocator.15", "refused what the rehearsal had accepted", e);
      }
      scene.ended(next);
      return;
    } catch (RuntimeException e) {
      throw Broken.by("allocator.14", "rebuild", e);
    }
    requireCensus("allocator.15", estate.census());
    succeed(next, estate.census(), "allocator.14");
  }

  private void succeed(AddressEngine next, CensusSummary before, String clause) {
    scene.ended(scene.engine);
    scene.engine = next;
    requireCensus(clause, before);
    List<AddressArena> there = scene.engine.arenas();
    trial.require(
        "vmem.4",
        there.stream()
            .map(AddressArena::spec)
            .toList()
            .equals(scene.arenas.values().stream().map(each -> each.spec).toList()),
        () -> "the arenas are " + there.stream().map(each -> each.spec().name()).toList());
    int index = 0;
    for (ArenaModel each : scene.arenas.values()) {
      each.arena = there.get(index++);
    }
  }

  private void requireReason(TransferRefusedException refusal) {
    String message = refusal.getMessage();
    trial.require(
        "allocator.16",
        message != null && !message.isBlank(),
        () -> "a transfer was refused without a reason");
  }

  private void requireCensus(String clause, CensusSummary before) {
    CensusSummary now = scene.engine.census();
    trial.require(
        clause, now.equals(before), () -> "the census was %s and is %s".formatted(before, now));
  }
}
