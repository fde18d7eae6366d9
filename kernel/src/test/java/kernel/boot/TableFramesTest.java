package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import kernel.backing.FrameMeter;
import org.junit.jupiter.api.Test;
import physmem.api.FramePort;
import physmem.api.FrameSpan;

final class TableFramesTest {
  private final EarlyFrames early = new EarlyFrames(List.of(new FrameSpan(10, 3, 0)));
  private final TableFrames tables = new TableFrames(early);
  private final List<Long> physmem = new ArrayList<>(List.of(103L, 102L, 101L, 100L));
  private final FrameMeter meter =
      new FrameMeter(
          PlainKernel.proxy(
              FramePort.class,
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "allocate" -> physmem.isEmpty() ? -1L : physmem.removeLast();
                    case "free" -> {
                      physmem.add((Long) arguments[0]);
                      yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.toString());
                  }),
          () -> false);

  @Test
  void shouldTakeEarlyFramesUntilTheHandOverAndPhysmemsAfterwards() {
    assertEquals(10, tables.take());
    tables.handOver(meter);
    assertEquals(100, tables.take());
    assertEquals(1, meter.tables());
  }

  @Test
  void shouldKeepAnEarlyFrameForTheNextTableAndGivePhysmemsHome() {
    long first = tables.take();
    tables.handOver(meter);
    long second = tables.take();
    tables.give(first);
    tables.give(second);
    assertEquals(1, tables.idle());
    assertEquals(0, meter.tables());
    assertEquals(4, physmem.size());
    assertEquals(first, tables.take(), "the early one first: it is nobody else's");
    assertEquals(0, tables.idle());
  }

  @Test
  void shouldReuseAFrameThatBecameFreeBeforeTheHandOver() {
    long first = tables.take();
    tables.give(first);
    assertEquals(first, tables.take());
  }

  @Test
  void shouldSayWhenThereIsNone() {
    for (int i = 0; i < 3; i++) {
      tables.take();
    }
    assertEquals(TableFrames.NONE, tables.take());
    tables.handOver(meter);
    physmem.clear();
    assertEquals(TableFrames.NONE, tables.take());
    assertEquals(0, meter.tables());
  }
}
