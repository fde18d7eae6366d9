package kernel.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ThrownTest {
  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void shouldNameTheInnermostCauseAndItsLineInTheBundle() {
    String trace =
        """
        java.lang.reflect.InvocationTargetException
        \tat java.base/jdk.internal.reflect.X.newInstance(X.java:74)
        Caused by: java.lang.ExceptionInInitializerError
        \t... 9 more
        Caused by: java.lang.IllegalStateException: no room
        \tat java.base/java.util.Objects.check(Objects.java:1)
        \tat my.heap.Table.<init>(Table.java:12)
        \tat my.heap.MyProvider.<init>(MyProvider.java:5)
        """;
    assertEquals(
        "java.lang.IllegalStateException: no room at my.heap.Table.<init>(Table.java:12)",
        Thrown.cause(trace, "my.heap.MyProvider"));
  }

  @Test
  void shouldReadWhatJavaPrints() {
    String type = ThrownTest.class.getName();
    String text = Thrown.cause(trace(new IllegalStateException("outer", new Error("inner"))), type);
    assertEquals("java.lang.Error: inner at " + type, text.replaceFirst("\\.should.*", ""));
    assertEquals("an exception that is not known any more", Thrown.cause("", type));
  }

  @Test
  void shouldSayWhatToDoAboutAClassThatIsNotThere() {
    assertEquals(Thrown.REMEDY, Thrown.remedy("java.lang.IllegalStateException: no room"));
    assertNotEquals(
        Thrown.REMEDY, Thrown.remedy("java.lang.NoClassDefFoundError: org/gone/Library"));
  }
}
