/** Providers that are broken on purpose, one fault each. */
@NullMarked
package kernel.fault;

import org.jspecify.annotations.NullMarked;
