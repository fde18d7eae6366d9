package shell.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code quarry exec}: runs commands of the prompt without the prompt. */
@Command(
    name = "exec",
    description = {
      "Boots and runs commands of the prompt, given as arguments or in a file.",
      "Stops at the first command that fails, with exit status 1, or at `exit N` with status N.",
      "echo, grep and the like belong to the prompt's terminal and are not there.",
      "",
      "Example: quarry exec 'tiers; zones; walk 0xffff800000000000'"
    })
final class ExecCommand implements Callable<Integer> {
  // Ends the run here: there is no prompt to leave.
  private static final Pattern EXIT = Pattern.compile("(?:quarry:)?exit(?:\\s+(\\d{1,3}))?");

  // As etc/gosh_profile has it: of commands of one name ours come first.
  private static final String SCOPE = "quarry:gogo:*";

  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMANDS",
      description = "Commands of the prompt, separated by semicolons.")
  List<String> commands = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "SCRIPT",
      description = "Run the commands of this file, before those given as arguments.")
  @Nullable Path file;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  private final House house;
  private final Terminal terminal;

  ExecCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    List<String> scripts = scripts();
    boot.bundles.install(house.bundles());
    house.kernel().start(boot.spec(house.maps(), house.samples()));
    ByteArrayInputStream nothing = new ByteArrayInputStream(new byte[0]);
    try (CommandSession session =
        house.processor().createSession(nothing, terminal.out(), terminal.err())) {
      session.put("SCOPE", SCOPE);
      for (String script : scripts) {
        for (String statement : Statements.of(script)) {
          Matcher exit = EXIT.matcher(statement);
          if (exit.matches()) {
            return exit.group(1) == null ? 0 : Integer.parseInt(exit.group(1));
          }
          run(session, statement);
        }
      }
      return 0;
    }
  }

  private List<String> scripts() throws IOException {
    List<String> scripts = new ArrayList<>();
    if (file != null) {
      scripts.add(Files.readString(file));
    }
    scripts.addAll(commands);
    if (scripts.isEmpty() && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "exec needs commands or --file; for the prompt run quarry alone");
    }
    return scripts;
  }

  private void run(CommandSession session, String statement) throws Exception {
    Object result = session.execute(statement);
    if (result != null) {
      terminal.out().println(session.format(result, Converter.INSPECT));
    }
    terminal.out().flush();
  }
}
