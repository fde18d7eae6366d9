package physmem.llfree;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import java.util.Optional;
import physmem.api.InheritedRam;

/**
 * Takes over from a predecessor. If that had frames out of service, in new metadata, in which those
 * are foreign. Used once, by one thread.
 */
final class Succession {
  private final InheritedRam ram;
  private final LlfreeSettings settings;
  private final Cells cells;
  private final boolean stored;

  /**
   * Prepares.
   *
   * @param ram what is in service
   * @param settings the settings
   * @param cells access to the metadata
   * @param stored whether the metadata is in a store, which has every frame of the machine
   */
  Succession(InheritedRam ram, LlfreeSettings settings, Cells cells, boolean stored) {
    this.ram = ram;
    this.settings = settings;
    this.cells = cells;
    this.stored = stored;
  }

  /**
   * Represents the predecessor's live ranges, or finds out whether it could.
   *
   * @param machine what serves now; its metadata is given back if another one serves afterwards
   * @return what serves afterwards; a rehearsal changes nothing
   * @throws TransferRefusedException if it cannot be done; nothing has changed then
   */
  Machine run(Machine machine, Estate estate, boolean dryRun) {
    if (ram.missing().isEmpty()) {
      new Rebuilding(machine).run(estate, dryRun);
      return machine;
    }
    if (stored) {
      throw new TransferRefusedException(
          "%d ranges of frames are out of service, the first at 0x%x; a store has them all"
              .formatted(ram.missing().size(), ram.missing().getFirst().start()));
    }
    Machine next = new Opening(ram, settings, cells, map -> Optional.empty()).open();
    Machine left = next;
    try {
      new Rebuilding(next).run(estate, dryRun);
      left = dryRun ? next : machine;
      return dryRun ? machine : next;
    } finally {
      left.memory().release(ram);
    }
  }
}
