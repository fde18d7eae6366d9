package kernel.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class ProviderClassesTest {
  @TempDir private Path directory;
  private final List<URL> files = new ArrayList<>();

  private void write(String name, byte[] bytes) throws Exception {
    Path file = directory.resolve(name + ".class");
    Files.write(file, bytes);
    files.add(file.toUri().toURL());
  }

  private void write(String name, String parent, List<String> interfaces, AccessFlag... flags)
      throws Exception {
    write(
        name,
        ClassFile.of()
            .build(
                ClassDesc.of("my." + name),
                type ->
                    type.withFlags(flags)
                        .withSuperclass(ClassDesc.of(parent))
                        .withInterfaceSymbols(interfaces.stream().map(ClassDesc::of).toList())));
  }

  private ProviderClasses read() {
    Bundle bundle =
        (Bundle)
            Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (self, method, arguments) -> Collections.enumeration(files));
    return ProviderClasses.of(bundle);
  }

  @Test
  void shouldFindWhatImplementsAProviderThroughParentsToo() throws Exception {
    write("Base", "java.lang.Object", List.of("heap.api.HeapProvider"), AccessFlag.ABSTRACT);
    write("Heap", "my.Base", List.of());
    write("Frames", "java.lang.Object", List.of("physmem.api.FrameProvider"));
    write("Other", "java.lang.Object", List.of("java.lang.Runnable"));
    assertEquals(
        Map.of("my.Heap", Set.of(Tier.HEAP), "my.Frames", Set.of(Tier.PHYSMEM)),
        read().implementors());
  }

  @Test
  void shouldPassOverWhatIsNoClass() throws Exception {
    write("Broken", new byte[] {1, 2, 3, 4, 0, 0, 0, 65, 9});
    write("Short", new byte[3]);
    write("Good", "java.lang.Object", List.of("vmem.api.AddressProvider"));
    assertEquals(Map.of("my.Good", Set.of(Tier.VMEM)), read().implementors());
    assertEquals(Optional.empty(), read().tooNew());
  }

  @Test
  void shouldTellAClassForANewerJava() throws Exception {
    write("Good", "java.lang.Object", List.of());
    byte[] newer = Files.readAllBytes(directory.resolve("Good.class"));
    newer[7] = (byte) (Runtime.version().feature() + 44 + 1);
    write("Newer", newer);
    assertTrue(read().tooNew().orElseThrow().endsWith("Newer"), read().tooNew()::toString);
    assertEquals(Runtime.version().feature() + 1, read().newestJava());
  }

  @Test
  void shouldTellACopyOfTheApi() throws Exception {
    write("Good", "java.lang.Object", List.of("heap.api.HeapProvider"));
    assertEquals(Optional.empty(), read().copiedApi());
    write(
        "Copy",
        ClassFile.of()
            .build(
                ClassDesc.of("heap.api.HeapProvider"),
                type -> type.withFlags(AccessFlag.INTERFACE, AccessFlag.ABSTRACT)));
    assertEquals(Optional.of("heap.api.HeapProvider"), read().copiedApi());
  }
}
