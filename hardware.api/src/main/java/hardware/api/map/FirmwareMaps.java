package hardware.api.map;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads firmware maps from the text that people paste, and turns them into usable memory.
 *
 * <p>Reading recognises the format by itself. Lines that belong to no map are skipped; a line that
 * begins like a map line and cannot be read is an error, or a warning with {@link
 * MapOptions#lenient()}. All methods are safe for use by several threads.
 */
@ProviderType
public interface FirmwareMaps {
  /**
   * End of the physical address space in bytes, exclusive: 2^52, since a page-table entry of x86-64
   * and of AArch64 holds at most 52 address bits.
   */
  long ADDRESS_LIMIT = 1L << 52;

  /**
   * Reads the map in a file.
   *
   * @param file a text file in UTF-8 or ISO 8859-1
   * @param options how to read it
   * @return the map
   * @throws MapException if there is no such file, it is not text, or it holds no map that can be
   *     trusted
   */
  FirmwareMap read(Path file, MapOptions options);

  /**
   * Reads the map in the given lines.
   *
   * @param name name of the input for errors and reports
   * @param lines the input without line terminators
   * @param options how to read it
   * @return the map
   * @throws MapException if the lines hold no map that can be trusted
   */
  FirmwareMap read(String name, List<String> lines, MapOptions options);

  /**
   * Resolves overlaps and rounds to pages. Never refuses: what makes no sense is left out, with a
   * decision that says so.
   *
   * @param map a map from any source
   * @param options page size, and whether loader memory counts as usable
   * @return the map without overlaps
   */
  SanitisedMap sanitise(FirmwareMap map, MapOptions options);

  /**
   * Works out what a Linux kernel makes of the map when it boots with the map's command line: its
   * own changes of the map, {@code mem=}, {@code memmap=}, NUMA nodes and zones. A map that does
   * not come from a Linux boot and has no command line keeps all its usable memory.
   *
   * @param map a map from any source
   * @param options page size, and whether loader memory counts as usable
   * @return what the kernel makes of it
   */
  BootMap boot(FirmwareMap map, MapOptions options);
}
