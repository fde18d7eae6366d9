package tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void shouldFindTheTwoStepsThatMatter() {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      steps.add("b" + i + " = allocate 0 " + i);
    }
    List<String> shortest =
        Shrinker.shrink(
            steps,
            each ->
                each.stream().anyMatch(step -> step.startsWith("b17 "))
                    && each.stream().anyMatch(step -> step.startsWith("b900 ")),
            20 * SECOND);
    assertEquals(List.of("b17 = allocate 0 0", "b900 = allocate 0 0"), shortest);
  }

  @Test
  void shouldFindTheLeastNumber() {
    List<String> shortest =
        Shrinker.shrink(
            List.of("a = allocate 1 4096"),
            each -> !each.isEmpty() && Integer.parseInt(each.getFirst().split(" ")[4]) > 640,
            20 * SECOND);
    assertEquals(List.of("a = allocate 0 641"), shortest);
  }
}
