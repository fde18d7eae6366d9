package hardware.sim;

import static hardware.sim.Machines.TIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hardware.api.HostMemoryException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReservationTest {
  @Test
  void shouldBeScratchMemoryWithOrWithoutAFileBehind() {
    Reservation onFile = Objects.requireNonNull(Reservation.onScratchFile(TIB));
    for (Reservation reserved : List.of(onFile, Reservation.open(TIB, "a test"))) {
      MemorySegment memory = reserved.memory();
      memory.set(ValueLayout.JAVA_LONG, TIB - 8, 1);
      assertEquals(1, memory.get(ValueLayout.JAVA_LONG, TIB - 8));
      int file = Libc.memfd("test");
      Libc.ftruncate(file, 1 << 20);
      assertEquals(0, reserved.cover(0, 8192, file, 0, 0));
      memory.set(ValueLayout.JAVA_LONG, 0, 2);
      assertEquals(0, reserved.uncover(0, 4096));
      assertEquals(0, memory.get(ValueLayout.JAVA_LONG, 0));
      reserved.release();
      assertEquals(0, memory.get(ValueLayout.JAVA_LONG, TIB - 8));
      Libc.close(file);
    }
  }

  @Test
  void shouldSayThatTheHostHasNoSuchAddresses() {
    HostMemoryException e =
        assertThrows(HostMemoryException.class, () -> Reservation.open(1L << 50, "a test"));
    Machines.assertSays(e, "1 PiB", "a test", "ulimit -v");
  }

  @Test
  void shouldReuseAddressesOfReservationsThatNobodyReaches() {
    for (int i = 0; i < 20; i++) {
      Reservation.open(40 * TIB, "a test").release();
    }
  }
}
