package kernel.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RequirementsTest {
  private static String range(String versions) {
    return Requirements.range("(&(osgi.wiring.package=heap.api)" + versions + ")");
  }

  @Test
  void shouldWriteARangeAsAHeaderHasIt() {
    assertEquals("[2.0,3.0)", range("(version>=2.0.0)(!(version>=3.0.0))"));
    assertEquals("[1.5,2.0)", range("(version>=1.5.0)(!(version>=2.0.0))"));
    assertEquals("[1.5.1,2)", range("(version>=1.5.1)(!(version>=2))"));
  }

  @Test
  void shouldWriteRangesThatAreOpenAtOneEnd() {
    assertEquals("1.2 or newer", range("(version>=1.2.0)"));
    assertEquals("[0,2.0)", range("(!(version>=2.0.0))"));
    assertEquals("26", range("(version=26)"));
    assertEquals("", range(""));
  }
}
