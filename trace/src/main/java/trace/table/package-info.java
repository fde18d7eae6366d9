/** Primitive tables that a trace reader renames block ids with. */
@NullMarked
package trace.table;

import org.jspecify.annotations.NullMarked;
