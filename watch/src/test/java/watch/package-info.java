/** Tests of what JMX clients see. */
@NullMarked
package watch;

import org.jspecify.annotations.NullMarked;
