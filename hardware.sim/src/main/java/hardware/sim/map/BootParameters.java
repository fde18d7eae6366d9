package hardware.sim.map;

import hardware.api.map.Finding;
import hardware.api.map.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a kernel command line that change memory, in the order given, and findings
 * about those that would and are not honoured.
 *
 * <p>Sizes are as the kernel reads them: decimal, hexadecimal behind {@code 0x} or octal behind
 * {@code 0}, and a suffix K, M, G, T, P or E.
 */
final class BootParameters {
  private static final Pattern TOKEN = Pattern.compile("(?:[^\\s\"]|\"[^\"]*\"?)+");
  private static final Pattern SIZE =
      Pattern.compile("(0[xX][0-9a-fA-F]+|[0-9]+)([kKmMgGtTpPeE]?)(.*)");
  private static final String SUFFIXES = "KMGTPE";
  private static final int SHIFT_STEP = 10;

  private static final List<String> IGNORED =
      List.of(
          "crashkernel",
          "hugepages",
          "default_hugepagesz",
          "hugetlb_cma",
          "cma",
          "memtest",
          "efi_fake_mem",
          "add_efi_memmap",
          "mem_encrypt",
          "swiotlb",
          "reservetop",
          "vmalloc",
          "highmem",
          "pmem",
          "memhp_default_state");

  /** A size, and how it was written. */
  record Amount(long bytes, int percent) {
    static final Amount NONE = new Amount(0, 0);
  }

  /** What {@code mem=} and {@code memmap=} ask for, in the order given: name and value. */
  record Change(String name, String value) {}

  private final List<Change> changes = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private Amount kernelCore = Amount.NONE;
  private Amount movableCore = Amount.NONE;
  private boolean movableNode;
  private boolean numaOff;

  /** Reads a command line. */
  BootParameters(String commandLine) {
    Matcher m = TOKEN.matcher(commandLine);
    while (m.find()) {
      String token = m.group().replace("\"", "");
      if (token.equals("--")) {
        return; // what follows is for the init process
      }
      int equals = token.indexOf('=');
      String value = equals < 0 ? "" : token.substring(equals + 1);
      take(equals < 0 ? token : token.substring(0, equals), value);
    }
  }

  List<Change> changes() {
    return changes;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Memory that may hold what cannot move, {@code kernelcore=}. */
  Amount kernelCore() {
    return kernelCore;
  }

  /** Memory that holds only what can move, {@code movablecore=}. */
  Amount movableCore() {
    return movableCore;
  }

  boolean movableNode() {
    return movableNode;
  }

  boolean numaOff() {
    return numaOff;
  }

  private void take(String name, String value) {
    switch (name.replace('-', '_')) {
      case "mem" -> changes.add(new Change(name, value));
      case "memmap" -> List.of(value.split(",")).forEach(v -> changes.add(new Change(name, v)));
      case "kernelcore" -> kernelCore = core(name, value);
      case "movablecore" -> movableCore = core(name, value);
      case "movable_node" -> movableNode = true;
      case "numa" -> numa(value);
      default -> {
        if (IGNORED.contains(name)) {
          ignored(name, value);
        }
      }
    }
  }

  private void numa(String value) {
    if (value.equals("off")) {
      numaOff = true;
    } else if (value.startsWith("fake=")) {
      ignored("numa", value);
    }
  }

  private Amount core(String name, String value) {
    Matcher m = SIZE.matcher(value);
    if (!m.matches()) {
      ignored(name, value);
      return Amount.NONE;
    }
    return m.group(3).startsWith("%")
        ? new Amount(0, (int) Math.min(Integer.MAX_VALUE, number(m.group(1))))
        : new Amount(bytes(m), 0);
  }

  /** Notes that a parameter has no effect here. */
  void ignored(String name, String value) {
    String shown = value.isEmpty() ? name : name + "=" + value;
    findings.add(
        new Finding(
            Severity.WARNING,
            "parameter-not-honoured",
            0,
            "command line: " + shown + " is not honoured"));
  }

  /**
   * Reads a size at the beginning of a text.
   *
   * @return the size and the text behind it, or null if there is no number
   */
  static SizeAndRest size(String text) {
    Matcher m = SIZE.matcher(text);
    return m.matches() ? new SizeAndRest(bytes(m), m.group(3)) : new SizeAndRest(-1, text);
  }

  /**
   * A size read from the beginning of a text.
   *
   * @param bytes the size; -1 if the text does not begin with a number
   * @param rest the text behind it
   */
  record SizeAndRest(long bytes, String rest) {}

  private static long bytes(Matcher m) {
    String suffix = m.group(2).toUpperCase(Locale.ROOT);
    int step = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(suffix) + 1;
    return number(m.group(1)) << (SHIFT_STEP * step);
  }

  private static long number(String digits) {
    try {
      return Long.decode(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE >> (SHIFT_STEP * SUFFIXES.length()); // as good as infinite
    }
  }
}
