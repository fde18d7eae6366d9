package shell.cli;

import allocator.api.AllocatorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Turns exceptions into what a user is told. */
final class Failures {
  private Failures() {}

  /** {@return the message of a failure that a user can act on, or the failure's whole name} */
  static String text(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case NoSuchFileException e -> e.getFile() + ": no such file; check the path";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileAlreadyExistsException e -> e.getFile() + ": exists already";
      case AllocatorException e -> message;
      case IllegalArgumentException e -> message;
      case IOException e -> message;
      default -> expected(failure) ? message : failure.toString();
    };
  }

  // Exceptions of our own APIs say all there is to say in their message.
  private static boolean expected(Throwable failure) {
    String type = failure.getClass().getName();
    return failure.getMessage() != null
        && (type.startsWith("hardware.")
            || type.startsWith("trace.")
            || type.startsWith("kernel."));
  }
}
