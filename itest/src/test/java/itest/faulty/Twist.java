package itest.faulty;

import allocator.api.AllocatorProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What an engine does instead of a call. */
@FunctionalInterface
public interface Twist {
  /** Where a jar says which provider is behind the face, and which fault it has. */
  String RESOURCE = "faulty.properties";

  /** The key of the class of the provider behind the face. */
  String PROVIDER = "provider";

  /** The key of the fault's name. */
  String FAULT = "fault";

  /** The call as it should be. */
  @FunctionalInterface
  interface Real {
    /** Makes the call. */
    @Nullable Object call(@Nullable Object... arguments) throws Throwable;
  }

  /** Makes a call, or something else. */
  @Nullable Object call(Real real, String method, Object[] arguments) throws Throwable;

  /** {@return the sound provider that this jar has} */
  static <P extends AllocatorProvider> P sound(Class<P> type) {
    try {
      return type.cast(Class.forName(property(PROVIDER)).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return a call's answer, which is a number} */
  static long number(@Nullable Object answer) {
    return (long) Objects.requireNonNull(answer);
  }

  /** {@return what this jar says of itself} */
  static String property(String key) {
    try (InputStream in = Twist.class.getResourceAsStream("/" + RESOURCE)) {
      Properties properties = new Properties();
      properties.load(Objects.requireNonNull(in));
      return Objects.requireNonNull(properties.getProperty(key), key);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return a face of an object whose calls go through a twist} */
  static <T> T face(Class<T> face, Object target, Twist twist) {
    return face.cast(
        Proxy.newProxyInstance(
            face.getClassLoader(),
            new Class<?>[] {face},
            (self, method, arguments) ->
                twist.call(
                    others -> invoke(method, target, others),
                    method.getName(),
                    arguments == null ? new Object[0] : arguments)));
  }

  private static @Nullable Object invoke(Method method, Object target, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }
}
