/**
 * Holds the providers of a bundle to the contract: the kit's checks on each provider alone, and
 * checks of it in a booted system, in the framework, next to the other providers.
 */
@Export
@NullMarked
@Version("1.0.0")
package verify;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
