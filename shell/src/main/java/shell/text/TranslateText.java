package shell.text;

import hardware.api.AddressSpace;

/** A translation on a line. */
public final class TranslateText {
  private TranslateText() {}

  /**
   * {@return the line {@code 0xVA -> 0xPA} or {@code 0xVA -> unmapped}}
   *
   * @param space the address space
   * @param address the virtual address
   */
  public static String line(AddressSpace space, long address) {
    long physical = space.translate(address);
    return "0x%x -> %s"
        .formatted(
            address,
            physical == AddressSpace.UNMAPPED ? "unmapped" : "0x" + Long.toHexString(physical));
  }
}
