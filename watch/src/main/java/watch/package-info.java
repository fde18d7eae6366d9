/**
 * The running system for those who watch it from outside of the prompt: JMX clients, and whoever
 * asks Felix Health Checks.
 */
@NullMarked
package watch;

import org.jspecify.annotations.NullMarked;
