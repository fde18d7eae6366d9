package hardware.sim.map;

import hardware.api.map.MapSection;
import hardware.api.map.MemoryType;
import java.util.List;

/** What one format makes of one line. */
sealed interface LineReading {
  /** The line does not begin like a line of the format. */
  LineReading FOREIGN = new Foreign();

  /** The line belongs to the format and states no range. */
  LineReading REMARK = new Remark();

  /** See {@link #FOREIGN}. */
  record Foreign() implements LineReading {}

  /** See {@link #REMARK}. */
  record Remark() implements LineReading {}

  /** The line announces a map of the format: what follows does not continue an earlier one. */
  record Header() implements LineReading {}

  /**
   * The line begins like one of the format and cannot be read.
   *
   * @param reason why, as a clause
   */
  record Broken(String reason) implements LineReading {}

  /**
   * The line states a range.
   *
   * @param section which map of the log it belongs to
   * @param extent the range
   * @param type what it is for
   * @param typeText the type as written
   * @param contradictions where the line disagrees with itself; mostly empty
   */
  record Range(
      MapSection section,
      Extent extent,
      MemoryType type,
      String typeText,
      List<String> contradictions)
      implements LineReading {}

  /** A range of a map that came from firmware, without contradictions. */
  static Range firmware(Extent extent, TypeNames.Named named) {
    return new Range(MapSection.BIOS, extent, named.type(), named.text(), List.of());
  }

  /**
   * A range of a map that came from firmware, checked against the size that the line also gives.
   */
  static Range checked(Extent extent, TypeNames.Named named, long statedBytes) {
    long size = extent.size();
    List<String> contradictions =
        size == statedBytes
            ? List.of()
            : List.of("range has " + size + " bytes, the line says " + statedBytes);
    return new Range(MapSection.BIOS, extent, named.type(), named.text(), contradictions);
  }
}
