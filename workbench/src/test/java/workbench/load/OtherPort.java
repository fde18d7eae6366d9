package workbench.load;

import heap.api.HeapPort;

/** A port that hands each call on; tests change what they need. */
class OtherPort implements HeapPort {
  final HeapPort real;

  OtherPort(HeapPort real) {
    this.real = real;
  }

  @Override
  public int cpu() {
    return real.cpu();
  }

  @Override
  public long allocate(long bytes) {
    return real.allocate(bytes);
  }

  @Override
  public long allocateZeroed(long bytes) {
    return real.allocateZeroed(bytes);
  }

  @Override
  public boolean allocateAll(long[] sizes, boolean zeroed, long[] into) {
    return real.allocateAll(sizes, zeroed, into);
  }

  @Override
  public long allocateAligned(long align, long bytes) {
    return real.allocateAligned(align, bytes);
  }

  @Override
  public long resize(long address, long bytes) {
    return real.resize(address, bytes);
  }

  @Override
  public boolean resizeInPlace(long address, long bytes) {
    return real.resizeInPlace(address, bytes);
  }

  @Override
  public void free(long address) {
    real.free(address);
  }

  @Override
  public void freeSized(long address, long bytes) {
    real.freeSized(address, bytes);
  }

  @Override
  public void freeBulk(long[] addresses, int from, int count) {
    real.freeBulk(addresses, from, count);
  }

  @Override
  public long usableSize(long address) {
    return real.usableSize(address);
  }

  @Override
  public long trim(long keep) {
    return real.trim(keep);
  }

  @Override
  public void close() {
    real.close();
  }
}
