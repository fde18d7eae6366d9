/** Tests of the firmware map readers and the sanitiser. */
@NullMarked
package hardware.sim.map;

import org.jspecify.annotations.NullMarked;
