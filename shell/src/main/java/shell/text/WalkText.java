package shell.text;

import hardware.api.AddressSpace;
import hardware.api.WalkStep;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A page walk, level by level. */
public final class WalkText {
  private WalkText() {}

  /**
   * Prints each level's index, entry address, raw entry and flags, and the result.
   *
   * @param space the address space
   * @param address the virtual address
   * @param out where to
   */
  public static void print(AddressSpace space, long address, PrintStream out) {
    List<WalkStep> steps = space.walk(address);
    out.printf("walk %s, root 0x%x%n", Sizes.address(address), space.root());
    if (steps.isEmpty()) {
      out.println("  not canonical: the upper bits are not copies of the highest translated bit");
    }
    for (WalkStep step : steps) {
      out.printf(
          Locale.ROOT,
          "  %-5s index %3d  entry at 0x%010x  0x%016x  %s%n",
          step.name(),
          step.index(),
          step.entryAddress(),
          step.entry(),
          step.flags().isEmpty() ? "not present" : String.join(" ", step.flags()));
    }
    out.println(TranslateText.line(space, address));
  }
}
