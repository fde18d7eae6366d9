package kernel.backing;

import hardware.api.HostMemoryException;
import hardware.api.HostWindow;
import hardware.api.Window;

/** A host window whose host can be told to refuse. */
final class FaultyWindow implements HostWindow {
  private final HostWindow real;
  long attachesLeft = Long.MAX_VALUE;
  long detachesLeft = Long.MAX_VALUE;

  FaultyWindow(HostWindow real) {
    this.real = real;
  }

  @Override
  public Window window() {
    return real.window();
  }

  @Override
  public void attach(long address, long frame, long pages) {
    if (attachesLeft == 0) {
      throw new HostMemoryException("no memory for 0x%x".formatted(address));
    }
    attachesLeft--;
    real.attach(address, frame, pages);
  }

  @Override
  public void detach(long address, long pages) {
    if (detachesLeft == 0) {
      throw new HostMemoryException("no mapping for 0x%x".formatted(address));
    }
    detachesLeft--;
    real.detach(address, pages);
  }

  @Override
  public void close() {
    real.close();
  }
}
