package hardware.sim.map;

import static hardware.api.map.MemoryType.USABLE;

import hardware.api.map.FirmwareMaps;
import hardware.api.map.MemoryType;
import java.util.function.Predicate;

/**
 * Applies {@code mem=} and {@code memmap=} of x86 to the table of RAM, in the order given.
 *
 * <pre>
 * mem=nn, memmap=nn        no RAM from nn on
 * memmap=exactmap          forget the firmware's map
 * memmap=nn@ss             RAM, where firmware says nothing else
 * memmap=nn#ss             ACPI data
 * memmap=nn$ss             reserved
 * memmap=nn!ss             persistent
 * memmap=nn%ss[-old][+new] the type numbered old becomes the one numbered new
 * </pre>
 *
 * <p>Applying them twice gives the same as once, so the map may be one that the kernel has changed
 * already ({@code user:} lines).
 */
final class UserMap {
  private static final long TOP = FirmwareMaps.ADDRESS_LIMIT - 1;
  private static final int NONE = 0;

  private final RamTable table;
  private final BootParameters parameters;

  UserMap(RamTable table, BootParameters parameters) {
    this.table = table;
    this.parameters = parameters;
  }

  void apply() {
    parameters.changes().forEach(this::apply);
  }

  private void apply(BootParameters.Change change) {
    BootParameters.SizeAndRest size = BootParameters.size(change.value());
    if (change.value().equals("exactmap") && change.name().equals("memmap")) {
      table.clear();
    } else if (size.bytes() <= 0) {
      parameters.ignored(change.name(), change.value());
    } else if (change.name().equals("mem") || size.rest().isEmpty()) {
      table.remove(size.bytes(), -1, type -> type == USABLE);
    } else {
      range(change, size.bytes(), size.rest().replace("\\", ""));
    }
  }

  private void range(BootParameters.Change change, long bytes, String rest) {
    BootParameters.SizeAndRest at = BootParameters.size(rest.substring(1));
    long last = Math.min(TOP, at.bytes() + bytes - 1);
    String cause = "memmap=" + change.value();
    if (at.bytes() < 0 || last < at.bytes()) {
      parameters.ignored(change.name(), change.value());
      return;
    }
    switch (rest.charAt(0)) {
      case '@' -> table.add(at.bytes(), last, USABLE, cause);
      case '#' -> table.add(at.bytes(), last, MemoryType.ACPI_DATA, cause);
      case '$' -> table.add(at.bytes(), last, MemoryType.RESERVED, cause);
      case '!' -> table.add(at.bytes(), last, MemoryType.PERSISTENT, cause);
      case '%' -> retype(at.bytes(), last, at.rest(), cause);
      default -> parameters.ignored(change.name(), change.value());
    }
  }

  private void retype(long first, long last, String types, String cause) {
    int old = number(types, '-');
    int wanted = number(types, '+');
    Predicate<MemoryType> from = type -> old == NONE || type == type(old);
    if (wanted == NONE) {
      table.remove(first, last, from);
    } else if (old == NONE) {
      table.add(first, last, type(wanted), cause);
    } else {
      table.retype(first, last, from, type(wanted), cause);
    }
  }

  private static int number(String types, char sign) {
    int at = types.indexOf(sign);
    long number = at < 0 ? NONE : BootParameters.size(types.substring(at + 1)).bytes();
    return (int) Math.max(NONE, number);
  }

  private static MemoryType type(int number) {
    return switch (number) {
      case 1 -> USABLE;
      case 2 -> MemoryType.RESERVED;
      case 3 -> MemoryType.ACPI_DATA;
      case 4 -> MemoryType.ACPI_NVS;
      case 5 -> MemoryType.UNUSABLE;
      case 7, 12 -> MemoryType.PERSISTENT;
      case 0xefffffff -> MemoryType.SOFT_RESERVED;
      default -> MemoryType.UNKNOWN;
    };
  }
}
