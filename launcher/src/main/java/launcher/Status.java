package launcher;

/**
 * Exit statuses of the process that are not a command's own; the numbers follow sysexits and sh.
 */
final class Status {
  /** The framework or the shell did not come up (EX_SOFTWARE). */
  static final int BROKEN = 70;

  /** Ended by Ctrl-C (128 + SIGINT). */
  static final int INTERRUPTED = 130;

  /** What the shell's main service answers when it wants a prompt instead of an end. */
  static final int PROMPT = -1;

  private Status() {}
}
