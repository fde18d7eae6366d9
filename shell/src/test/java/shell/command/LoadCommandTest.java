package shell.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import workbench.load.LoadShape;
import workbench.load.LoadSpec;
import workbench.load.LoadWork;

final class LoadCommandTest {
  @TempDir private Path directory;

  private LoadOptions options() {
    return new LoadOptions(directory.resolve("here"), directory.resolve("samples"));
  }

  private LoadSpec parse(String words) {
    return options().parse(words.isEmpty() ? List.of() : Arrays.asList(words.split(" ", -1)));
  }

  @Test
  void shouldNeedNoOption() {
    assertEquals(LoadSpec.DEFAULT, parse(""));
  }

  @Test
  void shouldReadEveryOptionOfMadeUpWork() {
    LoadWork work =
        new LoadWork.Synthetic(
            LoadShape.LARSON,
            OptionalLong.of(2 << 20),
            OptionalLong.of(1000),
            OptionalLong.of(65_536));
    assertEquals(
        LoadSpec.DEFAULT.withWork(work).withThreads(4).withSeed(-7).withRate(1000).withSeconds(9),
        parse(
            "--shape larson --live 2M --blocks 1000 --largest 64K --threads 4 --seed -7"
                + " --rate 1000 --seconds 9"));
  }

  @Test
  void shouldFindATraceWhereTheUserIsThenAmongTheSamples() throws IOException {
    Path here = Files.createDirectories(directory.resolve("here"));
    Path samples = Files.createDirectories(directory.resolve("samples").resolve("traces"));
    Files.writeString(here.resolve("one"), "");
    Files.writeString(samples.resolve("one"), "");
    Files.writeString(samples.resolve("two"), "");
    assertEquals(new LoadWork.Traced(here.resolve("one"), false), parse("--trace one").work());
    assertEquals(
        new LoadWork.Traced(samples.resolve("two"), true), parse("--loop --trace two").work());
    assertEquals(
        new LoadWork.Traced(directory.resolve("samples").resolve("traces/two"), false),
        parse("--trace traces/two").work());
    assertEquals(new LoadWork.Traced(here.resolve("none"), false), parse("--trace none").work());
    assertEquals(
        new LoadWork.Traced(Path.of("/absolute"), false), parse("--trace /absolute").work());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tread 3 | --tread is no option; usage: load start",
        "3 | 3 is no option; usage: load start",
        "--threads | --threads needs a value; usage: load start",
        "--trace --loop | --trace needs a value; usage: load start",
        "--threads 3 --threads 4 | --threads is given twice",
        "--threads x | --threads x is no whole number",
        "--threads 9999999999 | threads 2147483647 is not in 1 .. 64",
        "--live lots | lots is no number of bytes; write it like 4096, 64K or 2M",
        "--shape round | --shape round is not known; known are larson, balloon, mixed",
        "--loop | --loop needs --trace",
        "--trace t --live 1M | --live is for made-up work",
        "--rate 0 | rate 0 is not in 1 .. 10000000",
      })
  void shouldSayWhatIsWrongWithAnOption(String words, String message) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> parse(words));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start | no machine is running; boot one: boot MAP",
        "status | no load was started; start one: load start",
        "stop | no load was started; start one: load start",
        "mark now | usage: load start",
        "wait 1 2 | usage: load start",
        "--help | usage: load start",
        "begin | begin is not known; load takes start, status, mark, wait or stop",
      })
  void shouldSayWhatIsWrongWithACommand(String words, String message) {
    Kernel idle = answering(Kernel.class, "running", Optional.empty());
    CommandSession session = answering(CommandSession.class, "getConsole", System.out);
    LoadCommand command = new LoadCommand(idle, options());
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> command.load(session, words.split(" ", -1)));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    command.deactivate(); // nothing to stop
  }

  private static <T> T answering(Class<T> type, String name, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            LoadCommandTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> method.getName().equals(name) ? answer : null));
  }
}
