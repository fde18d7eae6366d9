/** Tests of the settings. */
@NullMarked
package kernel.config;

import org.jspecify.annotations.NullMarked;
