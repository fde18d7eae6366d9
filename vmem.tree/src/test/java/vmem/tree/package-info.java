/** Tests of vmalloc's allocator: by hand, against naive models, and by many threads. */
@NullMarked
package vmem.tree;

import org.jspecify.annotations.NullMarked;
