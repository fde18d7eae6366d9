package itest.faulty;

import allocator.api.Settings;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** A frame allocator with a fault. */
public final class FaultyFrames implements FrameProvider {
  private static final int ZONES = 12; // flags that ask for DMA or DMA32

  private final FrameProvider sound = Twist.sound(FrameProvider.class);

  @Override
  public String model() {
    return sound.model();
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    FrameEngine engine = sound.open(context, settings);
    return Twist.face(FrameEngine.class, engine, twist(Twist.property(Twist.FAULT)));
  }

  private static Twist twist(String fault) {
    return switch (fault) {
      case "shifted" ->
          (real, method, arguments) -> {
            Object frame = real.call(arguments);
            boolean hit = method.equals("allocate") && (int) arguments[1] == 3;
            return hit && Twist.number(frame) >= 0 ? (Object) (Twist.number(frame) + 1) : frame;
          };
      case "zone" ->
          (real, method, arguments) ->
              method.equals("allocate") && ((int) arguments[2] & ZONES) != 0
                  ? real.call(arguments[0], arguments[1], 0)
                  : real.call(arguments);
      case "lost" ->
          (real, method, arguments) ->
              method.equals("free") && (int) arguments[2] == 0 && (long) arguments[1] % 64 == 5
                  ? null
                  : real.call(arguments);
      default -> throw new IllegalArgumentException(fault);
    };
  }
}
