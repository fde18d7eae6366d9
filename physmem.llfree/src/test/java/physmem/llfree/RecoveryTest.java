package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import physmem.api.FrameSpan;

/** The states that an allocator may begin in, and the file that keeps them. */
class RecoveryTest {
  private static final int TREE = 16384;
  private static final long BASE = 1 << 20;
  private static final int HEADER = 4096;

  @TempDir Path folder;

  private final TestRam ram = TestRam.spans(2, BASE, 2 * TREE);

  private LlfreeFrames open(String init) {
    return ram.open("init", init, "store", folder.resolve("frames").toString());
  }

  private void poke(long at, int value) throws IOException {
    try (FileChannel file = FileChannel.open(folder.resolve("frames"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
    }
  }

  @Test
  void shouldFindEverythingAfterAnOrderlyEndAndAfterACrash() {
    LlfreeFrames first = open("free");
    long[] frames = new long[900];
    first.allocateBulk(0, 1, 0, frames, 0, 900);
    assertTrue(first.allocateAt(0, BASE + TREE - 700, 1400, 0));
    CensusSummary before = first.census();
    LlfreeFrames crashed = open("recover"); // the first one was not closed
    assertEquals(before, crashed.census());
    crashed.checkInvariants();
    crashed.close();
    for (String init : List.of("recover", "trust")) {
      LlfreeFrames again = open(init);
      assertEquals(before, again.census());
      again.checkInvariants();
      again.close();
    }
    LlfreeFrames last = open("recover");
    last.freeBulk(1, 1, frames, 0, 900);
    last.freeRange(1, BASE + TREE - 700, 1400);
    assertEquals(2 * TREE, last.freeFrames());
    last.close();
    assertEquals(2 * TREE, open("trust").freeFrames());
  }

  @Test
  void shouldBeginAnewWhateverTheStoreSays() {
    open("free").allocate(0, 10, 0);
    assertEquals(2 * TREE, open("free").freeFrames());
  }

  @Test
  void shouldBeginWithEverythingAllocated() {
    TestRam holes =
        TestRam.of(
            1,
            List.of(new FrameSpan(BASE, TREE, 0)),
            List.of(new FrameSpan(BASE + 500, TREE - 600, 0)));
    LlfreeFrames engine = holes.open("init", "allocated");
    engine.checkInvariants();
    assertEquals(0, engine.freeFrames());
    assertEquals(-1, engine.allocate(0, 0, 0));
    engine.free(0, BASE + 500, 0);
    engine.free(0, BASE + 512, 9);
    engine.freeRange(0, BASE + 1024, TREE - 1124);
    engine.freeRange(0, BASE + 501, 11);
    assertEquals(TREE - 600, engine.freeFrames());
    engine.checkInvariants();
    engine.close();
  }

  @Test
  void shouldRefuseAStoreThatIsNone() throws IOException {
    assertThrows(AllocatorException.class, () -> open("recover"), "no such file before");
    open("free").close();
    assertEquals(2 * TREE, open("recover").freeFrames());
    TestRam other = TestRam.spans(2, BASE, TREE, BASE + 4 * TREE, TREE);
    String file = folder.resolve("frames").toString();
    Exception e =
        assertThrows(AllocatorException.class, () -> other.open("init", "recover", "store", file));
    assertTrue(String.valueOf(e.getMessage()).contains("this one has"), e.getMessage());
    poke(0, 0);
    assertThrows(AllocatorException.class, () -> open("recover"), "no magic number");
  }

  @Test
  void shouldRefuseWhatNoCrashLeaves() throws IOException {
    LlfreeFrames engine = open("free");
    engine.allocate(0, 0, 0);
    long allocated = frameOf(engine);
    poke(HEADER + (allocated - BASE) / 32 * 8 + 1, 1); // a frame that goes on no range
    assertThrows(CorruptionException.class, () -> open("recover"));
  }

  private static long frameOf(LlfreeFrames engine) {
    long[] frame = {0};
    engine.walk((base, size, attributes) -> {
      frame[0] = base;
      return true;
    });
    return frame[0];
  }

  @Test
  void shouldRefuseSettingsThatMakeNoSense() {
    assertThrows(BadSettingException.class, () -> ram.open("init", "recover"));
    assertThrows(BadSettingException.class, () -> ram.open("init", "trust", "store", " "));
    assertThrows(BadSettingException.class, () -> ram.open("init", "used"));
  }

  @Test
  void shouldKeepItsStoreToItself() {
    LlfreeFrames engine = open("free");
    assertTrue(engine.exportForms().isEmpty());
    assertTrue(engine.importForms().isEmpty());
    int reserved = ram.reserved().size();
    engine.close();
    assertEquals(2, reserved, "the upper level is the context's");
    assertEquals(2, ram.released().size());
  }

  @Test
  void shouldRehearseARecovery() {
    LlfreeFrames engine = ram.open();
    engine.allocate(0, 9, 0);
    engine.allocate(0, 7, 0);
    assertEquals(List.of("llfree", "recovery"), engine.reports());
    List<String> lines = engine.report("recovery");
    assertTrue(lines.contains("pending ranges freed                        0"), lines::toString);
    assertTrue(lines.contains("free frames                         %9d".formatted(2 * TREE - 640)));
    assertFalse(lines.toString().contains("damaged"), lines::toString);
    assertEquals(2 * TREE - 640, engine.freeFrames());
    engine.checkInvariants();
    assertThrows(IllegalArgumentException.class, () -> engine.report("slabinfo"));
  }
}
