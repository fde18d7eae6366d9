package kernel.api;

/**
 * Blocks of a former heap that still live.
 *
 * @param from who handed them out, as {@code NAME VERSION}
 * @param blocks how many
 * @param bytes their usable bytes
 * @param heldBytes bytes of the pages that stay for them
 * @param listed whether all of them are listed; until then the figures grow
 * @param failure what went wrong when they were to be listed, or an empty text
 */
public record LodgingStatus(
    String from, long blocks, long bytes, long heldBytes, boolean listed, String failure) {}
