/** Why a block landed where it did, and which blocks keep memory from going home. */
@Export
@NullMarked
@Version("1.0.0")
package workbench.explain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
