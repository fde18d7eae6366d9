package verify;

import allocator.api.AllocatorProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A fault that is put into a provider: what its engine does instead of, or after, a call.
 *
 * @param name what is wrong, in a few words
 * @param provider the provider that it is put into
 * @param type the interface of the provider
 * @param makes makes the way in which an engine misbehaves, anew for each engine
 * @param clauses the clauses of which one must be found broken; a hang breaks none
 */
record Fault<P extends AllocatorProvider>(
    String name, P provider, Class<P> type, Maker makes, Set<String> clauses) {
  /** What a call returns that should have done something and has not. */
  static final Object NOTHING = new Object();

  /** Makes the misbehaviour of one engine. */
  @FunctionalInterface
  interface Maker {
    Twist make();
  }

  /** What an engine does instead of a call. */
  @FunctionalInterface
  interface Twist {
    Object call(Real real, String method, Object[] arguments) throws Throwable;
  }

  /** The call as it should be. */
  @FunctionalInterface
  interface Real {
    Object call(Object... arguments) throws Throwable;
  }

  @Override
  public String toString() {
    return name;
  }

  /** {@return the provider with the fault in every engine that it opens} */
  P faulty() {
    return type.cast(
        proxy(
            type,
            provider,
            (real, method, arguments) -> {
              Object result = real.call(arguments);
              return method.equals("open") ? twisted(result) : result;
            }));
  }

  // Arenas of an address engine are twisted as the engine is.
  private Object twisted(Object engine) {
    Twist twist = makes.make();
    Class<?> face =
        engine.getClass().getInterfaces()[0].getName().startsWith("heap.api.")
            ? heap.api.HeapEngine.class
            : engine.getClass().getInterfaces()[0];
    return proxy(face, engine, twist);
  }

  /** {@return a face of an object whose calls go through a twist} */
  static Object proxy(Class<?> face, Object target, Twist twist) {
    return Proxy.newProxyInstance(
        face.getClassLoader(),
        new Class<?>[] {face},
        (self, method, arguments) ->
            twist.call(
                others -> invoke(method, target, others),
                method.getName(),
                arguments == null ? new Object[0] : arguments));
  }

  private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
