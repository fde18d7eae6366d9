package itest.faulty;

import allocator.api.MisuseException;
import allocator.api.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** An allocator of address ranges with a fault. */
public final class FaultyRanges implements AddressProvider {
  private final AddressProvider sound = Twist.sound(AddressProvider.class);

  @Override
  public String model() {
    return sound.model();
  }

  @Override
  public AddressEngine open(AddressContext context, Settings settings) {
    Twist twist = twist(Twist.property(Twist.FAULT));
    return Twist.face(
        AddressEngine.class,
        sound.open(context, settings),
        (real, method, arguments) -> {
          Object result = real.call(arguments);
          if (result instanceof AddressArena arena) {
            return Twist.face(AddressArena.class, arena, twist);
          }
          return method.equals("arenas")
              ? faces((List<?>) Objects.requireNonNull(result), twist)
              : result;
        });
  }

  private static List<AddressArena> faces(List<?> arenas, Twist twist) {
    List<AddressArena> faces = new ArrayList<>();
    for (Object arena : arenas) {
      faces.add(Twist.face(AddressArena.class, arena, twist));
    }
    return faces;
  }

  private static Twist twist(String fault) {
    return switch (fault) {
      case "careless" ->
          (real, method, arguments) ->
              method.equals("allocateConstrained")
                  ? real.call(
                      arguments[0], arguments[1], AddressConstraints.aligned(0), arguments[3])
                  : real.call(arguments);
      case "tolerant" ->
          (real, method, arguments) -> {
            try {
              return real.call(arguments);
            } catch (MisuseException e) {
              if (method.equals("free")) {
                return null;
              }
              throw e;
            }
          };
      case "halved" ->
          (real, method, arguments) -> {
            Object result = real.call(arguments);
            return method.equals("allocatedBytes") ? (Object) (Twist.number(result) / 2) : result;
          };
      default -> throw new IllegalArgumentException(fault);
    };
  }
}
