package hardware.api.map;

/**
 * A range of addresses that belongs to one NUMA node.
 *
 * @param node node number, from 0
 * @param first first address in bytes, unsigned
 * @param last last address in bytes, unsigned, inclusive
 * @param line number of the input line that says so, from 1
 */
public record NodeRange(int node, long first, long last, int line) {}
