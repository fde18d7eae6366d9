package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapTextTest {
  private static final String LINE =
      "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable\n";

  @TempDir Path folder = Path.of("");

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("map.txt"), content);
  }

  private void refused(Path file, String reason) {
    MapException e =
        assertThrows(MapException.class, () -> Samples.MAPS.read(file, MapOptions.DEFAULTS));
    assertEquals(reason, e.reason());
    assertEquals(file.toString(), e.input());
    assertTrue(e.toString().contains(e.remedy()), e::toString);
  }

  private int entries(byte[] content) throws IOException {
    return Samples.MAPS.read(file(content), MapOptions.DEFAULTS).entries().size();
  }

  @Test
  void shouldReadUtf8AndLatin1AndUtf16() throws IOException {
    assertEquals(1, entries(("\u00fcber\n" + LINE).getBytes(StandardCharsets.UTF_8)));
    assertEquals(1, entries(("\u00fcber\n" + LINE).getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(1, entries(LINE.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_16)));
  }

  @Test
  void shouldExplainWhyAFileIsNoMap() throws IOException {
    refused(folder.resolve("nowhere.txt"), "there is no such file");
    refused(folder, "this is a directory");
    refused(file(new byte[0]), "the file is empty");
    refused(file(new byte[] {'a', 0, 'b'}), "the file is binary");
    refused(file(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}), "the file is compressed");
    refused(
        file(new byte[] {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed, 0}),
        "the file is a device-tree blob, which is not read yet");
  }
}
