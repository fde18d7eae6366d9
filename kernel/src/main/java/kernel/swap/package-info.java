/** The exchange of a tier's provider while clients go on. */
@NullMarked
package kernel.swap;

import org.jspecify.annotations.NullMarked;
