package shell.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, which need to know what to work with. */
final class CommandFactory implements IFactory {
  private final House house;
  private final Terminal terminal;

  CommandFactory(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == TourCommand.class) {
      return type.cast(new TourCommand(house, terminal));
    }
    if (type == ExecCommand.class) {
      return type.cast(new ExecCommand(house, terminal));
    }
    if (type == LintCommand.class) {
      return type.cast(new LintCommand(house, terminal));
    }
    if (type == ReplayCommand.class) {
      return type.cast(new ReplayCommand(house, terminal));
    }
    if (type == VerifyCommand.class) {
      return type.cast(new VerifyCommand(house, terminal));
    }
    if (type == ExplainCommand.class) {
      return type.cast(new ExplainCommand(house, terminal));
    }
    if (type == PinCommand.class) {
      return type.cast(new PinCommand(house, terminal));
    if (type == CompareCommand.class) {
      return type.cast(new CompareCommand(house, terminal));
    if (type == ImportCommand.class) {
      return type.cast(new ImportCommand(terminal));
    }
    if (type == RecordCommand.class) {
      return type.cast(new RecordCommand(house, terminal));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
