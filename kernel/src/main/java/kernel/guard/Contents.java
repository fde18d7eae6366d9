package kernel.guard;

import hardware.api.Window;

/** The first bytes of a block, kept while an engine moves it. */
final class Contents {
  private static final long MOST = 1 << 20; // of larger blocks the beginning speaks for the rest

  private final Window window;
  private final long address;
  private final byte[] bytes;

  Contents(Window window, long address, long length) {
    this.window = window;
    this.address = address;
    this.bytes = new byte[(int) Math.min(MOST, length)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = window.getByte(address + i);
    }
  }

  /** {@return whether the bytes stand at an address} */
  boolean areAt(long other) {
    for (int i = 0; i < bytes.length; i++) {
      if (window.getByte(other + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Puts the bytes back where they were. */
  void restore() {
    for (int i = 0; i < bytes.length; i++) {
      window.putByte(address + i, bytes[i]);
    }
  }
}
