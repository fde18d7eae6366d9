package kernel.boot;

import java.util.function.Predicate;
import kernel.api.ProviderInfo;
import kernel.slot.AddressSlot;
import kernel.slot.FrameSlot;
import kernel.slot.HeapSlot;

/**
 * The three slots of a system.
 *
 * @param frames the physmem slot
 * @param addresses the vmem slot
 * @param heap the heap slot
 * @param present whether the very provider that an engine came from is still there
 */
record Tiers(
    FrameSlot frames, AddressSlot addresses, HeapSlot heap, Predicate<ProviderInfo> present) {}
