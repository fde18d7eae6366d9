package bench;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.lwjgl.system.jemalloc.JEmalloc;
import org.lwjgl.system.rpmalloc.RPmalloc;

/** Allocators written in C, called from Java. */
final class NativeContenders {
  private NativeContenders() {}

  /** The C library's malloc, by calls that skip the JVM's state change ({@code critical}). */
  static final class Glibc extends Contender {
    private static final MethodHandle MALLOC =
        handle("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
        handle("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private final long[] blocks = new long[PLACES];

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name), type, Linker.Option.critical(false));
    }

    @Override
    void allocate(int place, int bytes) {
      try {
        blocks[place] = (long) MALLOC.invokeExact((long) bytes);
      } catch (Throwable e) {
        throw new IllegalStateException("malloc", e);
      }
    }

    @Override
    void free(int place) {
      try {
        FREE.invokeExact(blocks[place]);
      } catch (Throwable e) {
        throw new IllegalStateException("free", e);
      }
    }
  }

  /** jemalloc, by LWJGL. */
  static final class Jemalloc extends Contender {
    private final long[] blocks = new long[PLACES];

    @Override
    void allocate(int place, int bytes) {
      blocks[place] = JEmalloc.nje_malloc(bytes);
    }

    @Override
    void free(int place) {
      JEmalloc.nje_free(blocks[place]);
    }
  }

  /** rpmalloc, by LWJGL. */
  static final class Rpmalloc extends Contender {
    private final long[] blocks = new long[PLACES];

    Rpmalloc() {
      RPmalloc.rpmalloc_initialize();
    }

    @Override
    void allocate(int place, int bytes) {
      blocks[place] = RPmalloc.nrpmalloc(bytes);
    }

    @Override
    void free(int place) {
      RPmalloc.nrpfree(blocks[place]);
    }
  }
}
