/** The kits of all tiers. */
@Export
@NullMarked
@Version("1.0.0")
package tck.tiers;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
