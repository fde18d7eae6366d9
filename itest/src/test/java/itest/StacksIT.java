package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import javax.inject.Inject;
import org.junit.Test;
import org.ops4j.pax.exam.util.Filter;

/** Every combination of the providers that there are, with a real trace. */
public class StacksIT extends UnderLoad {
  @Inject
  @Filter("(quarry.main=true)")
  @SuppressWarnings("rawtypes") // a service has no type arguments
  private ToIntFunction main;

  @Test
  @SuppressWarnings("unchecked") // the service takes the command line
  public void shouldReplayATraceOnEveryStackWithoutHarm() throws Exception {
    Path json = Files.createTempFile("quarry", ".json");
    String home = context().getProperty("quarry.home");
    Path trace = Path.of(home, "samples", "traces", "python3-threads.trace.gz");
    String[] words = {
      "replay",
      "--check",
      "--physmem",
      "all",
      "--vmem",
      "all",
      "--heap",
      "all",
      "--json",
      json.toString(),
      trace.toString()
    };
    assertEquals("one or more replays failed", 0, main.applyAsInt(words));
    List<String> lines = Files.readAllLines(json);
    Set<String> stacks = new HashSet<>();
    for (String line : lines) {
      assertTrue(line, line.contains("\"failures\":0,\"corruptions\":0"));
      assertTrue(line, stacks.add(line.replaceAll(".*\"stack\":(\\{[^}]*\\}).*", "$1")));
    }
    int all = 1;
    for (Tier tier : Tier.values()) {
      all *= names(tier).size();
    }
    assertTrue("stacks: " + all, all > 8);
    assertEquals(all, lines.size());
    Files.delete(json);
  }
}
