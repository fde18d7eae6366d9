/** Settings: etc files, Configuration Admin, metatype defaults and --set, checked together. */
@NullMarked
package kernel.config;

import org.jspecify.annotations.NullMarked;
