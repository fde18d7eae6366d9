package allocator.api;

/**
 * One named figure of an allocator, in the manner of a kstat.
 *
 * @param name the field's own name for the figure where it has one, such as {@code alloc}, {@code
 *     free}, {@code fail}, {@code lookup} or {@code trim}; unique within the allocator
 * @param value the figure; unsigned unless the unit says otherwise
 * @param unit what is counted: {@code bytes}, {@code frames}, {@code calls}, {@code segments} …
 */
public record Statistic(String name, long value, String unit) {}
