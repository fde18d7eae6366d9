package shell.command;

import java.io.PrintStream;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.Task;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.Table;
import shell.text.WalkText;

/** The command {@code task}: address spaces of simulated programs. */
@Component(
    service = TaskCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=task"})
public final class TaskCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public TaskCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Works with tasks.
   *
   * @param session the prompt
   * @param words what to do
   */
  @Descriptor(
      "task [list] | create NAME | map NAME BYTES | unmap NAME ADDRESS BYTES | walk NAME ADDRESS"
          + " | end NAME: simulated programs with address spaces of their own")
  public void task(CommandSession session, @Descriptor("what to do") String... words) {
    BootedSystem system = Running.of(kernel);
    PrintStream out = session.getConsole();
    switch (words.length == 0 ? "list" : words[0]) {
      case "list" -> list(system, out);
      case "create" -> out.println("task " + system.createTask(word(words, 1)).name());
      case "map" -> map(named(system, word(words, 1)), word(words, 2), out);
      case "unmap" ->
          named(system, word(words, 1))
              .unmap(Sizes.parseAddress(word(words, 2)), Sizes.parseBytes(word(words, 3)));
      case "walk" ->
          WalkText.print(
              named(system, word(words, 1)).space(), Sizes.parseAddress(word(words, 2)), out);
      case "end" -> named(system, word(words, 1)).close();
      default ->
          throw new IllegalArgumentException(
              words[0] + " is not known; task takes list, create, map, unmap, walk or end");
    }
  }

  private static String word(String[] words, int index) {
    if (index >= words.length) {
      throw new IllegalArgumentException("task " + words[0] + " needs more; see `help task`");
    }
    return words[index];
  }

  private static Task named(BootedSystem system, String name) {
    return system.tasks().stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no task is named " + name));
  }

  private static void map(Task task, String bytes, PrintStream out) {
    long address = task.map(Sizes.parseBytes(bytes));
    out.println(address == 0 ? "exhausted" : "0x" + Long.toHexString(address));
  }

  private static void list(BootedSystem system, PrintStream out) {
    Table table = new Table("task", ">asid", "root", ">pages", ">table frames");
    for (Task task : system.tasks()) {
      table.row(
          task.name(),
          task.space().asid(),
          "0x" + Long.toHexString(task.space().root()),
          task.mappedPages(),
          task.space().tableFrames());
    }
    table.print(out);
  }
}
