/**
 * Readers of firmware maps, one class per format, and the sanitiser.
 *
 * <p>The path of a map through this package: {@code MapText} turns a file into lines, {@code
 * LineCleaner} takes off what logs and mail added to them, {@code MapReader} offers each line to
 * the {@code LineFormat}s and chooses one of the maps found, {@code MapSanitiser} turns that map
 * into usable spans. {@code SimFirmwareMaps} is the OSGi component in front.
 */
@NullMarked
package hardware.sim.map;

import org.jspecify.annotations.NullMarked;
