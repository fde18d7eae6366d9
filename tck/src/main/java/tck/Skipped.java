package tck;

/** Thrown by a check that has nothing to try. */
public final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes a reason.
   *
   * @param why what the provider does not offer
   */
  public Skipped(String why) {
    super(why);
  }
}
