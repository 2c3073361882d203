package dev.husk.it;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar of an agent whose classes come from the class path: a manifest and nothing else. */
final class AgentJar {
  private AgentJar() {}

  /**
   * Makes one.
   *
   * @param kind {@code Premain-Class} or {@code Agent-Class}
   */
  static Path of(String kind, Class<?> agent) throws IOException {
    Path jar = Files.createTempFile("husk-agent", ".jar");
    jar.toFile().deleteOnExit();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue(kind, agent.getName());
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    return jar;
  }
}
