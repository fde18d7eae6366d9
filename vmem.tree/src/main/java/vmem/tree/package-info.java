/** Linux vmalloc as an address allocator. */
@NullMarked
package vmem.tree;

import org.jspecify.annotations.NullMarked;
