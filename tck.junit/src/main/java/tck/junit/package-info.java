/** The contract of a provider as tests of JUnit, for its author's build. */
@Export
@NullMarked
@Version("1.0.0")
package tck.junit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
