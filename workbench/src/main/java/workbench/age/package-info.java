/**
 * The ageing laboratory: months of churn on the page frames of a machine, and what is left of its
 * large blocks on each simulated day. {@code docs/workloads.md} describes the model and every
 * figure.
 *
 * <p>Vital statistics: a simulated day of a machine with 512 MiB costs about 30 ms; four bytes per
 * frame of RAM and 16 bytes per live block on the Java heap.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.age;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
