package shell.cli;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, which need to know what to work with. */
final class CommandFactory implements IFactory {
  private final Map<Class<?>, Supplier<?>> makers;

  CommandFactory(House house, Terminal terminal) {
    this.makers =
        Map.ofEntries(
            entry(TourCommand.class, () -> new TourCommand(house, terminal)),
            entry(ExecCommand.class, () -> new ExecCommand(house, terminal)),
            entry(LintCommand.class, () -> new LintCommand(house, terminal)),
            entry(ReplayCommand.class, () -> new ReplayCommand(house, terminal)),
            entry(CompareCommand.class, () -> new CompareCommand(house, terminal)),
            entry(AgeCommand.class, () -> new AgeCommand(house, terminal)),
            entry(BenchCommand.class, () -> new BenchCommand(house, terminal)),
            entry(AnswersCommand.class, () -> new AnswersCommand(house, terminal)),
            entry(ExplainCommand.class, () -> new ExplainCommand(house, terminal)),
            entry(PinCommand.class, () -> new PinCommand(house, terminal)),
            entry(ImportCommand.class, () -> new ImportCommand(terminal)),
            entry(RecordCommand.class, () -> new RecordCommand(house, terminal)),
            entry(VerifyCommand.class, () -> new VerifyCommand(house, terminal)));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<?> maker = makers.get(type);
    return maker != null ? type.cast(maker.get()) : CommandLine.defaultFactory().create(type);
  }
}
