/** Experiments: traces on stacks of allocators on machines, each from a fresh boot. */
@Export
@Version("1.0.0")
@NullMarked
package workbench;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
