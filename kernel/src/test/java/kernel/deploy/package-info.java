/** Tests of what is said of other people's bundles. */
@NullMarked
package kernel.deploy;

import org.jspecify.annotations.NullMarked;
