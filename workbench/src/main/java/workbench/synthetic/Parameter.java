package workbench.synthetic;

/**
 * What can be set of a generator.
 *
 * @param name its name, as its original has it where that has one
 * @param value the default
 * @param least the least value taken
 * @param most the greatest value taken
 * @param description what it is, with its unit
 */
public record Parameter(String name, long value, long least, long most, String description) {}
