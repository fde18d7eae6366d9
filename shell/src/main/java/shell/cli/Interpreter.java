package shell.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;

/** Sets a command up as all of ours are: its streams, its width, and what a failure says. */
final class Interpreter {
  private static final int WIDTH = 80;

  private Interpreter() {}

  /** {@return a command line that writes to a terminal} */
  static CommandLine of(Object command, IFactory factory, Terminal terminal) {
    CommandLine line = new CommandLine(command, factory);
    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(WIDTH);
    line.setParameterExceptionHandler((wrong, arguments) -> usage(wrong, terminal));
    line.setExecutionExceptionHandler((failure, failed, parsed) -> {
      if (failure instanceof ParameterException wrong) {
        return usage(wrong, terminal);
      }
      terminal.err().println("quarry: " + Failures.text(failure));
      return 1;
    });
    return line;
  }

  // The cause and where to read on: the whole help would push the cause off the screen.
  private static int usage(ParameterException wrong, Terminal terminal) {
    String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
    terminal.err().println("quarry: " + wrong.getMessage());
    terminal.err().println("For the options run: " + name + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }
}
