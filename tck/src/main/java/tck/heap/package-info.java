/** What every provider of the heap tier is held to. */
@Export
@NullMarked
@Version("1.0.0")
package tck.heap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
