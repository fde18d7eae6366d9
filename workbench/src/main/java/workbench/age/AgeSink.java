package workbench.age;

/** Where the model's requests go. */
interface AgeSink {
  /**
   * A block is asked for.
   *
   * @param id names the block from now until it dies; ids of dead blocks are used again
   * @param order 0 to 9
   * @param mobility one of the mobilities of {@link physmem.api.FrameFlags}
   * @param cpu index of the CPU that asks
   */
  void born(int id, int order, int mobility, int cpu);

  /**
   * A block is given back.
   *
   * @param id names the block
   * @param cpu index of the CPU that gives it back
   */
  void died(int id, int cpu);
}
