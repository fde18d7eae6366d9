package watch;

import java.util.Map;

/** The machine of the running system, for JMX; 0 while none runs. */
public interface MachineMXBean {
  /** {@return the name of the firmware map} */
  String getMap();

  /** {@return frames of RAM} */
  long getPresentFrames();

  /** {@return frames that the physmem tier has free} */
  long getFreeFrames();

  /** {@return frames of page tables} */
  long getTableFrames();

  /** {@return frames behind heap spans and mappings} */
  long getBackingFrames();

  /** {@return bytes that the heap holds from below} */
  long getHeapFootprint();

  /** {@return the number of exchanges, made or called off} */
  int getSwaps();

  /** {@return the last exchange in a line; empty if there was none} */
  String getLastSwap();

  /** {@return the kernel's own figures, by name} */
  Map<String, Long> getFigures();
}
