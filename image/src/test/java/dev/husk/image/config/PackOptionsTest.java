package dev.husk.image.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.config.PackSettings.Output;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.squashfs.Method;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How options, husk.toml and what holds otherwise become the settings of a pack. */
final class PackOptionsTest {
  private static final String TOML =
      """
      name = 'shop'
      main = 'a.OfFile'
      jvm-options = ['-Xmx1g']
      args = ['--of=file']
      ports = [8080]
      modules = ['jdk.localedata']
      keep-signatures = true
      include = ['conf:app/conf']
      compression = 'zstd'
      [environment]
      STAGE = 'file'
      OTHER = 'kept'
      [train]
      url = '/warm-up'
      command = './load.sh'
      seconds = 7
      [net]
      address = '10.0.0.2/24'
      gateway = '10.0.0.1'
      dns = ['10.0.0.1', '10.0.0.3']
      """;

  @TempDir private Path folder;

  private PackOptions options() {
    return new PackOptions(List.of(folder.resolve("app.jar")));
  }

  private void toml() throws IOException {
    Files.writeString(folder.resolve("husk.toml"), TOML);
    Files.writeString(Files.createDirectory(folder.resolve("conf")).resolve("a.txt"), "a");
  }

  @Test
  void whereNothingIsSaidTheAppDecides() throws IOException {
    PackSettings settings = options().read();
    assertNull(settings.app().mainClass());
    assertEquals(List.of("-XX:MaxRAMPercentage=50"), settings.app().jvmOptions());
    assertEquals(List.of(), settings.commandLine());
    assertFalse(settings.keepSignatures());
    assertTrue(options().keepSignatures().read().keepSignatures());
    assertEquals(
        new PackRequest.Training(List.of("/"), null, Duration.ofSeconds(60)), settings.training());
    assertEquals(Method.LZ4, settings.compression());
    assertNull(settings.manifests());
  }

  @Test
  void aFileBesideTheAppSaysTheSame() throws IOException {
    toml();
    PackSettings settings = options().manifests(folder.resolve("m.yaml")).read();
    assertEquals("a.OfFile", settings.app().mainClass());
    assertEquals(List.of("-Xmx1g"), settings.app().jvmOptions());
    assertEquals(List.of("--of=file"), settings.app().args());
    assertEquals(Set.of(8080), settings.ports());
    assertEquals(Set.of("jdk.localedata"), settings.modules());
    assertEquals(Method.ZSTD, settings.compression());
    assertTrue(settings.keepSignatures());
    assertEquals(Map.of("STAGE", "file", "OTHER", "kept"), settings.environment());
    assertNotNull(settings.more().get("app/conf/a.txt"));
    assertEquals(
        List.of("husk.ip=10.0.0.2/24", "husk.gateway=10.0.0.1", "husk.dns=10.0.0.1,10.0.0.3"),
        settings.commandLine());
    assertEquals(
        new PackRequest.Training(List.of("/warm-up"), "./load.sh", Duration.ofSeconds(7)),
        settings.training());
    assertNotNull(settings.manifests());
  }

  @Test
  void anOptionIsStrongerThanTheFileOrAddsToIt() throws IOException {
    toml();
    PackSettings settings =
        options()
            .main("a.OfOption")
            .jvmOptions(List.of("-Xmx2g"))
            .arguments(List.of("--of=option"))
            .ports(List.of(9090))
            .modules(List.of("java.sql"))
            .compression(Method.LZ4)
            .environment(Map.of("STAGE", "option"))
            .training(List.of("/first"), 9)
            .read();
    assertEquals("a.OfOption", settings.app().mainClass());
    assertEquals(List.of("-Xmx1g", "-Xmx2g"), settings.app().jvmOptions());
    assertEquals(List.of("--of=option"), settings.app().args());
    assertEquals(Set.of(8080, 9090), settings.ports());
    assertEquals(Set.of("jdk.localedata", "java.sql"), settings.modules());
    assertEquals(Method.LZ4, settings.compression());
    assertEquals(Map.of("STAGE", "option", "OTHER", "kept"), settings.environment());
    assertEquals(
        new PackRequest.Training(List.of("/first", "/warm-up"), "./load.sh", Duration.ofSeconds(9)),
        settings.training());
    assertNull(options().withoutTraining().read().training());
  }

  @Test
  void anIncludedLinkIsWhatItLeadsTo() throws IOException {
    Files.createDirectory(folder.resolve("v2"));
    Files.writeString(folder.resolve("v2/a.txt"), "a");
    Files.createSymbolicLink(folder.resolve("current"), Path.of("v2"));
    Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("v2/a.txt"));
    Path other =
        Files.writeString(
            folder.resolve("other.toml"), "include = ['current:etc/app', 'link.txt:etc/b.txt']");
    FileTree more = options().config(other).read().more();
    assertInstanceOf(Node.RegularFile.class, more.get("etc/app/a.txt"));
    assertInstanceOf(Node.RegularFile.class, more.get("etc/b.txt"));
  }

  @Test
  void aNamedFileCountsInsteadAndItsIncludesLieBesideIt() throws IOException {
    toml();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path other = Files.writeString(elsewhere.resolve("other.toml"), "include = ['b.txt:b.txt']");
    IOException missing = assertThrows(IOException.class, () -> options().config(other).read());
    assertEquals(
        "include in husk.toml: " + elsewhere.resolve("b.txt") + " isn't there",
        missing.getMessage());
    Files.writeString(elsewhere.resolve("b.txt"), "b");
    PackSettings settings = options().config(other).read();
    assertNotNull(settings.more().get("b.txt"));
    assertEquals(Map.of(), settings.environment());
  }

  @Test
  void eachOutputHasTheFormatOfItsName() throws IOException {
    List<Path> paths = new ArrayList<>();
    List<Output> expected = new ArrayList<>();
    for (Format format : Format.values()) {
      Path path = Path.of("app" + format.suffix());
      paths.add(path);
      expected.add(new Output(path, format));
    }
    assertEquals(expected, options().outputs(paths, null).read().outputs());
    assertEquals(Format.DISK, Format.of(Path.of("app.bin")));
    assertEquals(
        List.of(new Output(Path.of("x.img"), Format.BOOT)),
        options().outputs(List.of(Path.of("x.img")), Format.BOOT).read().outputs());
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertEquals(
        "--train-limit=0: give a number of seconds from 1 on",
        assertThrows(IllegalArgumentException.class, () -> options().training(List.of(), 0))
            .getMessage());
    List<Path> two = List.of(Path.of("a"), Path.of("b"));
    assertEquals(
        "--format says what one output is; of several the names decide",
        assertThrows(IllegalArgumentException.class, () -> options().outputs(two, Format.DISK))
            .getMessage());
  }
}
