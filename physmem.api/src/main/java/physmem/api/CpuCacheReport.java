package physmem.api;

/**
 * A CPU's own stock of a zone's free frames, as {@code pagesets} of {@code /proc/zoneinfo} shows
 * it.
 *
 * @param cpu index of the CPU
 * @param count frames in stock
 * @param high frames from which on some are given back
 * @param batch frames that are taken or given back at once
 */
public record CpuCacheReport(int cpu, long count, long high, long batch) {}
