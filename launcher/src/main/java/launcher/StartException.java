package launcher;

/** Says why the house could not be started, in words for the person who started it. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message) {
    super(message);
  }
}
