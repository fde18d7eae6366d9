/** What every call to a slot passes, so that an exchange can wait for those inside. */
@NullMarked
package kernel.gate;

import org.jspecify.annotations.NullMarked;
