/** Says what became of the jars that were dropped into the watched directories. */
@NullMarked
package kernel.deploy;

import org.jspecify.annotations.NullMarked;
