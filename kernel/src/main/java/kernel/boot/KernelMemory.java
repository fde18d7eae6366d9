package kernel.boot;

import hardware.api.AddressSpace;
import kernel.backing.FrameMeter;
import kernel.backing.HeapSpans;

/**
 * What the kernel itself uses memory for.
 *
 * @param space its address space
 * @param tables where the tables of that space take their frames from
 * @param meter the frames it took from physmem
 * @param spans what stands behind the heap
 * @param ownFrames frames that it kept at the hand-over
 * @param presentFrames frames of RAM
 */
record KernelMemory(
    AddressSpace space,
    TableFrames tables,
    FrameMeter meter,
    HeapSpans spans,
    long ownFrames,
    long presentFrames) {}
