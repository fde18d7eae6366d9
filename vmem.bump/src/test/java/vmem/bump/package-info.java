/** Tests of the bump allocator: by hand, against naive models, and by many threads. */
@NullMarked
package vmem.bump;

import org.jspecify.annotations.NullMarked;
