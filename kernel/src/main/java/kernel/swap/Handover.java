package kernel.swap;

import allocator.api.CensusSummary;
import kernel.api.SwapForm;

/**
 * What was passed on.
 *
 * @param form how
 * @param before what was live in the predecessor
 * @param after what is live in the successor
 */
record Handover(SwapForm form, CensusSummary before, CensusSummary after) {}
