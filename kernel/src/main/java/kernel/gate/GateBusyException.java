package kernel.gate;

import allocator.api.AllocatorException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Somebody did not leave a gate in time; the message names the thread and shows its stack. */
public class GateBusyException extends AllocatorException {
  private static final long serialVersionUID = 1L;
  private static final int DEPTH = 12; // frames of the stack that are shown

  /**
   * Makes the exception.
   *
   * @param gate the gate's name
   * @param blocker the thread that is inside
   */
  public GateBusyException(String gate, Thread blocker) {
    super(describe(gate, blocker));
  }

  private static String describe(String gate, Thread blocker) {
    return Arrays.stream(blocker.getStackTrace())
        .limit(DEPTH)
        .map(frame -> "\n    at " + frame)
        .collect(
            Collectors.joining(
                "",
                "%s: thread %s is inside and does not leave".formatted(gate, blocker.getName()),
                ""));
  }
}
