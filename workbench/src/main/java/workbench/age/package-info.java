/**
 * The ageing laboratory: months of churn on the page frames of a machine, and what is left of its
 * large blocks on each simulated day. {@code docs/workloads.md} describes the model and every
 * figure.
 *
 * <p>Vital statistics: 60 days of {@code buddy} on 512 MiB took 13 seconds of CPU time, boots
 * included; on the Java heap 4 bytes per frame of RAM and about 20 per live block.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.age;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
