package tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void shouldReadWhatItWrote() {
    Script script =
        new Script(Tier.HEAP, Map.of("memory", "64M"), List.of("a = allocate 0 640", "free 1 a"));
    assertEquals(script, Script.parse("x", script.text().lines().toList()));
  }

  @Test
  void shouldNameTheLineThatIsWrong() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Script.parse("my.script", List.of("# x", "tier heeap")));
    assertTrue(String.valueOf(e.getMessage()).startsWith("my.script:2: tier heeap"), e.toString());
    assertThrows(IllegalArgumentException.class, () -> Script.parse("x", List.of("free 0 a")));
  }
}
