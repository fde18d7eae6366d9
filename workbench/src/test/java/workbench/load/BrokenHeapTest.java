package workbench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.Heap;
import heap.api.HeapPort;
import java.util.function.UnaryOperator;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trace.TraceException;
import workbench.PlainKernel;

/** Loads on heaps that break their word, each in one way. */
@Timeout(60)
final class BrokenHeapTest {
  private static final LoadSpec SPEC =
      LoadSpec.DEFAULT.withThreads(1).withWork(LoadTest.within(LoadShape.MIXED, 256 << 10));
  private static final int EACH = 50; // calls between two that go wrong
  private static final long OPERATIONS = 3000;

  private final BootedSystem system =
      PlainKernel.create().boot(BootSpec.of(PlainKernel.ram(16L << 20)));
  private final Window window = system.heap().window();
  private volatile boolean good; // the heap keeps its word from now on

  @AfterEach
  void close() {
    system.close();
  }

  private LoadStatus run(UnaryOperator<HeapPort> change) throws TraceException {
    return run(change, SPEC);
  }

  private LoadStatus run(UnaryOperator<HeapPort> change, LoadSpec spec) throws TraceException {
    Heap heap = new OtherHeap(system.heap(), change);
    Load load = Load.start(heap, 1, spec);
    LoadTest.awaitOperations(load, OPERATIONS);
    good = true;
    return load.stop();
  }

  private static void assertDamaged(LoadStatus status, Damage.Kind kind) {
    assertTrue(status.sinceStart().corruptions() > 0, status.toString());
    assertEquals(kind, status.firstDamages().getFirst().kind(), status.toString());
    assertTrue(status.firstDamages().size() <= Findings.KEPT);
    assertFalse(status.good());
  }

  /** Counts calls of one kind and says which go wrong. */
  private class BadPort extends OtherPort {
    private int calls;

    BadPort(HeapPort real) {
      super(real);
    }

    boolean now() {
      calls++;
      return !good && calls % EACH == 0;
    }
  }

  @Test
  void shouldFindAByteThatWasOverwritten() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              private long last;

              @Override
              public long allocate(long bytes) {
                if (last != 0 && now()) {
                  window.putByte(last, (byte) ~window.getByte(last));
                }
                long address = super.allocate(bytes);
                last = bytes > 0 ? address : 0;
                return address;
              }

              @Override
              public void free(long address) {
                last = 0;
                super.free(address);
              }

              @Override
              public void freeSized(long address, long bytes) {
                last = 0;
                super.freeSized(address, bytes);
              }

              @Override
              public long resize(long address, long bytes) {
                last = 0;
                return super.resize(address, bytes);
              }
            });
    assertDamaged(status, Damage.Kind.CONTENT);
    Damage first = status.firstDamages().getFirst();
    assertEquals(0, first.offset());
    assertEquals(0xff, first.expected() ^ first.found());
    assertTrue(first.toString().contains("was overwritten: offset 0 holds 0x"), first.toString());
    assertEquals(0, status.sinceStart().failures());
    assertEquals(0, system.heap().census().liveCount()); // a damaged block is freed as any other
  }

  @Test
  void shouldFindBlocksThatOverlap() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              private long last;

              @Override
              public long allocate(long bytes) {
                boolean again = last != 0 && bytes > 0 && now();
                long address = again ? last : super.allocate(bytes);
                last = bytes > 0 ? address : 0;
                return address;
              }

              @Override
              public void freeSized(long address, long bytes) {
                last = 0;
                super.freeSized(address, bytes);
              }

              @Override
              public void free(long address) {
                last = 0;
                super.free(address);
              }

              @Override
              public long resize(long address, long bytes) {
                last = 0;
                return super.resize(address, bytes);
              }
            });
    assertTrue(status.sinceStart().corruptions() > 0, status.toString());
    assertTrue(status.sinceStart().failures() > 0); // one of the two frees is a double free
    assertTrue(status.firstFailures().getFirst().contains("MisuseException"), status.toString());
  }

  @Test
  void shouldFindABlockThatIsNotAligned() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public long allocateAligned(long align, long bytes) {
                return good
                    ? super.allocateAligned(align, bytes)
                    : super.allocateAligned(4096, bytes + 8) + 8;
              }
            });
    assertDamaged(status, Damage.Kind.MISALIGNED);
    String text = status.firstDamages().getFirst().toString();
    assertTrue(text.contains("is not aligned to "), text);
  }

  @Test
  void shouldFindContentsThatAResizeLost() throws TraceException {
    LoadStatus status =
        run(real ->
            new OtherPort(real) {
              @Override
              public long resize(long address, long bytes) {
                if (good) {
                  return super.resize(address, bytes);
                }
                long other = super.allocate(bytes);
                super.free(address);
                return other;
              }
            });
    assertDamaged(status, Damage.Kind.NOT_PRESERVED);
    assertEquals(0, system.heap().census().liveCount());
  }

  @Test
  void shouldFindABlockThatIsNotZeroed() throws TraceException {
    LoadStatus status =
        run(real ->
            new OtherPort(real) {
              @Override
              public long allocateZeroed(long bytes) {
                long address = super.allocateZeroed(bytes);
                if (bytes > 0 && !good) {
                  window.putByte(address + bytes - 1, (byte) 7);
                }
                return address;
              }
            });
    assertDamaged(status, Damage.Kind.NOT_ZERO);
    Damage first = status.firstDamages().getFirst();
    assertEquals(7, first.found());
    assertEquals(first.bytes() - 1, first.offset());
  }

  @Test
  void shouldFindABlockOutsideOfTheHeap() throws TraceException {
    long outside = window.base() + window.size();
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public long allocate(long bytes) {
                return bytes > 0 && now() ? outside : super.allocate(bytes);
              }
            });
    assertDamaged(status, Damage.Kind.OUTSIDE);
  }

  @Test
  void shouldFindAUsableSizeThatIsTooSmall() throws TraceException {
    LoadStatus status =
        run(real ->
            new OtherPort(real) {
              @Override
              public long usableSize(long address) {
                return good ? super.usableSize(address) : 0;
              }
            });
    assertDamaged(status, Damage.Kind.TOO_SMALL);
  }

  @Test
  void shouldCountExceptionsAndGoOn() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public long allocate(long bytes) {
                if (now()) {
                  throw new IllegalStateException("not today");
                }
                return super.allocate(bytes);
              }
            });
    assertEquals(0, status.sinceStart().corruptions());
    assertTrue(status.sinceStart().failures() > OPERATIONS / EACH / 10, status.toString());
    assertEquals(Findings.KEPT, status.firstFailures().size());
    String first = status.firstFailures().getFirst();
    assertTrue(first.matches("thread 0, operation [0-9]+: allocate of [0-9]+ bytes: .*"), first);
    assertTrue(first.endsWith("IllegalStateException: not today"), first);
    assertEquals(0, status.liveBlocks());
  }

  @Test
  void shouldCountErrorsOfABundleThatIsGone() throws TraceException {
    LoadStatus status =
        run(
            real ->
                new OtherPort(real) {
                  @Override
                  public long usableSize(long address) {
                    if (!good) {
                      throw new NoClassDefFoundError("heap/gone/Cold");
                    }
                    return super.usableSize(address);
                  }
                },
            SPEC.withWork(LoadTest.within(LoadShape.LARSON, 256 << 10)));
    assertTrue(status.sinceStart().failures() > 0, status.toString());
    assertEquals(0, status.sinceStart().corruptions());
    String first = status.firstFailures().getFirst();
    assertTrue(first.endsWith("NoClassDefFoundError: heap/gone/Cold"), first);
    assertEquals(0, status.liveBlocks());
  }

  @Test
  void shouldCountRequestsThatFoundNoMemory() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public long resize(long address, long bytes) {
                return good ? super.resize(address, bytes) : 0;
              }

              @Override
              public long allocateZeroed(long bytes) {
                return good ? super.allocateZeroed(bytes) : 0;
              }
            });
    assertEquals(0, status.sinceStart().corruptions());
    assertTrue(status.sinceStart().failures() > 0);
    assertTrue(status.firstFailures().getFirst().endsWith("no memory"), status.toString());
    assertEquals(0, status.liveBlocks());
    assertEquals(0, system.heap().census().liveCount());
  }

  @Test
  void shouldKeepABlockThatNobodyCouldFree() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public void free(long address) {
                if (now()) {
                  throw new TierVacantException("heap: nobody serves");
                }
                super.free(address);
              }

              @Override
              public void freeSized(long address, long bytes) {
                if (now()) {
                  throw new TierVacantException("heap: nobody serves");
                }
                super.freeSized(address, bytes);
              }
            });
    assertTrue(status.sinceStart().failures() > 0);
    assertEquals(0, status.liveBlocks());
    assertEquals(0, system.heap().census().liveCount()); // freed later
  }

  @Test
  void shouldSayWhatIsLeftWhenTheTierStaysVacant() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public void free(long address) {
                refuseAtTheEnd();
                super.free(address);
              }

              @Override
              public void freeSized(long address, long bytes) {
                refuseAtTheEnd();
                super.freeSized(address, bytes);
              }

              private void refuseAtTheEnd() {
                if (good) {
                  throw new TierVacantException("heap: nobody serves");
                }
              }
            });
    assertTrue(status.liveBlocks() > 0);
    assertEquals(status.liveBlocks(), system.heap().census().liveCount());
    assertFalse(status.good());
    assertFalse(status.goesOn());
  }

  @Test
  void shouldGiveUpABlockWhoseFreeWasRefused() throws TraceException {
    LoadStatus status =
        run(real ->
            new BadPort(real) {
              @Override
              public void free(long address) {
                if (now()) {
                  throw new MisuseException("no live block");
                }
                super.free(address);
              }
            });
    assertTrue(status.sinceStart().failures() > 0);
    assertEquals(0, status.liveBlocks());
    assertEquals(status.sinceStart().failures(), system.heap().census().liveCount());
  }
}
