/**
 * Firmware memory maps: what a machine's firmware says about its physical addresses, and what
 * remains usable once the contradictions are resolved.
 *
 * <p>A {@link hardware.api.map.FirmwareMap} holds the {@linkplain hardware.api.map.MapEntry
 * entries} as they were written, in input order. A {@link hardware.api.map.SanitisedMap} holds what
 * a kernel may do with them, and every {@linkplain hardware.api.map.Decision decision} that led
 * there. A {@link hardware.api.map.BootMap} holds what a Linux kernel that boots makes of the map
 * and of its command line: RAM as it counts it, and the zones of each node. {@link
 * hardware.api.map.FirmwareMaps} is the service that makes all three.
 *
 * <p>Addresses and sizes are bytes in a {@code long} that is read as unsigned. Ranges of entries
 * are inclusive at both ends, so that a range may reach the last byte of a 64-bit address space;
 * ranges of the sanitised map have exclusive ends and lie below {@link
 * hardware.api.map.FirmwareMaps#ADDRESS_LIMIT}. All types are immutable and safe for use by several
 * threads.
 */
@Export
@NullMarked
@Version("1.0.0")
package hardware.api.map;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
