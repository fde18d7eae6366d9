package kernel.api;

/**
 * One thing that was checked.
 *
 * @param subject what, such as {@code physmem.buddy} or {@code page tables}
 * @param facts the number of single facts compared
 * @param good whether all held
 * @param finding what was found, in a sentence
 */
public record CheckLine(String subject, long facts, boolean good, String finding) {}
