package hardware.api.map;

/**
 * Something about a map that its reader should know.
 *
 * @param severity how much it matters
 * @param code short lower-case name of the kind of finding, stable between versions
 * @param line number of the input line, from 1; 0 if the finding is about the whole map
 * @param message one sentence with the values concerned
 */
public record Finding(Severity severity, String code, int line, String message) {}
