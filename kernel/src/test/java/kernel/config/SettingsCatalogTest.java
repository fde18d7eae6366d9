package kernel.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.Settings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.api.SettingInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

final class SettingsCatalogTest {
  private final Map<String, Map<String, String>> etc = new HashMap<>();
  private final SettingsCatalog catalog = Metatypes.catalog(etc);

  private static String refusal(Runnable action) {
    return String.valueOf(assertThrows(BadSettingException.class, action::run).getMessage());
  }

  @Test
  void shouldPutOverridesOverConfigurationsOverDefaults() {
    assertEquals("4", catalog.resolve("kernel", List.of()).text("cluster.order", "none"));
    etc.put("kernel", Map.of("cluster.order", "3", "heap", "slab"));
    Settings settings =
        catalog.resolve(
            "kernel",
            List.of("kernel:cluster.order=1", "machine:cpus=7", "kernel:cluster.order=2"));
    assertEquals("2", settings.text("cluster.order", "none"));
    assertEquals("slab", settings.text("heap", "none"));
    assertEquals("32M", settings.text("lazy.bytes", "none"));
    assertEquals("none", settings.text("cpus", "none"));
  }

  @Test
  void shouldTakeValuesWithEqualsSignsAndColons() {
    Settings settings = catalog.resolve("machine", List.of("machine:ram.dir=/a:b=c"));
    assertEquals("/a:b=c", settings.text("ram.dir", ""));
  }

  @Test
  void shouldListWhatIsKnownWhenANameIsNot() {
    String message = refusal(() -> catalog.validate(List.of("heap.d:limit=1")));
    assertTrue(message.startsWith("--set: no configuration is named heap.d; known are "), message);
    assertTrue(message.contains("heap.dl, kernel, machine, org.example.heap"), message);
  }

  @Test
  void shouldListWhatIsKnownWhenAKeyIsNot() {
    String message = refusal(() -> catalog.validate(List.of("machine:cpu=1")));
    assertTrue(message.startsWith("--set: machine has no setting cpu; known are cpus"), message);
  }

  @Test
  void shouldSayHowAnOverrideIsWritten() {
    for (String wrong : List.of("", "cpus=2", "machine", "machine:cpus", ":cpus=2", "machine:=2")) {
      assertTrue(refusal(() -> catalog.validate(List.of(wrong))).contains("NAME:KEY=VALUE"), wrong);
    }
  }

  @Test
  void shouldRefuseAMisspeltKeyOrNameInEtc() {
    etc.put("kernel", Map.of("claster.order", "3"));
    String key = "etc/kernel.cfg: kernel has no setting claster.order";
    assertTrue(refusal(() -> catalog.resolve("kernel", List.of())).startsWith(key));
    assertTrue(refusal(() -> catalog.validate(List.of())).startsWith(key));
    etc.clear();
    etc.put("kernle", Map.of("cluster.order", "3"));
    String name = "etc/kernle.cfg: no configuration is named kernle";
    assertTrue(refusal(() -> catalog.validate(List.of())).startsWith(name));
  }

  @Test
  void shouldLeaveTheFrameworksOwnConfigurationsAlone() {
    etc.put("org.apache.felix.webconsole", Map.of("anything", "1"));
    catalog.validate(List.of());
    List<String> names = catalog.all().stream().map(SettingInfo::name).distinct().toList();
    assertFalse(names.contains("org.apache.felix.fileinstall"), names.toString());
    assertTrue(names.contains("org.example.heap"), "a third party may be called org.something");
  }

  @Test
  void shouldListEverySettingWithItsDefault() {
    SettingInfo heap =
        catalog.all().stream()
            .filter(info -> info.name().equals("kernel") && info.key().equals("heap"))
            .findFirst()
            .orElseThrow();
    assertEquals("dl", heap.value());
  }

  @Test
  void shouldReadTheFilesOfEtc(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/heap.dl.cfg"), "# comment\nfootprint.limit = 4M  \n");
    Files.writeString(home.resolve("etc/readme.txt"), "no configuration");
    new EtcDirectory(context(home), Metatypes.admin(etc));
    assertEquals(Map.of("heap.dl", Map.of("footprint.limit", "4M")), etc);
    assertEquals("4M", catalog.resolve("heap.dl", List.of()).text("footprint.limit", ""));
  }

  @Test
  void shouldNameAFileOfEtcThatIsNoPropertiesFile(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/kernel.cfg"), "heap=\\u00zz");
    String message =
        refusal(() -> new EtcDirectory(context(home), Metatypes.admin(etc)).requireRead());
    assertTrue(message.contains("kernel.cfg is no properties file"), message);
  }

  private static BundleContext context(Path home) {
    return (BundleContext)
        Proxy.newProxyInstance(
            SettingsCatalogTest.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (self, method, arguments) -> home.toString());
  }
}
