/**
 * Finding out what a trace file is, in whatever format and of whatever tier, and converting it to
 * Quarry's text.
 */
@Export
@Version("1.0.0")
@NullMarked
package trace.importing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
