package trace.ranges;

/**
 * One event of a range trace. Which of the numbers an operation uses, its constant says; the others
 * are 0.
 *
 * @param operation what happens
 * @param id the range's id, unique within its address space
 * @param other the id of the range that dies, the address that is asked for, or another space
 * @param offset from the range's first byte, a multiple of {@link #PAGE}
 * @param bytes a multiple of {@link #PAGE}, but for a break
 * @param protection the sum of {@link #READ}, {@link #WRITE} and so on
 * @param space the address space in which it happens, from 0
 * @param thread the thread by which it happens, from 0
 */
public record RangeEvent(
    Operation operation,
    long id,
    long other,
    long offset,
    long bytes,
    int protection,
    int space,
    int thread) {
  /** What sizes, offsets and addresses are multiples of, in bytes. */
  public static final long PAGE = 4096;

  /** Protection: may be read. */
  public static final int READ = 1;

  /** Protection: may be written. */
  public static final int WRITE = 2;

  /** Protection: may be executed. */
  public static final int EXECUTE = 4;

  /** Protection: changes are seen by others; not of a change of protection. */
  public static final int SHARED = 8;

  /** Protection: holds a file's contents; not of a change of protection. */
  public static final int FILE = 16;

  /** All bits that {@code protection} may have. */
  public static final int PROTECTION_BITS = 31;

  /** A bound on the number of address spaces and of threads. */
  public static final int SPACE_LIMIT = 1 << 20;

  /** What happens. */
  public enum Operation {
    /** Range {@code id} of {@code bytes} is mapped where the kernel likes. */
    MAP,
    /** Range {@code id} of {@code bytes} is mapped at address {@code other}. */
    MAP_AT,
    /** A part of range {@code id} is mapped anew in its place. */
    OVERLAY,
    /** A part of range {@code id} is unmapped; the range dies with its last page. */
    UNMAP,
    /** A part of range {@code id} gets another protection. */
    PROTECT,
    /** Range {@code other} dies, {@code id} of {@code bytes} is born with its contents. */
    RESIZE,
    /** The space's heap segment is {@code bytes} long from now on: the program break moved. */
    BREAK,
    /** Space {@code other} is born as a copy of this one, with the same ids. */
    COPY,
    /** All ranges of the space die and its break goes back: the program ended, or runs another. */
    CLEAR,
    /** What follows happens in another space. */
    SPACE,
    /** What follows happens by another thread. */
    THREAD
  }

  /** Returns whether the event is an operation: no change of space or thread. */
  public boolean isOperation() {
    return operation != Operation.SPACE && operation != Operation.THREAD;
  }
}
