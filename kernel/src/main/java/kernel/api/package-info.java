/**
 * What the kernel offers to the shell, the workbench and tests: booting a machine with a stack of
 * three allocator tiers, looking into it, and checking it.
 */
@Export
@Version("1.0.0")
@NullMarked
package kernel.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
