package shell.cli;

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
            Map.entry(TourCommand.class, () -> new TourCommand(house, terminal)),
            Map.entry(ExecCommand.class, () -> new ExecCommand(house, terminal)),
            Map.entry(LintCommand.class, () -> new LintCommand(house, terminal)),
            Map.entry(ReplayCommand.class, () -> new ReplayCommand(house, terminal)),
            Map.entry(CompareCommand.class, () -> new CompareCommand(house, terminal)),
            Map.entry(AnswersCommand.class, () -> new AnswersCommand(house, terminal)),
            Map.entry(ExplainCommand.class, () -> new ExplainCommand(house, terminal)),
            Map.entry(PinCommand.class, () -> new PinCommand(house, terminal)),
            Map.entry(ImportCommand.class, () -> new ImportCommand(terminal)),
            Map.entry(RecordCommand.class, () -> new RecordCommand(house, terminal)),
            Map.entry(VerifyCommand.class, () -> new VerifyCommand(house, terminal)));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<?> maker = makers.get(type);
    return maker != null ? type.cast(maker.get()) : CommandLine.defaultFactory().create(type);
  }
}
