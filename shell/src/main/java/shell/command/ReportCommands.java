package shell.command;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The reports whose names people have in their fingers, as commands: {@code show} by its name. */
@Component(
    service = ReportCommands.class,
    property = {
      "osgi.command.scope=quarry",
      "osgi.command.function=mallinfo",
      "osgi.command.function=pagetypeinfo",
      "osgi.command.function=slabinfo",
      "osgi.command.function=vmallocinfo",
      "osgi.command.function=zoneinfo",
      "osgi.command.function=zprint"
    })
public final class ReportCommands {
  private final ShowCommand show;

  /**
   * Made by Declarative Services.
   *
   * @param show prints a report
   */
  @Activate
  public ReportCommands(@Reference ShowCommand show) {
    this.show = show;
  }

  /** Shows the heap as mallinfo(3) has it. */
  @Descriptor("the heap in the fields of mallinfo(3); of heap.dl")
  public void mallinfo(CommandSession session) {
    show.show(session, "mallinfo");
  }

  /** Shows free blocks by migrate type. */
  @Descriptor("free blocks by migrate type and order, as /proc/pagetypeinfo; of physmem.buddy")
  public void pagetypeinfo(CommandSession session) {
    show.show(session, "pagetypeinfo");
  }

  /** Shows the caches of the heap. */
  @Descriptor("caches and their slabs, as /proc/slabinfo 2.1; of heap.slab")
  public void slabinfo(CommandSession session) {
    show.show(session, "slabinfo");
  }

  /** Shows the areas of the address space. */
  @Descriptor("address ranges in use, as /proc/vmallocinfo; of vmem.tree")
  public void vmallocinfo(CommandSession session) {
    show.show(session, "vmallocinfo");
  }

  /** Shows the zones of frames. */
  @Descriptor("zones, watermarks and per-CPU lists, as /proc/zoneinfo; of physmem.buddy")
  public void zoneinfo(CommandSession session) {
    show.show(session, "zoneinfo");
  }

  /** Shows the zones of the heap. */
  @Descriptor("zones of equal objects, as zprint(1); of heap.zone")
  public void zprint(CommandSession session) {
    show.show(session, "zprint");
  }
}
