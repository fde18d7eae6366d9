package kernel.api;

/**
 * What keeps a bundle, or a part of it, from offering an allocator.
 *
 * @param where the bundle or the file
 * @param what what is wrong, naming the class, package or service concerned
 * @param remedy what to do about it
 * @param trace the stack trace of what was thrown, several lines; empty if nothing was
 */
public record BundleFinding(String where, String what, String remedy, String trace) {
  /** Makes a finding without a stack trace. */
  public BundleFinding(String where, String what, String remedy) {
    this(where, what, remedy, "");
  }

  /** {@return the whole in one line} */
  public String text() {
    return where + ": " + what + "; " + remedy;
  }
}
