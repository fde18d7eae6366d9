package kernel.gate;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * A memory barrier executed on behalf of all threads of this process: Linux's {@code membarrier(2)}
 * with {@code MEMBARRIER_CMD_PRIVATE_EXPEDITED}. It lets the common side of a handshake do without
 * a fence of its own.
 */
final class ProcessBarrier {
  private static final long EXPEDITED = 1 << 3; // linux/membarrier.h
  private static final long REGISTER = 1 << 4;
  private static final long UNKNOWN = -1;

  // Before AVAILABLE, which needs it.
  private static final MethodHandle SYSCALL = syscall();

  /** Whether {@link #run} can be called; settled once, so that the compiler knows it. */
  static final boolean AVAILABLE =
      number() != UNKNOWN && call(REGISTER) == 0 && call(EXPEDITED) == 0;

  private ProcessBarrier() {}

  /** Has every running thread of the process pass a full memory barrier before it returns. */
  static void run() {
    long answer = call(EXPEDITED);
    if (answer != 0) {
      throw new IllegalStateException("membarrier(2), available at start, now answers " + answer);
    }
  }

  private static long call(long command) {
    try {
      return (long) SYSCALL.invokeExact(number(), command, 0L, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("membarrier(2) could not be called", e);
    }
  }

  @SuppressWarnings(
      "restricted") // syscall(2) takes and returns longs; these commands touch no memory
  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor longs =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"), longs, Linker.Option.firstVariadicArg(1));
  }

  // The number of the call by architecture; what is not listed does without it.
  private static long number() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (!system.startsWith("linux")) {
      return UNKNOWN;
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> 324;
      case "aarch64", "riscv64" -> 283;
      default -> UNKNOWN;
    };
  }
}
