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
        Map.of(
            TourCommand.class, () -> new TourCommand(house, terminal),
            ExecCommand.class, () -> new ExecCommand(house, terminal),
            LintCommand.class, () -> new LintCommand(house, terminal),
            ReplayCommand.class, () -> new ReplayCommand(house, terminal),
            CompareCommand.class, () -> new CompareCommand(house, terminal),
            ExplainCommand.class, () -> new ExplainCommand(house, terminal),
            PinCommand.class, () -> new PinCommand(house, terminal),
            ImportCommand.class, () -> new ImportCommand(terminal),
            RecordCommand.class, () -> new RecordCommand(house, terminal),
            VerifyCommand.class, () -> new VerifyCommand(house, terminal));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<?> maker = makers.get(type);
    return maker != null ? type.cast(maker.get()) : CommandLine.defaultFactory().create(type);
  }
}
