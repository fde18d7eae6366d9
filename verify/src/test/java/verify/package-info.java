/** The kits of the contract against the shipped providers, and against faulty ones. */
@NullMarked
package verify;

import org.jspecify.annotations.NullMarked;
