package hardware.sim.map;

import hardware.api.map.BootMap;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import hardware.api.map.SanitisedMap;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The service that reads and sanitises firmware maps. Holds no state. */
@Component
public final class SimFirmwareMaps implements FirmwareMaps {
  /** A reader without state, also usable outside OSGi. */
  public SimFirmwareMaps() {}

  @Override
  public FirmwareMap read(Path file, MapOptions options) {
    return read(file.toString(), MapText.lines(file), options);
  }

  @Override
  public FirmwareMap read(String name, List<String> lines, MapOptions options) {
    return new MapReader(name, options).read(lines);
  }

  @Override
  public SanitisedMap sanitise(FirmwareMap map, MapOptions options) {
    return new MapSanitiser(map, options).sanitise();
  }

  @Override
  public BootMap boot(FirmwareMap map, MapOptions options) {
    return new LinuxBoot(map, options).plan();
  }
}
