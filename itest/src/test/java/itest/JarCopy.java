package itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Copies of a provider's jar with something changed: bundles of somebody else's. */
final class JarCopy {
  private static final String PROVIDER = "OSGI-INF/[^/]*Provider\\.xml";

  private JarCopy() {}

  /**
   * Writes a copy.
   *
   * @param from the jar
   * @param to where to
   * @param headers headers of the manifest to be set, or, if the value is empty, left out
   * @param description changes the description of the provider's component
   * @param more further entries
   */
  static void write(
      Path from,
      Path to,
      Map<String, String> headers,
      UnaryOperator<String> description,
      Map<String, byte[]> more)
      throws IOException {
    try (JarFile jar = new JarFile(from.toFile());
        OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file, manifest(jar, headers))) {
      Enumeration<JarEntry> all = jar.entries();
      while (all.hasMoreElements()) {
        JarEntry entry = all.nextElement();
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          add(out, entry.getName(), content(jar, entry, description));
        }
      }
      for (Map.Entry<String, byte[]> entry : more.entrySet()) {
        add(out, entry.getKey(), entry.getValue());
      }
    }
  }

  private static Manifest manifest(JarFile jar, Map<String, String> headers) throws IOException {
    Manifest manifest = new Manifest(Objects.requireNonNull(jar.getManifest()));
    Attributes main = manifest.getMainAttributes();
    headers.forEach((name, value) -> {
      main.remove(new Attributes.Name(name));
      if (!value.isEmpty()) {
        main.putValue(name, value);
      }
    });
    return manifest;
  }

  private static byte[] content(JarFile jar, JarEntry entry, UnaryOperator<String> description)
      throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      return entry.getName().matches(PROVIDER)
          ? description
              .apply(new String(bytes, StandardCharsets.UTF_8))
              .getBytes(StandardCharsets.UTF_8)
          : bytes;
    }
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }
}
