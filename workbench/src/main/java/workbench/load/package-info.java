/**
 * Load: client threads that call the heap of a running system while its allocators are exchanged,
 * look after every block they touch, and time every call as a client sees it.
 *
 * <p>{@link workbench.load.LoadSpec} says what to do, {@link workbench.load.Load} does it and is
 * the principal class, {@link workbench.load.LoadStatus} says what came of it.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.load;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
