/** Boots the machine and holds one slot per tier. */
@Export
@NullMarked
@Version("1.0.0")
package kernel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
