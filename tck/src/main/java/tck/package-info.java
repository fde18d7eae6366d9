/**
 * The contract of every tier, runnable against any provider: numbered clauses with the text of the
 * APIs, and checks that try to find them broken.
 *
 * <p>{@link tck.tiers.Kits} has the checks of a provider, {@link tck.Runner} runs one. Failures are
 * {@link tck.Broken}; no test framework is needed. A random sequence that fails is made short and
 * given as a {@link tck.Script} that runs again.
 */
@Export
@NullMarked
@Version("1.0.0")
package tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
