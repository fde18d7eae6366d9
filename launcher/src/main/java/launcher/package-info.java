/**
 * Starts Apache Felix on the bundles of a distribution and hands the command line to the shell.
 *
 * <p>The classes here are on the class path, outside of the framework, and share only JDK types
 * with the bundles. What they are given and what they give is listed at {@link launcher.Settings}.
 */
@NullMarked
package launcher;

import org.jspecify.annotations.NullMarked;
